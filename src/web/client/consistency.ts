/** Which source did not deliver what the others did. */
import type { Consistency } from './consistency-types.ts';
import { whileSignedIn } from './credential.ts';
import { request } from './request.ts';

export type * from './consistency-types.ts';

/** No event tells of polls. */
export const consistencyQuery = {
  queryKey: ['consistency'],
  queryFn: ({ signal }: { signal: AbortSignal }) => request<Consistency>('GET', 'api/v1/consistency', { signal }),
  refetchInterval: () => whileSignedIn(30_000),
};
