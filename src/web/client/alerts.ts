import { request } from './request.ts';
import type { Explanation, PersonExplanation } from './types.ts';

/** An alert with every step that it took. */
export const explainQuery = (fingerprint: string) => ({
  queryKey: ['alerts', fingerprint, 'explain'],
  queryFn: () => request<Explanation>('GET', `api/v1/alerts/${encodeURIComponent(fingerprint)}/explain`),
});

/** What *explain* is asked; empty: whatever. Times are in UTC. */
export interface Asked {
  contact: string;
  robot: string;
  from: string;
  to: string;
  matchers: readonly string[];
}

/** What somebody got and did not get at a time, and whether something had arrived. */
export const peopleQuery = ({ matchers, ...rest }: Asked) => {
  const search = new URLSearchParams(Object.entries(rest).filter(([, value]) => value !== ''));
  for (const matcher of matchers) search.append('filter', matcher);
  return {
    queryKey: ['explain', search.toString()],
    queryFn: () => request<PersonExplanation>('GET', `api/v1/explain?${search}`),
  };
};
