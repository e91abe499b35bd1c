import { useQuery } from '@tanstack/react-query';
import type { Builtin } from './alert-group-types.ts';
import { request } from './request.ts';
import type { Status } from './types.ts';

/** What the service is, and how it fares. */
export const statusQuery = {
  queryKey: ['incidents', 'status'],
  queryFn: () => request<Status>('GET', 'api/v1/status'),
};

/** Whether emergency contacts stand in for the members that an alert group lacks. */
export function useSpare(builtin: Builtin | null): boolean {
  const { data } = useQuery(statusQuery);
  const mayHave = builtin === 'self' || builtin === 'watchdog';
  return mayHave && (data?.emergency_contacts ?? 1) > 0;
}
