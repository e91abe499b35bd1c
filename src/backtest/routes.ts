/** `POST /api/v1/backtests` and `GET /api/v1/backtests/{id}`. */
import { z } from 'zod';
import type { Snapshot } from '../alert/config.ts';
import { parseDuration } from '../alert/duration.ts';
import { parseYaml } from '../http/body.ts';
import { HttpProblem } from '../http/problem.ts';
import { type AnyRoute, type Caller, route } from '../http/route.ts';
import { answerOf, backtestAnswer } from './answer.ts';
import { type Backtests, warmUpMs } from './jobs.ts';

/** What the routes need from the rest of the service. */
export interface BacktestRouteParts {
  backtests: Backtests;
  now: () => Date;
  /** Changes of alerts are kept for so long. */
  keptMs: number;
  /** The configuration of now, with the silences since `from`. */
  configuration: (from: Date) => Promise<Snapshot>;
  /** The same with a document applied. @throws HttpProblem when it is not valid or does not fit */
  withDocument: (document: unknown, from: Date, by: Caller) => Promise<Snapshot>;
  /** The same with a draft of one alert group. @throws HttpProblem when it is not valid or does not fit */
  withGroup: (draft: unknown, from: Date) => Promise<Snapshot>;
}

const shortestMs = 60_000;
const longestMs = 366 * 24 * 3_600_000;

const since = z
  .string()
  .max(40)
  .refine(isSince, 'a duration between 1m and 366d such as 7d')
  .default('7d')
  .describe('How far back: a duration such as 7d');

const startBody = z
  .strictObject({
    since,
    document: z
      .union([z.looseObject({}), z.string()], 'an object, or YAML as text')
      .optional()
      .describe('What apply would be given, or its YAML as one text'),
    alert_group: z
      .looseObject({})
      .optional()
      .describe('A draft of one alert group: `draft`, `key` and `position` as for its preview'),
  })
  .refine((body) => (body.document === undefined) !== (body.alert_group === undefined), {
    message: 'give either document or alert_group',
  });

function isSince(text: string): boolean {
  try {
    const ms = parseDuration(text);
    return ms >= shortestMs && ms <= longestMs;
  } catch {
    return false;
  }
}

/** @throws HttpProblem 400 with the place of the syntax error */
function readDocument(document: unknown): unknown {
  // An empty text is a document that changes nothing, as an empty file is.
  return typeof document === 'string' ? (parseYaml(document) ?? {}) : document;
}

const idParam = z.object({ id: z.uuid() });

export function backtestRoutes(parts: BacktestRouteParts): AnyRoute[] {
  const about = { tag: 'backtests' } as const;
  return [
    route({
      ...about,
      method: 'post',
      path: '/api/v1/backtests',
      summary: 'What a draft would have done: replays what became of alerts through it. Nothing is stored or sent',
      role: 'editor',
      consumes: ['application/json', 'application/yaml'],
      bodyLimit: 16 * 1024 * 1024,
      body: startBody,
      responses: {
        202: { description: 'It has begun, or waits for another one', schema: backtestAnswer },
        409: { description: 'The draft and what is stored do not fit together' },
        429: { description: 'Too many wait already' },
      },
      handle: async ({ body, caller }) => {
        const to = parts.now();
        const from = new Date(to.getTime() - Math.min(parseDuration(body.since), parts.keptMs));
        const silencedFrom = new Date(from.getTime() - warmUpMs);
        const before = await parts.configuration(silencedFrom);
        const after =
          body.document === undefined
            ? await parts.withGroup(body.alert_group, silencedFrom)
            : await parts.withDocument(readDocument(body.document), silencedFrom, caller);
        const backtest = parts.backtests.start({ from, to, before, after });
        if (backtest === null) throw new HttpProblem(429, 'Several backtests wait already: ask again in a minute.');
        return { status: 202, body: answerOf(backtest), headers: { Location: `/api/v1/backtests/${backtest.id}` } };
      },
    }),
    route({
      ...about,
      method: 'get',
      path: '/api/v1/backtests/:id',
      summary: 'How far a backtest is, and what it found',
      role: 'viewer',
      params: idParam,
      responses: { 200: { description: 'It', schema: backtestAnswer } },
      handle: async ({ params }) => {
        const backtest = parts.backtests.find(params.id);
        if (backtest !== undefined) return { status: 200, body: answerOf(backtest) };
        throw new HttpProblem(
          404,
          `There is no backtest ${params.id}: the last 20 are kept, by the replica that made them, until it stops.`,
        );
      },
    }),
  ];
}
