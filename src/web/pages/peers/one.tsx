/** One peer: what it was found to be, from what, and what it says of itself. */
import { useLocation } from 'wouter';
import type { Peer } from '../../client/peer-types.ts';
import { useAddressName } from '../../parts/address.ts';
import { NewObjectPage } from '../../parts/new-object-page.tsx';
import { ObjectPage } from '../../parts/object-page.tsx';
import { Fact, Facts, Section } from '../../parts/section.tsx';
import { Ago } from '../../parts/time.tsx';
import { Brief } from '../../parts/value.tsx';
import { useText } from '../../text/index.tsx';
import { PeerForm } from './form.tsx';
import { hrefOfPeer, peersRefetchMs } from './href.ts';
import { Evidence, PeerBadge } from './state.tsx';
import { Status } from './status.tsx';

export default function PeerPage() {
  const name = useAddressName();
  return name === null ? <NewPeer /> : <OnePeer name={name} />;
}

function NewPeer() {
  const { peers: words } = useText();
  const [, navigate] = useLocation();
  return (
    <NewObjectPage<Peer>
      title={words.add}
      needs="admin"
      lead={words.addLead}
      list={{ href: '/peers', title: words.title }}
      onSaved={({ name }) => navigate(hrefOfPeer(name))}
      form={(props) => <PeerForm {...props} />}
    />
  );
}

function OnePeer({ name }: { name: string }) {
  const { peers: words } = useText();
  return (
    <ObjectPage<Peer>
      kind="peers"
      needs="admin"
      name={name}
      list={{ href: '/peers', title: words.title }}
      hrefOf={hrefOfPeer}
      form={(props) => <PeerForm {...props} />}
      removeHint={words.removeHint}
      secret="secret"
      refetchMs={peersRefetchMs}
      view={(peer) => (
        <>
          <Found peer={peer} />
          {peer.status !== null && <Status status={peer.status} />}
        </>
      )}
    />
  );
}

function Found({ peer }: { peer: Peer }) {
  const { peers: words, common } = useText();
  const { last_ok_at: okAt, last_probe_at: probedAt } = peer.evidence;
  return (
    <Section title={words.found}>
      <Facts>
        <Fact name={words.state}>
          <PeerBadge peer={peer} />
        </Fact>
        <Fact name={words.since}>{peer.since === null ? common.none : <Ago at={peer.since} />}</Fact>
        <Fact name={words.answered}>{okAt === null ? common.never : <Ago at={okAt} />}</Fact>
        <Fact name={words.probed}>{probedAt === null ? common.never : <Ago at={probedAt} />}</Fact>
        <Fact name={words.told}>{peer.told.length === 0 ? common.none : peer.told.join(', ')}</Fact>
        <Fact name={words.url}>
          <Brief max={200}>{peer.url}</Brief>
        </Fact>
      </Facts>
      <Evidence peer={peer} />
    </Section>
  );
}
