/** Who was not let in, for the audit log. */
import { createThrottle } from '../http/throttle.ts';
import { recordAudit } from '../store/audit.ts';
import type { PeopleParts } from './parts.ts';

/** Whoever guesses writes no more than this into the log. */
const told = { max: 30, windowMs: 60_000 };

/** One attempt to come in that failed. */
export interface RefusedEntry {
  /** A user who exists, or `unknown`: what is no name may be a password that was typed into the wrong field. */
  name: string;
  address: string | null;
  comment?: string;
}

export type RecordRefused = (entry: RefusedEntry) => Promise<void>;

/** Records attempts that failed, of many at once only some. */
export function createRefusals({ db, now }: Pick<PeopleParts, 'db' | 'now'>): RecordRefused {
  const audits = createThrottle(told, 'Enough is told.');
  return async ({ name, address, comment }) => {
    const at = now();
    try {
      audits.refuse('all', at);
    } catch {
      return;
    }
    audits.count('all', at);
    const by = { name, via: 'session', address };
    await recordAudit(db, { at, by, comment: comment ?? null, action: 'sign-in-failed', kind: 'users', key: name });
  };
}
