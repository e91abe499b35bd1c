/** What is known of what was asked. */
import { Text } from '@mantine/core';
import { Link } from 'wouter';
import type { Finding, PersonExplanation } from '../../client/types.ts';
import { Badge } from '../../parts/badge.tsx';
import { CardsTable } from '../../parts/cards-table.tsx';
import { LabelChips } from '../../parts/labels.tsx';
import { MessageCard } from '../../parts/message-card.tsx';
import { Notice } from '../../parts/notice.tsx';
import { Section } from '../../parts/section.tsx';
import { Steps, StepWords } from '../../parts/steps.tsx';
import { absolute, withLocalTimes } from '../../parts/time.tsx';
import { nameOf } from '../../parts/title.ts';
import { useExpanded } from '../../parts/use-expanded.ts';
import { Brief, Value } from '../../parts/value.tsx';
import { useSpeech, useText } from '../../text/index.tsx';
import classes from './explain.module.css';

type Person = NonNullable<PersonExplanation['person']>;

export function Answer({ answer: { from, to, person, arrival, truncated } }: { answer: PersonExplanation }) {
  const text = useText();
  const { explain: words } = text;
  return (
    <>
      <Text size="sm" c="var(--mm-quiet)" mb="xs">
        {words.span(absolute(from, text), absolute(to, text))}
      </Text>
      {truncated && <Notice>{words.truncated}</Notice>}
      {arrival !== null && (
        <Section title={words.arrival} hint={words.arrivalHint}>
          <Findings findings={arrival} />
        </Section>
      )}
      {person !== null && <Told person={person} />}
    </>
  );
}

function Told({ person }: { person: Person }) {
  const { explain: words } = useText();
  return (
    <>
      <Section title={words.memberships}>
        <Findings findings={person.memberships} />
      </Section>
      <Alerts alerts={person.alerts} />
      <Messages messages={person.messages} />
      <Section title={words.steps} hint={words.stepsHint}>
        {person.steps.length === 0 ? <Quiet>{words.noSteps}</Quiet> : <Steps steps={person.steps} truncated={false} />}
      </Section>
    </>
  );
}

function Findings({ findings }: { findings: readonly Finding[] }) {
  const { text, language } = useSpeech();
  return (
    <ul className={classes.findings}>
      {findings.map((one) => (
        <li key={`${one.fingerprint} ${one.text}`} data-finding={one.finding}>
          <Value max={600}>{withLocalTimes(language === 'zh-CN' ? one.text_zh : one.text)}</Value>{' '}
          {one.fingerprint !== null && (
            <Link href={`/alerts/${encodeURIComponent(one.fingerprint)}`}>{text.nav.alert}</Link>
          )}
        </li>
      ))}
    </ul>
  );
}

function Alerts({ alerts }: { alerts: Person['alerts'] }) {
  const { explain: words } = useText();
  const counted = (told: Person['alerts'][number]['told']) => alerts.filter((one) => one.told === told).length;
  const hint = words.alertsHint(counted('within'), counted('before'), counted('no'));
  return (
    <Section title={words.alerts} hint={alerts.length === 0 ? undefined : hint}>
      {alerts.length === 0 ? (
        <Quiet>{words.noAlerts}</Quiet>
      ) : (
        <CardsTable
          label={words.alerts}
          rows={alerts}
          keyOf={(one) => `${one.fingerprint} ${one.steps[0]?.incident_id}`}
          columns={[
            { title: words.alert, cell: (one) => <AlertCell alert={one} /> },
            {
              title: words.toldWord,
              cell: (one) => <Badge level={one.told === 'no' ? 'warning' : 'info'}>{words.told[one.told]}</Badge>,
            },
            {
              title: words.why,
              wide: true,
              cell: (one) =>
                one.steps.map((step) => (
                  <div key={`${step.at} ${step.text}`}>
                    <StepWords step={step} />
                  </div>
                )),
            },
          ]}
        />
      )}
    </Section>
  );
}

function AlertCell({ alert: { fingerprint, labels } }: { alert: Person['alerts'][number] }) {
  return (
    <>
      <Link href={`/alerts/${encodeURIComponent(fingerprint)}`}>
        <Brief max={80}>{nameOf(labels)}</Brief>
      </Link>
      <LabelChips labels={labels} without={['alertname']} max={6} />
    </>
  );
}

function Messages({ messages }: { messages: Person['messages'] }) {
  const { explain: words } = useText();
  const [expanded, toggle] = useExpanded();
  return (
    <Section title={words.messages}>
      {messages.length === 0 && <Quiet>{words.noMessages}</Quiet>}
      <ul className={classes.messages}>
        {messages.map((message) => (
          <li key={message.id}>
            <MessageCard
              message={message}
              expanded={expanded.has(message.id)}
              onExpand={() => toggle(message)}
              linked
            />
          </li>
        ))}
      </ul>
    </Section>
  );
}

function Quiet({ children }: { children: string }) {
  return (
    <Text size="sm" c="var(--mm-quiet)">
      {children}
    </Text>
  );
}
