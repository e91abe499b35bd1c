/** One alert: who reports it, who was told, and why somebody was or was not. */
import { Group, Text } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { Link, useParams } from 'wouter';
import { explainQuery } from '../../client/alerts.ts';
import type { Alert } from '../../client/types.ts';
import { AlertSeverity, AlertStateBadge, Badge } from '../../parts/badge.tsx';
import { CardsTable } from '../../parts/cards-table.tsx';
import { DestinationName } from '../../parts/destination.tsx';
import { LabelChips } from '../../parts/labels.tsx';
import { PageHead } from '../../parts/page-head.tsx';
import { Read } from '../../parts/read.tsx';
import { Fact, Facts, Section } from '../../parts/section.tsx';
import { Ago, absolute } from '../../parts/time.tsx';
import { nameOf } from '../../parts/title.ts';
import { Brief, OutLink, runbookOf, safeUrl, Value } from '../../parts/value.tsx';
import { useText } from '../../text/index.tsx';
import { Story } from './story.tsx';

export default function AlertPage() {
  const { fingerprint = '' } = useParams<{ fingerprint: string }>();
  const query = useQuery(explainQuery(fingerprint));
  return <Read query={query}>{({ alert }) => <Shown alert={alert} />}</Read>;
}

function Shown({ alert }: { alert: Alert }) {
  const { alert: words, incident } = useText();
  return (
    <>
      <Text size="sm" mb={4}>
        <Link href="/">‹ {incident.back}</Link>
      </Text>
      <PageHead title={nameOf(alert.labels).slice(0, 200)} />
      <Overview alert={alert} />
      <Annotations alert={alert} />
      <Section title={words.story} hint={words.storyHint}>
        <Story fingerprint={alert.fingerprint} />
      </Section>
      <Receipts alert={alert} />
      <Reporters alert={alert} />
    </>
  );
}

function Overview({ alert }: { alert: Alert }) {
  const text = useText();
  const { alert: words, now } = text;
  const runbook = runbookOf(alert.annotations);
  return (
    <Section title={words.overview}>
      <Facts>
        <Fact name={words.state}>
          <Group gap={6}>
            {alert.episode === 0 ? (
              <Badge level="info">{now.justReported}</Badge>
            ) : (
              <AlertStateBadge state={alert.state} />
            )}
            <AlertSeverity labels={alert.labels} />
            {alert.lane === 'watchdog' && <Badge level="critical">{now.watchdog}</Badge>}
          </Group>
        </Fact>
        <Fact name={words.since}>
          {absolute(alert.since, text)} · <Ago at={alert.since} />
        </Fact>
        {alert.ended_at !== null && <Fact name={words.ended}>{absolute(alert.ended_at, text)}</Fact>}
        <Fact name={words.firstSeen}>{absolute(alert.first_seen, text)}</Fact>
        <Fact name={words.episode}>{alert.episode}</Fact>
        <Fact name={words.fingerprint}>
          <bdi>{alert.fingerprint}</bdi>
        </Fact>
        <Fact name={words.incidents}>
          <Group gap={8}>
            {alert.incidents.map(({ id, group }) => (
              <Link key={id} href={`/incidents/${id}`}>
                #{id} <Brief max={40}>{group}</Brief>
              </Link>
            ))}
          </Group>
        </Fact>
      </Facts>
      <Group mt="sm" mb="sm" gap="md">
        {safeUrl(alert.generator_url) !== null && (
          <OutLink href={alert.generator_url ?? ''} icon="pulse">
            {now.prometheus}
          </OutLink>
        )}
        {runbook !== null && (
          <OutLink href={runbook} icon="book">
            {now.runbook}
          </OutLink>
        )}
      </Group>
      <LabelChips labels={alert.labels} max={200} />
    </Section>
  );
}

function Annotations({ alert: { annotations } }: { alert: Alert }) {
  const { alert: words } = useText();
  const names = Object.keys(annotations).sort();
  if (names.length === 0) return null;
  return (
    <Section title={words.annotations}>
      <CardsTable
        label={words.annotations}
        rows={names}
        keyOf={(name) => name}
        columns={[
          { title: words.key, cell: (name) => <Brief max={100}>{name}</Brief> },
          {
            title: words.value,
            wide: true,
            cell: (name) => {
              const value = words.own(annotations[name] ?? '');
              return safeUrl(value) === null ? <Value>{value}</Value> : <OutLink href={value}>{value}</OutLink>;
            },
          },
        ]}
      />
    </Section>
  );
}

function Receipts({ alert: { receipts } }: { alert: Alert }) {
  const { alert: words, deliveries, incident } = useText();
  return (
    <Section title={words.receipts}>
      {receipts.length === 0 ? (
        <Text size="sm" c="var(--mm-quiet)">
          {words.nobodyTold}
        </Text>
      ) : (
        <CardsTable
          label={words.receipts}
          rows={receipts}
          keyOf={(receipt) => receipt.destination.id}
          columns={[
            {
              title: deliveries.to,
              wide: true,
              cell: (receipt) => <DestinationName destination={receipt.destination} />,
            },
            {
              title: deliveries.what,
              cell: ({ destination, state }) => (destination.channel === 'outbox' ? incident.kept : words.told[state]),
            },
            { title: deliveries.when, cell: (receipt) => <Ago at={receipt.told_at} /> },
          ]}
        />
      )}
    </Section>
  );
}

function Reporters({ alert: { reporters } }: { alert: Alert }) {
  const text = useText();
  const { alert: words } = text;
  return (
    <Section title={words.reporters}>
      <CardsTable
        label={words.reporters}
        rows={reporters}
        keyOf={(reporter) => `${reporter.source} ${JSON.stringify(reporter.replica_labels)} ${reporter.firing_at}`}
        columns={[
          {
            title: words.source,
            cell: ({ source, site }) => (
              <Brief max={80}>{source === null ? words.deletedSource : site ? `${source} · ${site}` : source}</Brief>
            ),
          },
          { title: words.says, cell: ({ says }) => <AlertStateBadge state={says} /> },
          { title: words.since, cell: ({ firing_at }) => <Ago at={firing_at} /> },
          { title: words.lastSeen, cell: ({ last_seen }) => <Ago at={last_seen} /> },
          {
            title: words.labels,
            wide: true,
            cell: ({ replica_labels }) => <LabelChips labels={replica_labels ?? {}} />,
          },
        ]}
      />
    </Section>
  );
}
