/** `GET /api/v1/consistency`. */
import { type AnyRoute, route } from '../http/route.ts';
import type { Db } from '../store/db.ts';
import { consistencyAnswer } from './answer.ts';
import { type BoardParts, readBoard } from './board.ts';

/** What the route needs from the rest of the service. */
export interface ConsistencyParts extends Omit<BoardParts, 'now'> {
  db: Db;
  now: () => Date;
}

/** It reads all that a day brought; whoever asked has gone after half a minute. */
const statementTimeoutMs = 25_000;

export function consistencyRoutes({ db, now, ...parts }: ConsistencyParts): AnyRoute[] {
  return [
    route({
      method: 'get',
      path: '/api/v1/consistency',
      tag: 'consistency',
      summary: 'Which source did not deliver what the others did, how late, and what polls of its Alertmanagers found',
      role: 'viewer',
      responses: { 200: { description: 'Every source, by name', schema: consistencyAnswer } },
      handle: async () => {
        const read = { ...parts, now: now() };
        return { status: 200, body: await db.transaction((tx) => readBoard(tx, read), { statementTimeoutMs }) };
      },
    }),
  ];
}
