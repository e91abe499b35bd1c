/** What a peer last said of itself: the sources, heartbeats and channels that it has. */
import type { PeerStatus } from '../../client/peer-types.ts';
import { Badge, HeartbeatStateBadge } from '../../parts/badge.tsx';
import { CardsTable } from '../../parts/cards-table.tsx';
import { Fact, Facts, Section } from '../../parts/section.tsx';
import { Ago } from '../../parts/time.tsx';
import { Brief } from '../../parts/value.tsx';
import { useText, wordFor } from '../../text/index.tsx';

export function Status({ status }: { status: PeerStatus }) {
  const { peers: words } = useText();
  const { version, started_at: startedAt, ready, queue } = status;
  return (
    <Section title={words.says} hint={words.saysHint}>
      <Facts>
        <Fact name={words.version}>
          <Brief max={40}>{version}</Brief>
        </Fact>
        <Fact name={words.started}>
          <Ago at={startedAt} />
        </Fact>
        <Fact name={words.ready}>
          <Badge level={ready ? 'ok' : 'warning'}>{ready ? words.isReady : words.isNotReady}</Badge>
        </Fact>
        <Fact name={words.due}>{queue.due_since === null ? words.nothingDue : <Ago at={queue.due_since} />}</Fact>
      </Facts>
      <Heartbeats rows={status.heartbeats} />
      <Sources rows={status.sources} />
      <Channels rows={status.channels} />
      <Peers rows={status.peers} />
    </Section>
  );
}

const At = ({ at }: { at: string | null }) => {
  const { common } = useText();
  return at === null ? common.never : <Ago at={at} />;
};

function Heartbeats({ rows }: { rows: PeerStatus['heartbeats'] }) {
  const { heartbeats: words, common } = useText();
  if (rows.length === 0) return null;
  return (
    <CardsTable
      label={words.title}
      rows={rows}
      keyOf={(row) => JSON.stringify(row)}
      columns={[
        { title: words.name, wide: true, cell: ({ name }) => <Brief max={80}>{name}</Brief> },
        { title: words.source, cell: ({ source }) => <Brief max={60}>{source ?? common.none}</Brief> },
        { title: words.state, cell: ({ state }) => <HeartbeatStateBadge state={state} /> },
        { title: words.last, cell: (row) => <At at={row.last_beat_at} /> },
      ]}
    />
  );
}

function Sources({ rows }: { rows: PeerStatus['sources'] }) {
  const { sources: words } = useText();
  if (rows.length === 0) return null;
  return (
    <CardsTable
      label={words.title}
      rows={rows}
      keyOf={({ name }) => name}
      columns={[
        { title: words.name, wide: true, cell: ({ name }) => <Brief max={80}>{name}</Brief> },
        { title: words.lastPost, cell: (row) => <At at={row.last_post_at} /> },
      ]}
    />
  );
}

function Channels({ rows }: { rows: PeerStatus['channels'] }) {
  const { peers: words, channels } = useText();
  if (rows.length === 0) return null;
  return (
    <CardsTable
      label={words.channels}
      rows={rows}
      keyOf={({ name }) => name}
      columns={[
        { title: words.channel, wide: true, cell: ({ name }) => <Brief max={60}>{wordFor(channels, name)}</Brief> },
        { title: words.lastSuccess, cell: (row) => <At at={row.last_success_at} /> },
        { title: words.lastFailure, cell: (row) => <At at={row.last_failure_at} /> },
      ]}
    />
  );
}

function Peers({ rows }: { rows: PeerStatus['peers'] }) {
  const { peers: words } = useText();
  if (rows.length === 0) return null;
  return (
    <CardsTable
      label={words.itsPeers}
      rows={rows}
      keyOf={({ name }) => name}
      columns={[
        { title: words.itsPeers, wide: true, cell: ({ name }) => <Brief max={80}>{name}</Brief> },
        {
          title: words.state,
          cell: ({ state, verdict }) => words.states[state === 'down' ? (verdict ?? 'down') : state],
        },
      ]}
    />
  );
}
