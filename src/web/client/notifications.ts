import { request, withQuery } from './request.ts';
import type { Notification, NotificationDetail, Page } from './types.ts';

export const notificationQuery = (id: string) => ({
  queryKey: ['notifications', id],
  queryFn: () => request<NotificationDetail>('GET', `api/v1/notifications/${encodeURIComponent(id)}`),
});

/** The newest messages of an incident. */
export const notificationsOf = (incident: string) => ({
  queryKey: ['notifications', 'of', incident],
  queryFn: () => request<Page<Notification>>('GET', withQuery('api/v1/notifications', { incident, limit: 100 })),
});

export function retryNotification(id: string): Promise<NotificationDetail> {
  return request('POST', `api/v1/notifications/${id}/retry`);
}
