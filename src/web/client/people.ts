/** Where people and rooms are reached, and how that fares. */
import { readAll } from './objects.ts';
import { request } from './request.ts';
import type { Address, Contact, DestinationHealth, Robot } from './types.ts';

/** How every address fares that a message ever went to. */
export const destinationsQuery = {
  queryKey: ['notifications', 'destinations'],
  queryFn: ({ signal }: { signal: AbortSignal }) => readAll<DestinationHealth>('api/v1/destinations', signal),
};

/** Tries again what was given up for a destination. @returns how many alerts may be told again */
export async function rearm(destinationId: string): Promise<{ alerts: number }> {
  return request('POST', `api/v1/destinations/${encodeURIComponent(destinationId)}/rearm`);
}

/** Every address that messages to a contact go to. Pure. */
export function addressesOf({ email, wecom }: Pick<Contact, 'email' | 'wecom'>): Address[] {
  return [
    ...(email === null ? [] : [{ channel: 'email', address: email }]),
    ...(wecom === null ? [] : [{ channel: 'wecom-app', address: wecom }]),
  ];
}

/** A room is addressed by its name. Pure. */
export function addressOfRoom({ name }: Pick<Robot, 'name'>): Address {
  return { channel: 'wecom-robot', address: name };
}
