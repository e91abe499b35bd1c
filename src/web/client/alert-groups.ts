/** Alert groups: the order in which they are matched, and what a draft would do. */
import type { GroupPreview, Order, Policy, PreviewRequest } from './alert-group-types.ts';
import { whileSignedIn } from './credential.ts';
import { ask, request, withQuery } from './request.ts';

export type * from './alert-group-types.ts';

/** What holds where a policy says nothing. */
export const usualPolicy: Policy = {
  group_by: ['alertname'],
  group_wait: '30s',
  group_interval: '5m',
  repeat_interval: '4h',
  send_resolved: true,
  for: '0s',
  keep_firing_for: '0s',
  flapping: null,
  storm: null,
  quiet_time_intervals: [],
  mute_time_intervals: [],
  active_time_intervals: [],
};

export const orderQuery = {
  queryKey: ['config', 'alert-group-order'],
  queryFn: async ({ signal }: { signal: AbortSignal }): Promise<Order> => {
    const { body, etag } = await ask<{ names: string[] }>('GET', 'api/v1/alert-group-order', { signal });
    return { names: body.names, etag };
  },
};

/** @throws ApiError 412: somebody has put them in another order since */
export function saveOrder({ names, etag }: Order, comment: string): Promise<void> {
  const path = withQuery('api/v1/alert-group-order', { comment });
  return request('PUT', path, { body: { names }, ...(etag === null ? {} : { ifMatch: etag }) });
}

/** Made anew when the configuration changes, and every minute: alerts come and go. */
export const previewQuery = (body: PreviewRequest) => ({
  queryKey: ['config', 'group-preview', body],
  queryFn: ({ signal }: { signal: AbortSignal }) =>
    request<GroupPreview>('POST', 'api/v1/alert-groups/preview', { body, signal }),
  refetchInterval: () => whileSignedIn(60_000),
  gcTime: 60_000,
});
