/** How a backtest stands, and once it is done what it found. */
import { Alert, Progress, Stack, Text } from '@mantine/core';
import { type Backtest, isLost } from '../../client/backtests.ts';
import { ApiError, type Fault } from '../../client/request.ts';
import { Icon } from '../../parts/icons.tsx';
import { errorWords } from '../../parts/states.tsx';
import type { Run } from '../../parts/use-backtest.ts';
import { Brief } from '../../parts/value.tsx';
import { useText, type Text as Words } from '../../text/index.tsx';
import classes from './backtest.module.css';
import { Result } from './result.tsx';

export function Progressing({ run: { asked, backtest, error, busy } }: { run: Run }) {
  if (error !== null) return <Wrong error={error} />;
  if (busy) return <UnderWay backtest={backtest} />;
  if (backtest?.state === 'failed') return <Failed reason={backtest.error ?? ''} />;
  if (backtest === null || backtest.result === null || asked === null) return null;
  return <Result backtest={backtest} result={backtest.result} since={asked.since} />;
}

function UnderWay({ backtest }: { backtest: Backtest | null }) {
  const { backtest: words } = useText();
  const percent = Math.round((backtest?.progress ?? 0) * 100);
  return (
    <Stack gap={4} role="status">
      <Text size="sm">{backtest?.state === 'running' ? words.running(percent) : words.waiting}</Text>
      <Progress value={percent} aria-label={words.progress} animated={backtest?.state === 'running'} />
      <Text size="xs" c="var(--mm-quiet)">
        {words.runningHint}
      </Text>
    </Stack>
  );
}

function Failed({ reason }: { reason: string }) {
  const { backtest: words } = useText();
  return (
    <Alert color="red" role="alert" title={words.failed} icon={<Icon name="warning" />}>
      <bdi>{reason}</bdi>
    </Alert>
  );
}

function Wrong({ error }: { error: Error }) {
  const text = useText();
  const faults = error instanceof ApiError ? error.faults : [];
  return (
    <Alert color="red" role="alert" title={text.backtest.refused} icon={<Icon name="warning" />}>
      {faults.length === 0 ? (
        <bdi>{refusalWords(error, text)}</bdi>
      ) : (
        <ul className={classes.faults}>
          {faults.map((fault) => (
            <li key={fault.path + fault.message}>
              <Brief max={400}>{faultWords(fault)}</Brief>
            </li>
          ))}
        </ul>
      )}
    </Alert>
  );
}

function refusalWords(error: Error, text: Words): string {
  const { backtest: words } = text;
  if (isLost(error)) return words.lost;
  return error instanceof ApiError && error.status === 429 ? words.tooMany : errorWords(error, text);
}

/** By the fields of the draft itself. */
function faultWords({ path, message }: Fault): string {
  const field = path.replace(/^(alert_group\.draft|document)\.?/, '');
  return field === '' ? message : `${field}: ${message}`;
}
