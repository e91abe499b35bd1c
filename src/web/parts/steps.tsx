/** Steps in order, each with its time and its reason in words. */
import { Text } from '@mantine/core';
import { Link } from 'wouter';
import type { Explanation, Step } from '../client/types.ts';
import { useSpeech, useText } from '../text/index.tsx';
import classes from './steps.module.css';
import { absolute, clock, withLocalTimes } from './time.tsx';
import { Value } from './value.tsx';

export function Steps({ steps, truncated }: Pick<Explanation, 'steps' | 'truncated'>) {
  const { alert: words } = useText();
  if (steps.length === 0) return <Text size="sm">{words.noSteps}</Text>;
  return (
    <>
      {truncated && (
        <Text size="xs" c="var(--mm-quiet)">
          {words.truncated}
        </Text>
      )}
      <ol className={classes.story}>
        {gathered(steps).map((told) => (
          <StepLine key={told.key} told={told} />
        ))}
      </ol>
    </>
  );
}

/** A step, how often it came in a row for its destination, and when for the last time. */
interface Told {
  key: string;
  step: Step;
  times: number;
  last: string;
}

/** What was decided or tried in the same words again and again is said once. Pure. */
function gathered(steps: readonly Step[]): Told[] {
  const latest = new Map<string, Told>();
  const told: Told[] = [];
  steps.forEach((step, index) => {
    const about = `${step.destination?.id} ${step.stage}`;
    const before = latest.get(about);
    if (before !== undefined && before.step.text === step.text) {
      before.times++;
      before.last = step.at;
      return;
    }
    const one = { key: `${index} ${step.at}`, step, times: 1, last: step.at };
    latest.set(about, one);
    told.push(one);
  });
  return told;
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

function StepLine({ told: { step, times, last } }: { told: Told }) {
  const text = useText();
  const { stages, times: repeated } = text.alert;
  const kind = bad.has(step.reason)
    ? 'bad'
    : ['accepted', 'firing', 'opened'].includes(step.reason)
      ? 'strong'
      : 'quiet';
  return (
    <li className={classes.step} data-kind={kind}>
      <time dateTime={step.at} title={absolute(step.at, text)}>
        {clock(step.at, text, true)}
      </time>
      <span className={classes.stage}>{stages[step.stage]}</span>
      <span>
        <StepWords step={step} />{' '}
        {times > 1 && <span className={classes.stage}>· {repeated(times, clock(last, text, true))} </span>}
        {step.notification_id !== null && step.incident_id !== null && (
          <Link href={`/incidents/${step.incident_id}`} className={classes.link}>
            #{step.notification_id}
          </Link>
        )}
      </span>
    </li>
  );
}

/** A step as one sentence. */
export function StepWords({ step }: { step: Step }) {
  const { language } = useSpeech();
  return <Value max={400}>{withLocalTimes(language === 'zh-CN' ? step.text_zh : step.text)}</Value>;
}
