/** Who is on call when. */
import { pathOf } from './objects.ts';
import { request, withQuery } from './request.ts';
import type { Shifts } from './schedule-types.ts';

/** Who is on call from one moment to another; edits make it old. */
export const shiftsQuery = (name: string, from: number, to: number) => ({
  queryKey: ['config', 'schedules', name, 'shifts', from, to],
  queryFn: ({ signal }: { signal: AbortSignal }) => {
    const query = { from: new Date(from).toISOString(), to: new Date(to).toISOString() };
    return request<Shifts>('GET', withQuery(pathOf('schedules', name, 'shifts'), query), { signal });
  },
});

/** The address of the calendar of a schedule. */
export function calendarUrl(name: string): string {
  return new URL(pathOf('schedules', name, 'calendar.ics'), document.baseURI).href;
}
