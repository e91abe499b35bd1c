/** What made most messages, and what would make it quieter. */
import type { NoiseReport, NoiseSince } from './noise-types.ts';
import { request, withQuery } from './request.ts';

export type * from './noise-types.ts';

/** It takes the service some seconds: not read again at each event. */
export const noiseQuery = (since: NoiseSince) => ({
  queryKey: ['noise', since],
  queryFn: ({ signal }: { signal: AbortSignal }) =>
    request<NoiseReport>('GET', withQuery('api/v1/noise', { since }), { signal }),
  staleTime: 5 * 60_000,
});
