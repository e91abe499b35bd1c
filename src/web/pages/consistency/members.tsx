/** Whoever is asked: the Alertmanagers of all sources, and their Prometheuses. */
import type { ConsistentSource, PolledMember, PollState } from '../../client/consistency.ts';
import { Badge, type Level } from '../../parts/badge.tsx';
import { CardsTable } from '../../parts/cards-table.tsx';
import { Empty } from '../../parts/states.tsx';
import { Ago, span } from '../../parts/time.tsx';
import { Brief, Value } from '../../parts/value.tsx';
import { useText } from '../../text/index.tsx';

const levels: Readonly<Record<PollState, Level>> = {
  ...{ answers: 'ok', missed: 'warning', away: 'critical', not_asked: 'none', pending: 'none' },
};

/** Clocks that differ by less are none the worse for it. */
const skewMs = 5_000;

interface Row {
  source: ConsistentSource;
  member: PolledMember;
}

export function Members({ sources }: { sources: readonly ConsistentSource[] }) {
  const { consistency: words, common } = useText();
  const rows = sources.flatMap((source) => source.members.map((member): Row => ({ source, member })));
  if (rows.every(({ member }) => member.state === 'not_asked'))
    return (
      <Empty icon="source" title={words.noMembers}>
        {words.noMembersHint}
      </Empty>
    );
  return (
    <CardsTable
      label={words.members}
      rows={rows}
      keyOf={({ source, member }) => `${source.name} ${member.kind} ${member.name}`}
      columns={[
        {
          title: words.state,
          cell: ({ member: { state } }) => <Badge level={levels[state]}>{words.states[state]}</Badge>,
        },
        { title: words.member, wide: true, cell: (row) => <Who row={row} /> },
        { title: words.answered, cell: ({ member }) => <Answered member={member} /> },
        {
          title: words.holds,
          cell: ({ member: { alerts } }) => (alerts === null ? common.unknown : words.alerts(alerts)),
        },
        { title: words.cluster, cell: ({ member }) => <Cluster member={member} /> },
        { title: words.receivers, cell: ({ source }) => <Receivers source={source} /> },
      ]}
    />
  );
}

function Who({ row: { source, member } }: { row: Row }) {
  const { consistency: words } = useText();
  if (member.kind === 'prometheus') return <Brief max={80}>{words.prometheusOf(source.name)}</Brief>;
  return (
    <>
      <div>
        <Brief max={80}>{member.name}</Brief>
      </div>
      <Brief max={80}>{[source.name, member.version].filter(Boolean).join(' · ')}</Brief>
    </>
  );
}

function Answered({ member: { ok_at, error } }: { member: PolledMember }) {
  const { common } = useText();
  return (
    <>
      <div>{ok_at === null ? common.never : <Ago at={ok_at} />}</div>
      {error !== null && <Value max={160}>{error}</Value>}
    </>
  );
}

function Cluster({ member: { cluster, peers, skew_ms } }: { member: PolledMember }) {
  const text = useText();
  const { consistency: words, common } = text;
  if (cluster === null) return common.unknown;
  const skew = skew_ms ?? 0;
  return (
    <>
      <div>
        <Brief max={80}>{words.clusters(cluster, peers ?? 0)}</Brief>
      </div>
      {Math.abs(skew) >= skewMs && (
        <Badge level="warning">{(skew > 0 ? words.ahead : words.behind)(span(Math.abs(skew), text))}</Badge>
      )}
    </>
  );
}

function Receivers({ source: { receivers } }: { source: ConsistentSource }) {
  const { consistency: words } = useText();
  return receivers.length === 0 ? words.noReceivers : <Brief max={120}>{receivers.join(', ')}</Brief>;
}
