import { request } from './request.ts';
import type { Status } from './types.ts';

/** What the service is, and how it fares. */
export const statusQuery = {
  queryKey: ['incidents', 'status'],
  queryFn: () => request<Status>('GET', 'api/v1/status'),
};
