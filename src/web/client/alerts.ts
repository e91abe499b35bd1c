import { request } from './request.ts';
import type { Explanation } from './types.ts';

/** An alert with every step that it took. */
export const explainQuery = (fingerprint: string) => ({
  queryKey: ['alerts', fingerprint, 'explain'],
  queryFn: () => request<Explanation>('GET', `api/v1/alerts/${encodeURIComponent(fingerprint)}/explain`),
});
