/** One declared heartbeat: what it is, its streams, and the form. */
import { useQuery } from '@tanstack/react-query';
import { Link, useLocation, useSearchParams } from 'wouter';
import { streamsQuery } from '../../client/heartbeats.ts';
import type { Heartbeat } from '../../client/types.ts';
import { addressOf, useAddressName } from '../../parts/address.ts';
import { MatcherChips } from '../../parts/matcher-chips.tsx';
import { NewObjectPage } from '../../parts/new-object-page.tsx';
import { ObjectPage } from '../../parts/object-page.tsx';
import { Fact, Facts, Section } from '../../parts/section.tsx';
import { Brief } from '../../parts/value.tsx';
import { useText } from '../../text/index.tsx';
import { declarationIn } from './declaration.ts';
import { HeartbeatForm } from './form.tsx';
import { Matrix } from './matrix.tsx';

const hrefOf = (name: string) => addressOf('/heartbeats', name);

export default function HeartbeatPage() {
  const name = useAddressName();
  return name === null ? <NewHeartbeat /> : <OneHeartbeat name={name} />;
}

function NewHeartbeat() {
  const { heartbeats: words } = useText();
  const [, navigate] = useLocation();
  const [search] = useSearchParams();
  return (
    <NewObjectPage<Heartbeat>
      title={words.add}
      lead={words.addLead}
      list={{ href: '/heartbeats', title: words.title }}
      onSaved={({ name }) => navigate(hrefOf(name))}
      form={(props) => <HeartbeatForm {...props} begin={declarationIn(search)} />}
    />
  );
}

function OneHeartbeat({ name }: { name: string }) {
  const { heartbeats: words } = useText();
  return (
    <ObjectPage<Heartbeat>
      kind="heartbeats"
      name={name}
      list={{ href: '/heartbeats', title: words.title }}
      hrefOf={hrefOf}
      form={(props) => <HeartbeatForm {...props} />}
      removeHint={words.removeHint}
      view={(heartbeat) => (
        <>
          <About heartbeat={heartbeat} />
          <Streams name={heartbeat.name} />
        </>
      )}
    />
  );
}

function About({ heartbeat: { source, matchers, timeout, alert_group } }: { heartbeat: Heartbeat }) {
  const { heartbeats: words } = useText();
  return (
    <Section title={words.about}>
      <Facts>
        <Fact name={words.source}>{source === null ? words.anySource : <Named page="/sources" name={source} />}</Fact>
        <Fact name={words.timeout}>{timeout}</Fact>
        <Fact name={words.group}>
          {alert_group === null ? words.noGroup : <Named page="/alert-groups" name={alert_group} />}
        </Fact>
        <Fact name={words.matchers}>
          <MatcherChips matchers={matchers} />
        </Fact>
      </Facts>
    </Section>
  );
}

function Named({ page, name }: { page: string; name: string }) {
  return (
    <Link href={addressOf(page, name)}>
      <Brief max={60}>{name}</Brief>
    </Link>
  );
}

function Streams({ name }: { name: string }) {
  const { heartbeats: words } = useText();
  const { data } = useQuery(streamsQuery);
  const streams = (data?.streams ?? []).filter((stream) => stream.declared && stream.name === name);
  return (
    <Section title={words.streams} hint={words.streamsHint}>
      {streams.length === 0 ? words.noStreams : <Matrix streams={streams} at={data?.at ?? 0} />}
    </Section>
  );
}
