/**
 * Our own heartbeat to somebody outside (a dead man's switch): it goes out only while everything is well, so that its absence
 * is an alarm that needs nothing of ours. One replica sends it; when that one is gone, or cannot, another does.
 */
import type { OwnTrouble, Unwell } from '../alert/unwell.ts';
import type { Db } from '../store/db.ts';
import type { HeartbeatTarget, SendHeartbeat } from './send.ts';

/** What became of one beat. */
export const beatResults = ['sent', 'failed', 'withheld'] as const;
export type BeatResult = (typeof beatResults)[number];

export interface OutgoingSettings extends HeartbeatTarget {
  intervalMs: number;
}

export interface OutgoingParts {
  settings: OutgoingSettings;
  db: Db;
  now: () => Date;
  /** Why not everything is well. */
  unwell: (now: Date) => Promise<OwnTrouble>;
  send: SendHeartbeat;
  /** When this replica stops. */
  stopped: AbortSignal;
  count: (result: BeatResult) => void;
  log: Record<'info' | 'warn', (facts: object, text: string) => void>;
}

/** Ticks come a little early or late. */
const slackMs = 2_500;
/** What sent nothing is made up for after no longer than that, however long the interval. */
const retryWithinMs = 60_000;

/** Makes the function that is called every few seconds and sends a beat when one is due. */
export function createOutgoingHeartbeat(parts: OutgoingParts): () => Promise<void> {
  const { intervalMs } = parts.settings;
  const retryMs = Math.min(intervalMs, retryWithinMs);
  const beat = createBeat(parts);
  let nextAt = Number.NEGATIVE_INFINITY;

  return async () => {
    const at = parts.now();
    const waitMs = nextAt - at.getTime();
    // Nobody waits for longer than two intervals, unless the clock was set back.
    if (waitMs > 0 && waitMs <= 2 * intervalMs) return;
    // Also when the database breaks off what follows.
    nextAt = at.getTime() + retryMs;
    nextAt = (await beat(at)) ?? parts.now().getTime() + retryMs;
  };
}

/** Makes what tries one beat, and says when this replica has to come again; null: nothing was sent, soon. */
function createBeat(parts: OutgoingParts): (at: Date) => Promise<number | null> {
  const { settings, db, now } = parts;
  const { intervalMs } = settings;
  const tell = createTeller(parts);

  return async (at) => {
    const { reasons, failingChannels } = await parts.unwell(at);
    if (reasons.length > 0) {
      tell('withheld', inWords({ reasons, failingChannels }));
      if (!reasons.includes('database')) await noteWithheld(db, at, reasons);
      return null;
    }
    if (!(await claim(db, at, intervalMs))) return claimEndsAt(db, at, intervalMs);
    const failure = await parts.send(settings, parts.stopped);
    if (failure !== null && parts.stopped.aborted) {
      await giveBack(db, at);
      return null;
    }
    tell(failure === null ? 'sent' : 'failed', failure ?? '');
    await noteResult(db, { claimedAt: at, at: now(), failure });
    return failure === null ? at.getTime() + intervalMs - slackMs : null;
  };
}

/** Each reason with what it is about, for the log. */
function inWords({ reasons, failingChannels }: OwnTrouble): string {
  const named = (reason: Unwell) =>
    reason === 'channel_failing' ? `${reason} (${failingChannels.join(', ')})` : reason;
  return reasons.map(named).join(', ');
}

/** Counts each beat, and logs only what has changed. */
function createTeller({ count, log }: OutgoingParts): (result: BeatResult, why: string) => void {
  let before = '';
  return (result, why) => {
    count(result);
    const state = `${result} ${why}`;
    if (state === before) return;
    before = state;
    if (result === 'sent') log.info({}, 'the outgoing heartbeat is sent');
    else if (result === 'failed') log.warn({ why }, 'the outgoing heartbeat does not arrive');
    else log.warn({ why }, 'the outgoing heartbeat is kept back: not everything is well');
  };
}

/** Whether this replica sends it this time. One that comes a little early may have it: else the beats would come ever later. */
async function claim(db: Db, now: Date, intervalMs: number): Promise<boolean> {
  const { rows } = await db.query(
    `insert into outgoing_heartbeat as h (id, claimed_at) values (true, $1)
     on conflict (id) do update set claimed_at = excluded.claimed_at
       where h.claimed_at is null or h.claimed_at <= $2 or h.claimed_at > $3 returning id`,
    // One that lies in the future is of a clock that was set back.
    [now, new Date(now.getTime() - intervalMs + slackMs), new Date(now.getTime() + intervalMs)],
  );
  return rows.length > 0;
}

/**
 * Just after the beat is due again that another replica has claimed: the one that works keeps it, and is not overtaken by one
 * that does not. At once when that has given its claim back meanwhile.
 */
async function claimEndsAt(db: Db, now: Date, intervalMs: number): Promise<number> {
  const { rows } = await db.query<{ claimedAt: Date | null }>(
    'select claimed_at as "claimedAt" from outgoing_heartbeat',
  );
  const claimedAt = rows[0]?.claimedAt ?? null;
  return claimedAt === null ? now.getTime() : claimedAt.getTime() + intervalMs + slackMs;
}

/** A stop says nothing about the way outside: whoever comes next may send it. */
async function giveBack(db: Db, claimedAt: Date): Promise<void> {
  await db.query('update outgoing_heartbeat set claimed_at = null where claimed_at = $1', [claimedAt]);
}

/** After a failure another replica may try before this one does: the way from here may be the broken one. */
async function noteResult(
  db: Db,
  { claimedAt, at, failure }: { claimedAt: Date; at: Date; failure: string | null },
): Promise<void> {
  await db.query(
    failure === null
      ? 'update outgoing_heartbeat set sent_at = $2, failure = null where claimed_at >= $1'
      : `update outgoing_heartbeat set failed_at = $2, failure = $3,
           claimed_at = case when claimed_at = $1 then null else claimed_at end`,
    failure === null ? [claimedAt, at] : [claimedAt, at, failure],
  );
}

async function noteWithheld(db: Db, now: Date, why: readonly Unwell[]): Promise<void> {
  await db.query(
    `insert into outgoing_heartbeat (id, withheld_at, withheld) values (true, $1, $2)
     on conflict (id) do update set withheld_at = excluded.withheld_at, withheld = excluded.withheld`,
    [now, why],
  );
}

/** What the status says of it. */
export interface OutgoingStatus {
  lastSentAt: Date | null;
  /** What kept the beats since then from arriving; empty: nothing. */
  withheld: readonly Unwell[];
  failure: string | null;
}

export async function readOutgoing(db: Db): Promise<OutgoingStatus> {
  const { rows } = await db.query<OutgoingStatus & Record<string, unknown>>(
    `select sent_at as "lastSentAt", failure,
       case when withheld_at > coalesce(greatest(sent_at, failed_at), '-infinity') then withheld else '{}' end as withheld
     from outgoing_heartbeat`,
  );
  return rows[0] ?? { lastSentAt: null, withheld: [], failure: null };
}
