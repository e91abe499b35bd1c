/** Whether two sites are configured alike: a hash of what decides who is told what, and how. */
import { createHash } from 'node:crypto';
import { compareUtf8 } from '../alert/fingerprint.ts';
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
    const hash = hashOf(document);
    last = { version: wanted, hash };
    return hash;
  };
}

/**
 * The order of alert groups decides who is told; that of everything else is of the database's collation, which another site
 * need not have. Pure.
 */
export function hashOf(document: Partial<Record<Section, unknown>>): string {
  const parts = compared.map((section) => {
    const objects = [document[section] ?? []].flat().map((object) => JSON.stringify(object, sortedKeys));
    return [section, section === 'alert_groups' ? objects : objects.sort(compareUtf8)];
  });
  return createHash('sha256').update(JSON.stringify(parts)).digest('hex');
}

function sortedKeys(_: string, value: unknown): unknown {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return value;
  return Object.fromEntries(Object.entries(value).sort(([a], [b]) => compareUtf8(a, b)));
}
