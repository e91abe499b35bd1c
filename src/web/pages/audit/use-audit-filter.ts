import { useMemo } from 'react';
import { useSearchParams } from 'wouter';

/** Which entries are shown; it lives in the address, so that it can be sent to somebody. Empty: whatever. */
export interface AuditFilter {
  who: string;
  kind: string;
  action: string;
  key: string;
  /** Times in UTC, as the API takes them. */
  since: string;
  until: string;
}

const names = ['who', 'kind', 'action', 'key', 'since', 'until'] as const;

export const noFilter: AuditFilter = { who: '', kind: '', action: '', key: '', since: '', until: '' };

export function useAuditFilter(): [AuditFilter, (change: Partial<AuditFilter>) => void] {
  const [search, setSearch] = useSearchParams();
  const filter = useMemo<AuditFilter>(
    () => ({ ...noFilter, ...Object.fromEntries(names.map((name) => [name, search.get(name) ?? ''])) }),
    [search],
  );
  const change = (part: Partial<AuditFilter>) => {
    const wanted = Object.entries({ ...filter, ...part }).filter(([, value]) => value !== '');
    setSearch(new URLSearchParams(wanted), { replace: true });
  };
  return [filter, change];
}
