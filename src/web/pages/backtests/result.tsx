/** What a draft would have changed: figures, a plot, who, and what critical. */
import { Skeleton, Stack, Text } from '@mantine/core';
import { lazy, Suspense, useMemo } from 'react';
import type { Backtest, BeforeAfter, Comparison } from '../../client/backtest-types.ts';
import { durationMs } from '../../parts/duration.ts';
import { Notice } from '../../parts/notice.tsx';
import { Section } from '../../parts/section.tsx';
import { absolute, span } from '../../parts/time.tsx';
import { useText } from '../../text/index.tsx';
import classes from './backtest.module.css';
import { Change } from './change.tsx';
import { Criticals } from './criticals.tsx';
import { changesNothing, knownPart } from './figures.ts';
import { Receivers } from './receivers.tsx';

const Plot = lazy(() => import('./plot.tsx'));

interface Props {
  backtest: Backtest;
  result: Comparison;
  /** How far back was asked for. */
  since: string;
}

export function Result({ backtest, result, since }: Props) {
  const text = useText();
  const { backtest: words } = text;
  const { timeline, receivers } = result;
  const known = useMemo(() => knownPart(timeline, backtest.known_since), [timeline, backtest.known_since]);
  return (
    <div>
      <Reach backtest={backtest} since={since} stepMs={timeline.step_ms} />
      {receivers.length > 0 && changesNothing(result) && <Nothing title={words.nothing}>{words.nothingHint}</Nothing>}
      {receivers.length === 0 ? (
        <Nothing title={words.silent}>{words.silentHint}</Nothing>
      ) : (
        <>
          <Section title={words.figures}>
            <Figures result={result} />
          </Section>
          <Section title={words.plot.title} hint={words.plot.step(span(timeline.step_ms, text))}>
            <Suspense fallback={<Skeleton height={226} />}>
              <Plot timeline={known} />
            </Suspense>
          </Section>
          <Criticals criticals={result.criticals} />
          <Receivers receivers={receivers} />
        </>
      )}
    </div>
  );
}

/** What was looked at, and what could not be. */
function Reach({
  backtest: { from, to, changes, known_since: knownSince },
  since,
  stepMs,
}: Omit<Props, 'result'> & { stepMs: number }) {
  const text = useText();
  const { backtest: words } = text;
  const spanMs = Date.parse(to) - Date.parse(from);
  const cut = spanMs + stepMs < (durationMs(since) ?? 0);
  const late = knownSince !== null && Date.parse(knownSince) > Date.parse(from) + stepMs;
  return (
    <>
      <Text size="sm" c="var(--mm-quiet)" mb="xs">
        {words.reach(absolute(from, text), absolute(to, text), changes ?? 0)}
      </Text>
      {cut && <Notice>{words.kept(span(spanMs, text))}</Notice>}
      {late && (
        <Notice>{words.known(span(Date.parse(to) - Date.parse(knownSince), text), absolute(knownSince, text))}</Notice>
      )}
      {knownSince === null && <Notice>{words.unknown}</Notice>}
    </>
  );
}

function Nothing({ title, children }: { title: string; children: string }) {
  return (
    <Stack gap={2} className={classes.nothing} role="status">
      <strong>{title}</strong>
      <span>{children}</span>
    </Stack>
  );
}

function Figures({ result: { messages, incidents, limited, criticals } }: { result: Comparison }) {
  const { figure } = useText().backtest;
  return (
    <dl className={classes.figures}>
      <Figure name={figure.messages} value={messages} />
      <Figure name={figure.incidents} value={incidents} />
      <Figure name={figure.criticals} value={criticals.told} />
      <Figure name={figure.limited} value={limited} />
    </dl>
  );
}

function Figure({ name, value }: { name: string; value: BeforeAfter }) {
  const { tag } = useText();
  return (
    <div className={classes.figure}>
      <dt>{name}</dt>
      <dd>
        <div className={classes.big}>
          <span>{value.before.toLocaleString(tag)} →</span> {value.after.toLocaleString(tag)}
        </div>
        <Change of={value} />
      </dd>
    </div>
  );
}
