/** What made most messages, and what would make it quieter; and what such a proposal would have done. */
import { whileSignedIn } from './credential.ts';
import type { NoiseReport, NoiseSince, Proposal, Trial } from './noise-types.ts';
import { request, withQuery } from './request.ts';

export type * from './noise-types.ts';

/** It takes the service some seconds: not read again at each event. */
export const noiseQuery = (since: NoiseSince) => ({
  queryKey: ['noise', since],
  queryFn: ({ signal }: { signal: AbortSignal }) =>
    request<NoiseReport>('GET', withQuery('api/v1/noise', { since }), { signal }),
  staleTime: 5 * 60_000,
});

/** @throws ApiError 409: something has been edited meanwhile; 429: too many wait */
export function startTrial({ alert_group }: Proposal, since: NoiseSince): Promise<Trial> {
  return request('POST', 'api/v1/backtests', { body: { since, alert_group } });
}

const askEveryMs = 700;

/** Asked for until it is over. */
export const trialQuery = (id: string) => ({
  queryKey: ['noise-trial', id],
  queryFn: ({ signal }: { signal: AbortSignal }) =>
    request<Trial>('GET', `api/v1/backtests/${encodeURIComponent(id)}`, { signal }),
  staleTime: Number.POSITIVE_INFINITY,
  refetchInterval: ({ state: { data, error } }: { state: { data: Trial | undefined; error: Error | null } }) => {
    const over = error !== null || data?.state === 'done' || data?.state === 'failed';
    return over ? false : whileSignedIn(askEveryMs);
  },
});
