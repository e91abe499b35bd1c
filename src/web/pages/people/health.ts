/** How the addresses of people and rooms fare. */
import { useQuery } from '@tanstack/react-query';
import { useMemo } from 'react';
import { whileSignedIn } from '../../client/credential.ts';
import { destinationsQuery } from '../../client/people.ts';
import { statusQuery } from '../../client/status.ts';
import { type HealthOf, healthIn } from './address-health.ts';

/** Reads it once for all. */
export function useHealth(): { data: HealthOf | undefined; error: Error | null; refetch: () => unknown } {
  const destinations = useQuery({ ...destinationsQuery, refetchInterval: () => whileSignedIn(30_000) });
  const status = useQuery(statusQuery);
  const data = useMemo(() => {
    if (destinations.data === undefined || status.data === undefined) return undefined;
    const configured = status.data.channels.filter((channel) => channel.configured).map((channel) => channel.name);
    return healthIn(destinations.data, new Set(configured));
  }, [destinations.data, status.data]);
  const refetch = () => Promise.all([destinations.refetch(), status.refetch()]);
  return { data, error: destinations.error ?? status.error, refetch };
}
