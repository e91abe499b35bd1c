/** What is silenced: now, later, and until lately. */
import { Button, Group, SegmentedControl } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { Link, useSearchParams } from 'wouter';
import { useMay } from '../../client/me.tsx';
import { allQuery } from '../../client/objects.ts';
import { stateOf } from '../../client/silences.ts';
import type { Silence, SilenceState } from '../../client/types.ts';
import { PageHead } from '../../parts/page-head.tsx';
import { Read } from '../../parts/read.tsx';
import { Empty } from '../../parts/states.tsx';
import { useNow } from '../../parts/time.tsx';
import { VirtualList } from '../../parts/virtual-list.tsx';
import { useText } from '../../text/index.tsx';
import { SilenceCard } from './silence-card.tsx';

const states: readonly SilenceState[] = ['active', 'pending', 'expired'];

/** Expired ones are shown for so long. */
const keptMs = 7 * 24 * 3_600_000;

/** Those that end first; of those that have ended the latest. */
function inState(all: readonly Silence[], state: SilenceState, now: number): Silence[] {
  const ends = (silence: Silence) => Date.parse(silence.ends_at);
  const found = all.filter((one) => stateOf(one, now) === state && ends(one) > now - keptMs);
  return found.sort((a, b) => (state === 'expired' ? ends(b) - ends(a) : ends(a) - ends(b)));
}

export default function SilencesPage() {
  const { silences: words, inhibition, intervals } = useText();
  const [search, setSearch] = useSearchParams();
  const may = useMay('responder');
  const now = useNow(5_000);
  const query = useQuery(allQuery<Silence>('silences'));
  const { data = [] } = query;
  const chosen = states.find((state) => state === search.get('state')) ?? 'active';
  const shown = inState(data, chosen, now);
  return (
    <>
      <PageHead title={words.title} lead={words.lead}>
        <Group gap="sm">
          <Link href="/inhibition-rules">{inhibition.title}</Link>
          <Link href="/time-intervals">{intervals.title}</Link>
          {may && (
            <Button component={Link} href="/silences/new" size="xs">
              {words.add}
            </Button>
          )}
        </Group>
      </PageHead>
      <Group mb="sm">
        <SegmentedControl
          aria-label={words.state}
          value={chosen}
          onChange={(state) => setSearch(state === 'active' ? {} : { state }, { replace: true })}
          data={states.map((state) => ({
            value: state,
            label: words.counted(words.states[state], inState(data, state, now).length),
          }))}
        />
      </Group>
      <Read query={query}>
        {() =>
          shown.length === 0 && (
            <Empty icon="mute" title={words.none[chosen]}>
              {chosen === 'active' && words.noneHint}
            </Empty>
          )
        }
      </Read>
      <VirtualList
        key={chosen}
        label={words.title}
        items={shown}
        keyOf={(silence) => silence.id}
        rowHeight={96}
        hasMore={false}
        onMore={() => {}}
        row={(silence, current) => <SilenceCard silence={silence} current={current} />}
      />
    </>
  );
}
