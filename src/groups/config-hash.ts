/** Whether two sites are configured alike: a hash of what decides who is told what, and how. */
import { createHash } from 'node:crypto';
import type { Db } from '../store/db.ts';
import { exportDocument } from './apply.ts';
import type { Section } from './kinds.ts';

/** Each site has its own sources, silences of the moment, daily messages and peers. */
const compared: readonly Section[] = [
  ...(['contacts', 'robots', 'schedules', 'alert_groups', 'time_intervals', 'inhibition_rules'] as const),
];

/**
 * Makes the function that tells the hash; the configuration is read again only when its version has changed. Secrets are not
 * in it, nor the order in which fields are stored.
 *
 * @param version of the configuration that this process knows
 */
export function createConfigHash(db: Db, version: () => number, now: () => Date): () => Promise<string> {
  let last: { version: number; hash: string } | null = null;
  return async () => {
    const wanted = version();
    if (last?.version === wanted) return last.hash;
    const document = await exportDocument(db, now());
    const parts = compared.map((section) => [section, document[section] ?? []]);
    const hash = createHash('sha256').update(JSON.stringify(parts, sortedKeys)).digest('hex');
    last = { version: wanted, hash };
    return hash;
  };
}

function sortedKeys(_: string, value: unknown): unknown {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return value;
  return Object.fromEntries(Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1)));
}
