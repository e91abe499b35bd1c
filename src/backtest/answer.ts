/** A backtest as the API shows it. */
import { z } from 'zod';
import type { Comparison, CriticalChange, Receiver } from './compare.ts';
import type { Backtest } from './jobs.ts';

const count = z.int().min(0);
const beforeAfter = z.object({ before: count, after: count });

const receiver = z.object({
  name: z.string(),
  channel: z.string().describe('Also while the outbox stands in for it'),
  kind: z.enum(['person', 'room']),
  messages: beforeAfter,
  reminders: beforeAfter,
  limited: beforeAfter,
  stops: z.boolean().describe('It got messages, and would get none'),
});

const timeline = z
  .object({
    starts_at: z.iso.datetime().describe('When the first part begins: not later than `from`'),
    step_ms: z.int().min(1).describe('How long each part is'),
    before: z.array(count),
    after: z.array(count),
  })
  .describe('Messages over time, in parts of the same length, 200 at most');

const criticalChange = z.object({
  fingerprint: z.string(),
  labels: z.record(z.string(), z.string()),
  starts_at: z.iso.datetime(),
  told_at: z.iso.datetime(),
  would_be_told_at: z.iso.datetime().nullable().describe('Null: never'),
});

const comparison = z.object({
  messages: beforeAfter,
  incidents: beforeAfter.describe('Of which anybody was told'),
  limited: beforeAfter.describe('Incidents told that waited for a rate limit, or shared a message because of one'),
  timeline,
  receivers: z.array(receiver).describe('Those that change most first'),
  criticals: z.object({
    told: beforeAfter,
    later: count,
    never: count,
    sooner: count,
    examples: z.array(criticalChange).describe('Told never or later, 50 at most'),
  }),
});

/** What both routes answer. */
export const backtestAnswer = z.object({
  id: z.uuid(),
  state: z.enum(['waiting', 'running', 'done', 'failed']),
  progress: z.number().min(0).max(1),
  from: z.iso.datetime(),
  to: z.iso.datetime(),
  changes: count.nullable().describe('Changes of alerts that were replayed, with those of the day before'),
  known_since: z.iso
    .datetime()
    .nullable()
    .describe('When the oldest change that is kept was heard of. Null: none is kept, or they are not read yet'),
  error: z.string().nullable(),
  result: comparison.nullable(),
});

/** @see backtestAnswer */
export function answerOf(backtest: Backtest): z.infer<typeof backtestAnswer> {
  const { id, state, progress, from, to, changes, knownSince, error, result } = backtest;
  return {
    ...{ id, state, progress: Math.round(progress * 1000) / 1000, from: from.toISOString(), to: to.toISOString() },
    ...{ changes, known_since: knownSince?.toISOString() ?? null, error, result: result && resultOf(result) },
  };
}

function resultOf({ timeline: two, receivers, criticals, ...counts }: Comparison): z.infer<typeof comparison> {
  const { startsAt, stepMs, before, after } = two;
  return {
    ...counts,
    timeline: { starts_at: startsAt.toISOString(), step_ms: stepMs, before, after },
    receivers: receivers.map((one: Receiver) => ({ ...one })),
    criticals: { ...criticals, examples: criticals.examples.map(exampleOf) },
  };
}

function exampleOf({ fingerprint, labels, startsAt, toldAt, wouldBeToldAt }: CriticalChange) {
  return {
    ...{ fingerprint, labels: { ...labels }, starts_at: startsAt.toISOString(), told_at: toldAt.toISOString() },
    would_be_told_at: wouldBeToldAt?.toISOString() ?? null,
  };
}
