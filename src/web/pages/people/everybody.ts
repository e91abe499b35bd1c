import { useQuery } from '@tanstack/react-query';
import { useMemo } from 'react';
import { allQuery } from '../../client/objects.ts';
import { addressesOf, addressOfRoom } from '../../client/people.ts';
import type { Staffing, Telling } from '../../client/telling.ts';
import type { Contact, Robot } from '../../client/types.ts';
import { type Card, inOrder } from './card.tsx';
import { useHealth } from './health.ts';
import { hrefOfContact, hrefOfRoom } from './hrefs.ts';
import { groupsOfContact, groupsOfRoom } from './telling.ts';

interface Everybody {
  contacts: Card[];
  rooms: Card[];
}

/** Everybody who fits what is typed, with how they fare. */
export function useEverybody(wanted: string): {
  data: Everybody | undefined;
  error: Error | null;
  refetch: () => void;
} {
  const contacts = useQuery(allQuery<Contact>('contacts'));
  const robots = useQuery(allQuery<Robot>('robots'));
  const groups = useQuery(allQuery<Telling>('alert-groups'));
  const schedules = useQuery(allQuery<Staffing>('schedules'));
  const health = useHealth();
  const healthOf = health.data;
  const data = useMemo(() => {
    if (contacts.data === undefined || robots.data === undefined || groups.data === undefined) return undefined;
    if (healthOf === undefined || schedules.data === undefined) return undefined;
    const [telling, staffing] = [groups.data, schedules.data];
    const people = contacts.data.map((object): Card => {
      const addresses = addressesOf(object).map(healthOf);
      const naming = groupsOfContact(telling, staffing, object.name);
      return { object, href: hrefOfContact(object.name), addresses, groups: naming };
    });
    const rooms = robots.data.map((object): Card => {
      const naming = groupsOfRoom(telling, object.name);
      return { object, href: hrefOfRoom(object.name), addresses: [healthOf(addressOfRoom(object))], groups: naming };
    });
    return { contacts: inOrder(people, wanted), rooms: inOrder(rooms, wanted) };
  }, [contacts.data, robots.data, groups.data, schedules.data, healthOf, wanted]);
  const refetch = () => {
    for (const query of [contacts, robots, groups, schedules, health]) void query.refetch();
  };
  const error = contacts.error ?? robots.error ?? groups.error ?? schedules.error ?? health.error;
  return { data, error, refetch };
}
