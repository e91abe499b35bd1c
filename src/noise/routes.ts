/** `GET /api/v1/noise`. */
import { z } from 'zod';
import { parseDuration } from '../alert/duration.ts';
import { type AnyRoute, route } from '../http/route.ts';
import type { Db } from '../store/db.ts';
import { answerOf, noiseAnswer } from './answer.ts';
import { type Known, type NoisyGroup, readNoise } from './report.ts';

/** What the route needs from the rest of the service. */
export interface NoiseRouteParts extends Pick<Known, 'critical'> {
  db: Db;
  /** Those that are there now. */
  groups: () => Promise<readonly NoisyGroup[]>;
  now: () => Date;
  /** Changes of alerts are kept for so long. */
  keptMs: number;
}

/** Of a million changes each statement takes some seconds; whoever asked has gone after half a minute. */
const statementTimeoutMs = 25_000;

const query = z.strictObject({
  since: z
    .enum(['1d', '7d', '14d'])
    .default('7d')
    .describe('How far back; what is older than backtest_retention is gone'),
});

/** It reads every change of the time: whoever asks for the same while it is being read gets the same answer. */
export function noiseRoutes(parts: NoiseRouteParts): AnyRoute[] {
  const underWay = new Map<string, Promise<z.infer<typeof noiseAnswer>>>();

  async function read(since: string): Promise<z.infer<typeof noiseAnswer>> {
    const to = parts.now();
    const from = new Date(to.getTime() - Math.min(parseDuration(since), parts.keptMs));
    const known = { groups: await parts.groups(), critical: parts.critical };
    const rows = await parts.db.transaction((tx) => readNoise(tx, known, from), { statementTimeoutMs });
    return answerOf(rows, from, to);
  }

  function shared(since: string): Promise<z.infer<typeof noiseAnswer>> {
    const reading = underWay.get(since) ?? read(since).finally(() => underWay.delete(since));
    underWay.set(since, reading);
    return reading;
  }

  return [
    route({
      method: 'get',
      path: '/api/v1/noise',
      tag: 'noise',
      summary: 'What made most messages, how often and for how long it fired, and what would make it quieter',
      role: 'viewer',
      query,
      responses: { 200: { description: 'The report', schema: noiseAnswer } },
      handle: async ({ query: { since } }) => ({ status: 200, body: await shared(since) }),
    }),
  ];
}
