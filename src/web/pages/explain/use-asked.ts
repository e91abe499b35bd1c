import { useMemo } from 'react';
import { useSearchParams } from 'wouter';
import type { Asked } from '../../client/alerts.ts';

const names = ['contact', 'robot', 'from', 'to'] as const;

/** What is asked lives in the address, so that it can be sent to somebody. */
export function useAsked(): [Asked, (change: Partial<Asked>) => void] {
  const [search, setSearch] = useSearchParams();
  const asked = useMemo<Asked>(() => {
    const [contact, robot, from, to] = names.map((name) => search.get(name) ?? '') as [string, string, string, string];
    return { contact, robot, from, to, matchers: search.getAll('filter') };
  }, [search]);
  const change = (part: Partial<Asked>) => {
    const { matchers, ...rest } = { ...asked, ...part };
    const next = new URLSearchParams(Object.entries(rest).filter(([, value]) => value !== ''));
    for (const matcher of matchers) next.append('filter', matcher);
    setSearch(next, { replace: true });
  };
  return [asked, change];
}
