/** What a backtest has found, in a line. */
import { Text } from '@mantine/core';
import type { NoiseSince } from '../../client/noise.ts';
import { errorWords } from '../../parts/states.tsx';
import { useText } from '../../text/index.tsx';
import type { TrialState } from './use-trial.ts';

export function Outcome({ trial: { trial, error }, since }: { trial: TrialState; since: NoiseSince }) {
  const text = useText();
  const { noise: words } = text;
  const failure = error === null ? (trial?.error ?? null) : errorWords(error, text);
  if (failure !== null)
    return (
      <Text size="sm" c="var(--mantine-color-error)" role="alert">
        <bdi>{failure}</bdi>
      </Text>
    );
  if (trial === null) return null;
  const { result, progress } = trial;
  const share = new Intl.NumberFormat(text.tag, { style: 'percent' }).format(progress);
  return (
    <Text size="sm" role="status">
      {result === null ? words.underWay(share) : words.outcome(words.spans[since], result.messages, result.criticals)}
    </Text>
  );
}
