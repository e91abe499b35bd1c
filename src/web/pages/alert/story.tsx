/** What happened to an alert, in order, each step with its reason. */
import { Text } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { Link } from 'wouter';
import { explainQuery } from '../../client/alerts.ts';
import type { Step } from '../../client/types.ts';
import { Failure, Loading } from '../../parts/states.tsx';
import { absolute, clock } from '../../parts/time.tsx';
import { Value } from '../../parts/value.tsx';
import { useSpeech, useText } from '../../text/index.tsx';
import classes from './story.module.css';

export function Story({ fingerprint }: { fingerprint: string }) {
  const { alert: words } = useText();
  const { data, error, refetch } = useQuery(explainQuery(fingerprint));
  if (error !== null) return <Failure error={error} onRetry={() => refetch()} />;
  if (data === undefined) return <Loading />;
  if (data.steps.length === 0) return <Text size="sm">{words.noSteps}</Text>;
  return (
    <>
      {data.truncated && (
        <Text size="xs" c="var(--mm-quiet)">
          {words.truncated}
        </Text>
      )}
      <ol className={classes.story}>
        {numbered(data.steps).map(({ key, step }) => (
          <StepLine key={key} step={step} />
        ))}
      </ol>
    </>
  );
}

/** Two steps can be alike but for their place among those of the same moment. */
function numbered(steps: readonly Step[]): { key: string; step: Step }[] {
  const seen = new Map<string, number>();
  return steps.map((step) => {
    const like = `${step.at} ${step.stage} ${step.reason} ${step.destination?.id} ${step.notification_id}`;
    const n = seen.get(like) ?? 0;
    seen.set(like, n + 1);
    return { key: `${like} ${n}`, step };
  });
}

const bad: ReadonlySet<string> = new Set([
  'undeliverable',
  'bad_credentials',
  'not_allowed',
  'bad_recipient',
  'bad_content',
  'misconfigured',
  'provider_error',
  'network',
  'timeout',
  'nobody',
]);

function StepLine({ step }: { step: Step }) {
  const { text, language } = useSpeech();
  const { stages } = text.alert;
  const kind = bad.has(step.reason)
    ? 'bad'
    : ['accepted', 'firing', 'opened'].includes(step.reason)
      ? 'strong'
      : 'quiet';
  return (
    <li className={classes.step} data-kind={kind}>
      <time dateTime={step.at} title={absolute(step.at, text)}>
        {clock(step.at, text)}
      </time>
      <span className={classes.stage}>{stages[step.stage]}</span>
      <span>
        <Value max={400}>{language === 'zh-CN' ? step.text_zh : step.text}</Value>{' '}
        {step.notification_id !== null && step.incident_id !== null && (
          <Link href={`/incidents/${step.incident_id}`} className={classes.link}>
            #{step.notification_id}
          </Link>
        )}
      </span>
    </li>
  );
}
