/** What a backtest has found, in a line. */
import { Text } from '@mantine/core';
import type { NoiseSince } from '../../client/noise.ts';
import { errorWords } from '../../parts/states.tsx';
import type { Run } from '../../parts/use-backtest.ts';
import { useText } from '../../text/index.tsx';

export function Outcome({ run: { backtest, error }, since }: { run: Run; since: NoiseSince }) {
  const text = useText();
  const { noise: words } = text;
  const failure = error === null ? (backtest?.error ?? null) : errorWords(error, text);
  if (failure !== null)
    return (
      <Text size="sm" c="var(--mantine-color-error)" role="alert">
        <bdi>{failure}</bdi>
      </Text>
    );
  if (backtest === null) return null;
  const { result, progress } = backtest;
  const share = new Intl.NumberFormat(text.tag, { style: 'percent' }).format(progress);
  return (
    <Text size="sm" role="status">
      {result === null ? words.underWay(share) : words.outcome(words.spans[since], result.messages, result.criticals)}
    </Text>
  );
}
