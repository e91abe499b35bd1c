/** What an entry is about, as people call it, and where it is shown. */
import type { AuditEntry } from '../../client/types.ts';
import { addressOf } from '../../parts/address.ts';

const paths: Readonly<Record<string, (key: string) => string>> = {
  'alert-groups': (key) => addressOf('/alert-groups', key),
  'alert-group-order': () => '/alert-groups',
  contacts: (key) => addressOf('/people/contacts', key),
  robots: (key) => addressOf('/people/robots', key),
  sources: (key) => addressOf('/sources', key),
  silences: (key) => addressOf('/silences', key),
  schedules: (key) => addressOf('/schedules', key),
  'time-intervals': (key) => addressOf('/time-intervals', key),
  'inhibition-rules': (key) => addressOf('/inhibition-rules', key),
  heartbeats: (key) => addressOf('/heartbeats', key),
  'daily-messages': (key) => addressOf('/daily-messages', key),
  incidents: (key) => `/incidents/${encodeURIComponent(key)}`,
  notifications: () => '/deliveries',
  users: () => '/users',
  tokens: () => '/users',
};

/** Null: there is no page of it, or it is gone. Pure. */
export function objectPath({ kind, key, action }: AuditEntry): string | null {
  if (action === 'delete' || !Object.hasOwn(paths, kind)) return null;
  return paths[kind]?.(key) ?? null;
}

/** Whose keys are ids, and the field that people know them by, as far as it is among what was changed. */
const telling: Readonly<Record<string, string>> = { tokens: 'name', silences: 'matchers' };

/** Empty: the kind says it all. Pure. */
export function objectName({ kind, key, changes }: AuditEntry): string {
  const change = changes.find(({ path }) => path === telling[kind]);
  const told = change?.after ?? change?.before ?? key;
  return Array.isArray(told) ? told.flat().join(', ') : String(told);
}

/** Whether the entry is about nothing but who did it. Pure. */
export function isAboutSelf({ action }: AuditEntry): boolean {
  return action.startsWith('sign-');
}
