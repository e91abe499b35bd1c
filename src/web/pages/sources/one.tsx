/** One source: what it does, what its Alertmanager or Prometheus needs, and its tokens. */
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { allQuery } from '../../client/objects.ts';
import type { Heartbeat, SourceMember } from '../../client/types.ts';
import { useAddressName } from '../../parts/address.ts';
import { LabelChips } from '../../parts/labels.tsx';
import { ObjectPage } from '../../parts/object-page.tsx';
import { Fact, Facts, Section } from '../../parts/section.tsx';
import { Brief } from '../../parts/value.tsx';
import { useText } from '../../text/index.tsx';
import { type MadeSource, SourceForm } from './form.tsx';
import { hrefOfSource, sourceRefetchMs } from './href.ts';
import { NewSource } from './new.tsx';
import { Quarantine } from './quarantine.tsx';
import { Receiver } from './receiver.tsx';
import { LastError, LastPost, Rate, SourceState } from './state.tsx';
import { Tokens } from './tokens.tsx';

export default function SourcePage() {
  const name = useAddressName();
  return name === null ? <NewSource /> : <OneSource name={name} />;
}

function OneSource({ name }: { name: string }) {
  const { sources: words } = useText();
  const { data: heartbeats = [] } = useQuery(allQuery<Heartbeat>('heartbeats'));
  // Of this source only, and only until the page is left.
  const [made, setMade] = useState<{ source: string; token: string } | null>(null);
  const token = made?.source === name ? made.token : null;
  const keep = (source: string, fresh: string | undefined) => {
    if (fresh !== undefined) setMade({ source, token: fresh });
  };
  return (
    <ObjectPage<MadeSource>
      kind="sources"
      name={name}
      list={{ href: '/sources', title: words.title }}
      hrefOf={hrefOfSource}
      form={(props) => <SourceForm {...props} />}
      removeHint={words.removeHint}
      usedBy={heartbeats.filter((one) => one.source === name).map((one) => one.name)}
      onRestored={(restored) => keep(restored.name, restored.token)}
      refetchMs={sourceRefetchMs}
      view={(source) => (
        <>
          <Activity source={source} />
          <About source={source} />
          <Tokens source={source} fresh={token} onToken={(fresh) => keep(source.name, fresh)} />
          <Receiver source={source} token={token} />
        </>
      )}
    />
  );
}

function Activity({ source }: { source: MadeSource }) {
  const { sources: words } = useText();
  return (
    <Section title={words.activity}>
      <Facts>
        <Fact name={words.state}>
          <SourceState source={source} />
        </Fact>
        <Fact name={words.lastPost}>
          <LastPost source={source} />
        </Fact>
        <Fact name={words.rate}>
          <Rate source={source} />
        </Fact>
        <Fact name={words.lastError}>
          <LastError source={source} />
        </Fact>
        <Fact name={words.quarantine}>
          <Quarantine source={source.name} count={source.activity?.quarantined_24h ?? 0} />
        </Fact>
      </Facts>
    </Section>
  );
}

function About({ source: { kind, site, members, prometheus_url, labels } }: { source: MadeSource }) {
  const { sources: words, common } = useText();
  return (
    <Section title={words.about}>
      <Facts>
        <Fact name={words.kind}>{words.kinds[kind]}</Fact>
        <Fact name={words.site}>{site === '' ? common.none : <Brief>{site}</Brief>}</Fact>
        <Fact name={words.members}>
          {members.length === 0 ? common.none : <Brief max={400}>{members.map(memberText).join(', ')}</Brief>}
        </Fact>
        {prometheus_url !== null && (
          <Fact name={words.prometheusUrl}>
            <Brief max={200}>{prometheus_url}</Brief>
          </Fact>
        )}
        <Fact name={words.labels}>
          {Object.keys(labels).length === 0 ? common.none : <LabelChips labels={labels} />}
        </Fact>
      </Facts>
    </Section>
  );
}

function memberText(member: SourceMember): string {
  return typeof member === 'string' ? member : `${member.name} (${member.api_url})`;
}
