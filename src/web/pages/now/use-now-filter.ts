import { useMemo } from 'react';
import { useSearchParams } from 'wouter';
import type { IncidentState } from '../../client/types.ts';

/** Which incidents are shown; it lives in the address, so that it can be sent to somebody. */
export interface NowFilter {
  state: 'open' | 'unacknowledged' | 'acknowledged' | 'closed';
  critical: boolean;
  /** Only those of this alert group; null: of all. */
  group: string | null;
  matchers: readonly string[];
}

export const statesOf: Readonly<Record<NowFilter['state'], readonly IncidentState[]>> = {
  open: ['open', 'acknowledged'],
  unacknowledged: ['open'],
  acknowledged: ['acknowledged'],
  closed: ['closed'],
};

export function useNowFilter(): [NowFilter, (filter: NowFilter) => void] {
  const [search, setSearch] = useSearchParams();
  const filter = useMemo<NowFilter>(() => {
    const state = search.get('state') ?? '';
    return {
      state: Object.hasOwn(statesOf, state) ? (state as NowFilter['state']) : 'open',
      critical: search.get('critical') === 'true',
      group: search.get('group') || null,
      matchers: search.getAll('filter'),
    };
  }, [search]);
  const change = ({ state, critical, group, matchers }: NowFilter) => {
    const next = new URLSearchParams();
    if (state !== 'open') next.set('state', state);
    if (critical) next.set('critical', 'true');
    if (group !== null) next.set('group', group);
    for (const matcher of matchers) next.append('filter', matcher);
    setSearch(next, { replace: true });
  };
  return [filter, change];
}
