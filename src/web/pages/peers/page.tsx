/** Other sites that this one watches, and that watch it: the worst first. */
import { Button } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { Link } from 'wouter';
import { whileSignedIn } from '../../client/credential.ts';
import { useMay } from '../../client/me.tsx';
import { allQuery } from '../../client/objects.ts';
import type { Peer } from '../../client/peer-types.ts';
import { CardsTable } from '../../parts/cards-table.tsx';
import { NameCell } from '../../parts/name-cell.tsx';
import { PageHead } from '../../parts/page-head.tsx';
import { Read } from '../../parts/read.tsx';
import { Empty } from '../../parts/states.tsx';
import { Ago } from '../../parts/time.tsx';
import { Brief } from '../../parts/value.tsx';
import { useText } from '../../text/index.tsx';
import { byWorst } from './evidence.ts';
import { hrefOfPeer, peersRefetchMs } from './href.ts';
import { Evidence, PeerBadge } from './state.tsx';

export default function PeersPage() {
  const { peers: words } = useText();
  const may = useMay('admin');
  const query = useQuery({ ...allQuery<Peer>('peers'), refetchInterval: () => whileSignedIn(peersRefetchMs) });
  return (
    <>
      <PageHead title={words.title} lead={words.lead}>
        {may && (
          <Button component={Link} href="/peers/new" size="sm">
            {words.add}
          </Button>
        )}
      </PageHead>
      <Read query={query}>{(peers) => <Listed peers={peers} />}</Read>
    </>
  );
}

function Listed({ peers }: { peers: readonly Peer[] }) {
  const { peers: words, common } = useText();
  if (peers.length === 0)
    return (
      <Empty icon="peers" title={words.none}>
        {words.noneHint}
      </Empty>
    );
  return (
    <CardsTable
      label={words.title}
      boxed
      rows={byWorst(peers)}
      keyOf={({ name }) => name}
      columns={[
        { title: words.state, cell: (peer) => <PeerBadge peer={peer} /> },
        { title: words.name, wide: true, cell: (peer) => <Name peer={peer} /> },
        {
          title: words.answered,
          cell: ({ evidence: { last_ok_at: at } }) => (at === null ? common.never : <Ago at={at} />),
        },
        { title: words.found, cell: (peer) => <Evidence peer={peer} /> },
      ]}
    />
  );
}

function Name({ peer }: { peer: Peer }) {
  return (
    <>
      <NameCell object={peer} href={hrefOfPeer(peer.name)} />
      <div>
        <Brief max={80}>{peer.url}</Brief>
      </div>
    </>
  );
}
