/** What a draft would have done: the service replays the last days, and is asked how far it is. */
import type { Backtest, BacktestRequest } from './backtest-types.ts';
import { whileSignedIn } from './credential.ts';
import { ApiError, request } from './request.ts';

export type * from './backtest-types.ts';

const askEveryMs = 700;
/** Each replica knows its own only: behind a load balancer another one may answer, and the next time the right one. */
const strangersAtMost = 12;

/** @throws ApiError 400, 409: the draft is wrong; 429: too many wait */
export function startBacktest(body: BacktestRequest): Promise<Backtest> {
  return request('POST', 'api/v1/backtests', { body });
}

/** Whether nobody knows it (any more). */
export function isLost(error: Error | null): boolean {
  return error instanceof ApiError && error.status === 404;
}

export function isUnderWay(backtest: Backtest | undefined): boolean {
  return backtest?.state === 'waiting' || backtest?.state === 'running';
}

export const backtestQuery = (id: string) => ({
  queryKey: ['backtest', id],
  queryFn: ({ signal }: { signal: AbortSignal }) =>
    request<Backtest>('GET', `api/v1/backtests/${encodeURIComponent(id)}`, { signal }),
  staleTime: Number.POSITIVE_INFINITY,
  refetchInterval: ({ state: { data, error } }: { state: { data: Backtest | undefined; error: Error | null } }) =>
    isUnderWay(data) && !isLost(error) && whileSignedIn(askEveryMs),
  retry: (failures: number, error: Error) => isLost(error) && failures < strangersAtMost,
  retryDelay: askEveryMs,
});
