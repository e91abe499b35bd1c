/** Who is on call now, by every schedule. */
import { Button } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { Link } from 'wouter';
import { whileSignedIn } from '../../client/credential.ts';
import { useMay } from '../../client/me.tsx';
import { allQuery } from '../../client/objects.ts';
import type { Schedule } from '../../client/schedule-types.ts';
import { addressOf } from '../../parts/address.ts';
import { Badge } from '../../parts/badge.tsx';
import { CardsTable } from '../../parts/cards-table.tsx';
import { NameCell } from '../../parts/name-cell.tsx';
import { PageHead } from '../../parts/page-head.tsx';
import { Read } from '../../parts/read.tsx';
import { Empty } from '../../parts/states.tsx';
import { clock } from '../../parts/time.tsx';
import { Brief } from '../../parts/value.tsx';
import { useText } from '../../text/index.tsx';

export default function SchedulesPage() {
  const { schedules: words } = useText();
  const may = useMay('editor');
  const query = useQuery({
    ...allQuery<Schedule>('schedules'),
    // Hand-overs happen by themselves.
    refetchInterval: () => whileSignedIn(60_000),
  });
  return (
    <>
      <PageHead title={words.title} lead={words.lead}>
        {may && (
          <Button component={Link} href="/schedules/new" size="xs">
            {words.add}
          </Button>
        )}
      </PageHead>
      <Read query={query}>{(schedules) => <Listed schedules={schedules} />}</Read>
    </>
  );
}

function Listed({ schedules }: { schedules: readonly Schedule[] }) {
  const text = useText();
  const { schedules: words } = text;
  if (schedules.length === 0)
    return (
      <Empty icon="clock" title={words.none}>
        {words.noneHint}
      </Empty>
    );
  return (
    <CardsTable
      label={words.title}
      boxed
      rows={schedules}
      keyOf={({ name }) => name}
      columns={[
        { title: words.name, cell: (one) => <NameCell object={one} href={addressOf('/schedules', one.name)} /> },
        { title: words.now, wide: true, cell: ({ on_call: names }) => <OnCall names={names} /> },
        {
          title: words.next,
          cell: ({ next_hand_over_at: at }) => (at === null ? words.noNext : clock(at, text)),
        },
        { title: words.zone, cell: ({ timezone }) => timezone },
      ]}
    />
  );
}

/** Who is on call, or that nobody is. */
export function OnCall({ names }: { names: readonly string[] }) {
  const { schedules: words } = useText();
  if (names.length === 0) return <Badge level="warning">{words.nobody}</Badge>;
  return <Brief max={100}>{names.join(', ')}</Brief>;
}
