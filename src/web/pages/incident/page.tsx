/** One incident: what fires in it, who was told, and what comes next. */
import { Button, Group, Text } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { Link, useParams } from 'wouter';
import { incidentQuery } from '../../client/incidents.ts';
import { useMay } from '../../client/me.tsx';
import { allQuery } from '../../client/objects.ts';
import type { Schedule } from '../../client/schedule-types.ts';
import type { Telling } from '../../client/telling.ts';
import type { IncidentDetail, Labels } from '../../client/types.ts';
import { AlertLine } from '../../parts/alert-line.tsx';
import {
  Badge,
  byWeight,
  IncidentStateBadge,
  InhibitedBadge,
  SeverityBadge,
  SilencedBadge,
} from '../../parts/badge.tsx';

import { CardsTable } from '../../parts/cards-table.tsx';
import { DestinationName } from '../../parts/destination.tsx';
import { Icon } from '../../parts/icons.tsx';
import { useKeys } from '../../parts/keys.tsx';
import { LabelChips } from '../../parts/labels.tsx';
import { PageHead } from '../../parts/page-head.tsx';
import { Read } from '../../parts/read.tsx';
import { Fact, Facts, Section } from '../../parts/section.tsx';
import { SilenceDialog } from '../../parts/silence-dialog.tsx';
import { sharedLabels } from '../../parts/silence-labels.ts';
import { Ago, absolute, clock } from '../../parts/time.tsx';
import { titleOf } from '../../parts/title.ts';
import { useAcknowledge } from '../../parts/use-acknowledge.ts';
import { Brief } from '../../parts/value.tsx';
import { useSpeech, useText } from '../../text/index.tsx';
import { Story } from '../alert/story.tsx';
import { Escalation } from './escalation.tsx';
import { Messages } from './messages.tsx';

export default function IncidentPage() {
  const { id = '' } = useParams<{ id: string }>();
  const query = useQuery(incidentQuery(id));
  return <Read query={query}>{(incident) => <Shown incident={incident} />}</Read>;
}

function Shown({ incident }: { incident: IncidentDetail }) {
  const text = useText();
  const { incident: words } = text;
  const { members } = incident;
  const first = byWeight(members)[0];
  return (
    <>
      <Text size="sm" mb={4}>
        <Link href="/">‹ {words.back}</Link>
      </Text>
      <PageHead title={`${titleOf(incident).slice(0, 160)} · ${words.title(incident.id)}`}>
        <Actions incident={incident} />
      </PageHead>
      <Overview incident={incident} />
      <Section
        title={words.alerts}
        hint={members.length < incident.alerts.total ? words.shownOf(members.length, incident.alerts.total) : undefined}
      >
        {byWeight(members).map((member) => (
          <AlertLine key={member.fingerprint} alert={member} without={Object.keys(incident.group_labels)} />
        ))}
      </Section>
      <Told incident={incident} />
      <Escalation incident={incident} />
      <Messages incident={incident.id} />
      {first !== undefined && (
        <Section title={words.history} hint={words.historyOf(first.labels['alertname'] ?? first.fingerprint)}>
          <Story fingerprint={first.fingerprint} />
        </Section>
      )}
    </>
  );
}

function Actions({ incident }: { incident: IncidentDetail }) {
  const { now: words } = useText();
  const acknowledge = useAcknowledge();
  const [silencing, setSilencing] = useState<Labels | null>(null);
  const may = useMay('responder') && incident.state !== 'closed';
  const act = () => may && acknowledge.mutate(incident);
  const silence = () => may && setSilencing(sharedLabels(incident));
  useKeys({ a: act, s: silence });
  if (!may) return null;
  const taken = incident.state === 'acknowledged';
  return (
    <Group gap="xs">
      <Button
        size="xs"
        variant={taken ? 'default' : 'filled'}
        onClick={act}
        loading={acknowledge.isPending}
        leftSection={<Icon name={taken ? 'undo' : 'check'} />}
      >
        {taken ? words.takeBack : words.acknowledge}
      </Button>
      {incident.lane !== 'watchdog' && (
        <Button size="xs" variant="default" onClick={silence} leftSection={<Icon name="mute" />}>
          {words.silence}
        </Button>
      )}
      <SilenceDialog labels={silencing} onClose={() => setSilencing(null)} />
    </Group>
  );
}

function Overview({ incident }: { incident: IncidentDetail }) {
  const { text, language } = useSpeech();
  const { incident: words, now } = text;
  const { state, next_due: next, silenced, inhibited } = incident;
  return (
    <Section title={text.alert.overview}>
      <Facts>
        <Fact name={text.alert.state}>
          <Group gap={6}>
            <SeverityBadge incident={incident} />
            {state === 'acknowledged' ? (
              <Badge level="info">
                <bdi>{now.acknowledgedBy(incident.acknowledged_by ?? '')}</bdi>
              </Badge>
            ) : (
              <IncidentStateBadge state={state} />
            )}
            <SilencedBadge silenced={silenced} firing={incident.alerts.firing} />
            <InhibitedBadge inhibited={inhibited} firing={incident.alerts.firing} />
          </Group>
        </Fact>
        {inhibited.by.length > 0 && (
          <Fact name={words.inhibitedBy}>
            {inhibited.by.map(({ rule, fingerprint, name }) => (
              <div key={`${rule} ${fingerprint}`}>
                <Link href={`/alerts/${encodeURIComponent(fingerprint)}`}>
                  <Brief max={80}>{name ?? fingerprint}</Brief>
                </Link>{' '}
                <Brief max={80}>{words.byRule(rule)}</Brief>
              </div>
            ))}
          </Fact>
        )}
        <Fact name={words.group}>
          <bdi>{incident.group}</bdi>
        </Fact>
        <Fact name={words.opened}>
          {absolute(incident.opened_at, text)} · <Ago at={incident.opened_at} />
        </Fact>
        {incident.closed_at !== null && <Fact name={words.closed}>{absolute(incident.closed_at, text)}</Fact>}
        <Fact name={words.next}>
          {next.at !== null && `${clock(next.at, text)} · `}
          {language === 'zh-CN' ? next.text_zh : next.text}
        </Fact>
        {Object.keys(incident.group_labels).length > 0 && (
          <Fact name={words.labels}>
            <LabelChips labels={incident.group_labels} />
          </Fact>
        )}
      </Facts>
    </Section>
  );
}

/** Why nobody is, as far as that can be said already. */
function Nobody({ group }: { group: string }) {
  const { incident: words, nav } = useText();
  const { data } = useQuery(allQuery<Telling>('alert-groups'));
  const told = data?.find(({ name }) => name === group);
  const schedules = useQuery(allQuery<Schedule>('schedules'));
  const empty = told !== undefined && told.members.length === 0 && told.robots.length === 0;
  const onCall = schedules.data?.filter(({ name }) => told?.schedules.includes(name)) ?? [];
  const noneOnCall = empty && onCall.length > 0 && onCall.every(({ on_call: names }) => names.length === 0);
  const never = empty && told.schedules.length === 0;
  return (
    <Text size="sm" c="var(--mm-quiet)">
      {group === 'unrouted' && `${words.unrouted} `}
      {never ? <bdi>{words.noMembers(group)}</bdi> : noneOnCall ? <bdi>{words.noneOnCall(group)}</bdi> : words.nobody}{' '}
      {noneOnCall && <Link href="/schedules">{nav.schedules}</Link>}
      {(never || group === 'unrouted') && <Link href="/alert-groups">{nav.alertGroups}</Link>}
    </Text>
  );
}

function Told({ incident: { threads, group } }: { incident: IncidentDetail }) {
  const { incident: words, common, deliveries } = useText();
  return (
    <Section title={words.told} hint={words.toldHint}>
      {threads.length === 0 ? (
        <Nobody group={group} />
      ) : (
        <CardsTable
          label={words.told}
          rows={threads}
          keyOf={(thread) => thread.destination.id}
          columns={[
            {
              title: deliveries.to,
              wide: true,
              cell: (thread) => <DestinationName destination={thread.destination} />,
            },
            {
              title: words.lastTold,
              cell: ({ last_accepted_at: at, joined_at, destination }) => {
                if (at !== null && destination.channel === 'outbox') return words.kept;
                if (at !== null) return <Ago at={at} />;
                return joined_at === null ? common.never : words.waits;
              },
            },
            { title: words.messages, cell: (thread) => thread.sequence },
          ]}
        />
      )}
    </Section>
  );
}
