/** The sources side by side. */
import { Link } from 'wouter';
import type { ConsistentSource, Finding } from '../../client/consistency.ts';
import { addressOf } from '../../parts/address.ts';
import { Badge } from '../../parts/badge.tsx';
import { CardsTable } from '../../parts/cards-table.tsx';
import { Ago, span } from '../../parts/time.tsx';
import { Brief } from '../../parts/value.tsx';
import { useText } from '../../text/index.tsx';

export function Sources({ sources }: { sources: readonly ConsistentSource[] }) {
  const { consistency: words } = useText();
  return (
    <CardsTable
      boxed
      label={words.title}
      rows={sources}
      keyOf={({ name }) => name}
      columns={[
        { title: words.source, cell: (source) => <Name source={source} /> },
        { title: words.lastPost, cell: (source) => <LastPost source={source} /> },
        { title: words.delivered, cell: (source) => <Delivered source={source} /> },
        { title: words.lacking, cell: ({ lacking }) => <Lacking lacking={lacking} /> },
        { title: words.delay, cell: (source) => <Delay source={source} /> },
        { title: words.found, wide: true, cell: (source) => <Found source={source} /> },
      ]}
    />
  );
}

function Name({ source: { name, site } }: { source: ConsistentSource }) {
  return (
    <>
      <Link href={addressOf('/sources', name)}>
        <strong>
          <Brief max={60}>{name}</Brief>
        </strong>
      </Link>
      {site !== '' && (
        <div>
          <Brief max={80}>{site}</Brief>
        </div>
      )}
    </>
  );
}

function LastPost({ source: { last_post_at, quiet, posts_per_minute } }: { source: ConsistentSource }) {
  const { consistency: words, common } = useText();
  return (
    <>
      <div>{last_post_at === null ? common.never : <Ago at={last_post_at} />}</div>
      {quiet ? (
        <Badge level="critical">{words.quiet}</Badge>
      ) : (
        <div>{words.posts(Math.round(posts_per_minute * 10) / 10)}</div>
      )}
    </>
  );
}

function Delivered({ source: { reported, shared } }: { source: ConsistentSource }) {
  const { consistency: words } = useText();
  return (
    <>
      <div>{words.reported(reported)}</div>
      {shared > 0 && <div>{words.shared(shared)}</div>}
    </>
  );
}

function Lacking({ lacking }: { lacking: number }) {
  const { consistency: words } = useText();
  return lacking === 0 ? words.lacksNothing : <Badge level="warning">{words.lacks(lacking)}</Badge>;
}

function Delay({ source: { median_delay_ms, worst_delay_ms } }: { source: ConsistentSource }) {
  const text = useText();
  const { consistency: words } = text;
  if (median_delay_ms === null || worst_delay_ms === null) return words.notShared;
  return words.delays(span(median_delay_ms, text), span(worst_delay_ms, text));
}

function Found({ source: { missed_alerts, missed_resolves, findings, members } }: { source: ConsistentSource }) {
  const { consistency: words } = useText();
  const asked = members.some(({ kind, state }) => kind === 'alertmanager' && state !== 'not_asked');
  if (missed_alerts + missed_resolves === 0) return asked ? words.foundNothing : words.notAsked;
  return (
    <>
      <strong>{words.findings(missed_alerts, missed_resolves)}</strong>
      {findings.map((one) => (
        <Example key={`${one.kind} ${one.fingerprint} ${one.found_at}`} finding={one} />
      ))}
    </>
  );
}

function Example({ finding: { kind, fingerprint, labels, found_at } }: { finding: Finding }) {
  const { consistency: words } = useText();
  return (
    <div>
      <Link href={`/alerts/${encodeURIComponent(fingerprint)}`}>
        <Brief max={60}>{labels['alertname'] ?? fingerprint}</Brief>
      </Link>{' '}
      {words.kinds[kind]}, <Ago at={found_at} />
    </div>
  );
}
