/** What the page asks of incidents and silences. */
import { request, withQuery } from './request.ts';
import type { Incident, IncidentDetail, Silence } from './types.ts';

export const incidentQuery = (id: string) => ({
  queryKey: ['incidents', id],
  queryFn: () => request<IncidentDetail>('GET', `api/v1/incidents/${encodeURIComponent(id)}`),
});

/** Acknowledges an incident that is not, and takes the acknowledgement of another back. */
export function toggleAcknowledgement({ id, state }: Pick<Incident, 'id' | 'state'>): Promise<IncidentDetail> {
  const path = `api/v1/incidents/${id}/acknowledge`;
  return state === 'acknowledged' ? request('DELETE', path) : request('POST', path, { body: {} });
}

export interface SilenceDraft {
  matchers: string[];
  duration: string;
  comment: string;
}

/** @param confirmed an admin knows that it hides everything critical */
export function createSilence(draft: SilenceDraft, confirmed: boolean): Promise<Silence> {
  const confirm = confirmed ? 'hides-all-critical' : undefined;
  return request('POST', withQuery('api/v1/silences', { confirm }), { body: draft });
}

export interface SilencePreview {
  alerts: { total: number; critical: number };
  hides_all_critical: boolean;
}

export function previewSilence(matchers: readonly string[], signal: AbortSignal): Promise<SilencePreview> {
  return request('POST', 'api/v1/silences/preview', { body: { matchers }, signal });
}
