/** Times that come again, and which of them is now. */
import { Button } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { Link } from 'wouter';
import { whileSignedIn } from '../../client/credential.ts';
import { useMay } from '../../client/me.tsx';
import { allQuery } from '../../client/objects.ts';
import type { TimeInterval } from '../../client/types.ts';
import { addressOf } from '../../parts/address.ts';
import { Badge } from '../../parts/badge.tsx';
import { CardsTable } from '../../parts/cards-table.tsx';
import { windowWords } from '../../parts/interval-words.ts';
import { NameCell } from '../../parts/name-cell.tsx';
import { PageHead } from '../../parts/page-head.tsx';
import { Read } from '../../parts/read.tsx';
import { Empty } from '../../parts/states.tsx';
import { clock } from '../../parts/time.tsx';
import { Brief } from '../../parts/value.tsx';
import { useText } from '../../text/index.tsx';

export default function TimeIntervalsPage() {
  const { intervals: words } = useText();
  const may = useMay('editor');
  const query = useQuery({
    ...allQuery<TimeInterval>('time-intervals'),
    // They begin and end by themselves.
    refetchInterval: () => whileSignedIn(60_000),
  });
  return (
    <>
      <PageHead title={words.title} lead={words.lead}>
        {may && (
          <Button component={Link} href="/time-intervals/new" size="xs">
            {words.add}
          </Button>
        )}
      </PageHead>
      <Read query={query}>{(intervals) => <Listed intervals={intervals} />}</Read>
    </>
  );
}

function Listed({ intervals }: { intervals: readonly TimeInterval[] }) {
  const text = useText();
  const { intervals: words } = text;
  if (intervals.length === 0)
    return (
      <Empty icon="mute" title={words.none}>
        {words.noneHint}
      </Empty>
    );
  return (
    <CardsTable
      label={words.list}
      boxed
      rows={intervals}
      keyOf={({ name }) => name}
      columns={[
        { title: words.name, cell: (one) => <NameCell object={one} href={addressOf('/time-intervals', one.name)} /> },
        {
          title: words.when,
          wide: true,
          cell: ({ time_intervals }) => (
            <Brief max={300}>{time_intervals.map((window) => windowWords(window, text)).join('; ')}</Brief>
          ),
        },
        { title: words.now, cell: (one) => <Activity interval={one} /> },
      ]}
    />
  );
}

function Activity({ interval: { active_now: active, next_change_at: next } }: { interval: TimeInterval }) {
  const text = useText();
  const { intervals: words } = text;
  return (
    <>
      <Badge level={active ? 'info' : 'none'}>{active ? words.active : words.inactive}</Badge>
      {next !== null && ` ${words.until(clock(next, text))}`}
    </>
  );
}
