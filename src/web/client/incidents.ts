/** What the page asks of incidents. */
import { request } from './request.ts';
import type { Incident, IncidentDetail } from './types.ts';

export const incidentQuery = (id: string) => ({
  queryKey: ['incidents', id],
  queryFn: () => request<IncidentDetail>('GET', `api/v1/incidents/${encodeURIComponent(id)}`),
});

/** Acknowledges an incident that is not, and takes the acknowledgement of another back. */
export function toggleAcknowledgement({ id, state }: Pick<Incident, 'id' | 'state'>): Promise<IncidentDetail> {
  const path = `api/v1/incidents/${id}/acknowledge`;
  return state === 'acknowledged' ? request('DELETE', path) : request('POST', path, { body: {} });
}
