/**
 * Proves that the database takes what is written: each replica has a row of its own, which it claims as a delivery claims a
 * notification, by a conditional update that must hit. A database that only reads, or whose disk is full, answers every
 * question and still sends no message.
 */
import { randomUUID } from 'node:crypto';
import { errorCode, errorMessage, isStorageTrouble } from '../errors.ts';
import type { Db } from '../store/db.ts';

/** Says what is wrong with the database, null: nothing. Whoever asks within the same second shares one write. */
export type Prove = () => Promise<string | null>;

/** A prober waits no longer than that. */
const withinMs = 1_500;
/** A flood of probes costs one write in that time. */
const sharedMs = 1_000;
/** A replica that has not been asked for so long is gone. */
const forgottenMs = 24 * 3_600_000;

const notAnswering = 'the database does not answer';
const unreachable = 'the database cannot be reached';

/** SQLSTATEs (https://www.postgresql.org/docs/18/errcodes-appendix.html) that say more than that a write failed. */
const known: Readonly<Record<string, string>> = {
  '25006': 'the database is read-only',
  '53100': 'the disk of the database is full',
  '53300': 'the database takes no more connections',
  '57014': notAnswering,
};

/** @param parts.now decides when an answer is too old to be shared */
export function createProof({ db, now }: { db: Db; now: () => Date }): Prove {
  const claim = createClaim(db);
  let underWay: Promise<string | null> | null = null;
  let last: { at: number; trouble: string | null } | null = null;

  function start(at: Date): Promise<string | null> {
    const run = claim(at)
      .then(() => null, troubleOf)
      .then((trouble) => {
        last = { at: at.getTime(), trouble };
        underWay = null;
        return trouble;
      });
    underWay = run;
    return run;
  }

  return async () => {
    const at = now();
    const age = last === null ? -1 : at.getTime() - last.at;
    if (last !== null && age >= 0 && age < sharedMs && underWay === null) return last.trouble;
    // One that hangs is waited for, and none is begun beside it: it holds a connection already.
    return within(underWay ?? start(at));
  };
}

async function within(asked: Promise<string | null>): Promise<string | null> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<string>((resolve) => {
    timer = setTimeout(() => resolve(notAnswering), withinMs);
  });
  return Promise.race([asked, late]).finally(() => clearTimeout(timer));
}

/** Each is one statement: the embedded database has one connection, which a transaction would keep from the others. */
function createClaim(db: Db): (at: Date) => Promise<void> {
  const replica = randomUUID();
  let count = 0;

  async function claimed(at: Date): Promise<boolean> {
    const { rows } = await db.query(
      'update proof set count = count + 1, at = $3 where replica = $1 and count = $2 returning count',
      [replica, count, at],
    );
    if (rows.length > 0) count += 1;
    return rows.length > 0;
  }

  /** Also after one whose answer was lost: nobody knows then what the row says. */
  async function enter(at: Date): Promise<void> {
    await db.query(
      `with gone as (delete from proof where at < $4)
       insert into proof (replica, count, at) values ($1, $2, $3)
       on conflict (replica) do update set count = excluded.count, at = excluded.at`,
      [replica, count, at, new Date(at.getTime() - forgottenMs)],
    );
  }

  return async (at) => {
    if (await claimed(at)) return;
    await enter(at);
    if (!(await claimed(at))) throw new Error('what was just written is not there');
  };
}

function troubleOf(error: unknown): string {
  const code = errorCode(error) ?? '';
  const words = known[code];
  if (words !== undefined) return words;
  if (/timeout/i.test(errorMessage(error))) return notAnswering;
  if (isStorageTrouble(error)) return unreachable;
  return /^[0-9A-Z]{5}$/.test(code) ? `the database refuses a write (SQLSTATE ${code})` : unreachable;
}
