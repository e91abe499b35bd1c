/** What is kept back for a while, and then told in one message. Pure. */
import type { Policy } from '../../alert/config.ts';
import { type Digest, digestFrom } from '../../alert/digest.ts';
import type { Reason } from '../../alert/reason.ts';
import { spanAt } from '../../alert/time-interval.ts';
import { type Slots, type StormState, slotsAt } from './storm.ts';

/** Notifications that are told in one message. */
export interface Together {
  /** The same for all of them. */
  key: string;
  /** Until then they gather. */
  sendAt: Date;
}

/** Until when something is kept back; `at` has come: it is told now, in one message with its like. */
export interface Hold extends Together {
  reason: Extract<Reason, 'storm' | 'quiet_hours' | 'digest'>;
  at: Date;
}

/** How an incident is told while its alert group has a storm or quiet hours. */
export interface Holds {
  /** Null: as usual. */
  normal: Hold | null;
  /** Critical alerts pass; where storms are known they share a message with those of the same seconds. Null: as usual. */
  critical: Together | null;
}

/** Nothing is kept back. */
export const noHolds: Holds = { normal: null, critical: null };

/** Time enough to decide thousands of incidents that are due at once. */
const gatherMs = 15_000;
/** Little enough for somebody who is called at night; they are sent at full multiples of it. */
const criticalGatherMs = 3_000;
/** What a storm or quiet hours have kept back is told together when they are over; to decide all of it may take so long. */
const clearingMs = 60_000;

/** The key of what quiet hours have kept back. */
export const quietKey = 'quiet_hours';

/** The key of what waits for a digest of its recipient. */
export const digestKey = 'digest';

/** The key of critical alerts of any storm: whoever is in several gets them together. */
export const criticalKey = 'storm/critical';

/** The key of what the storm of an alert group keeps back. */
export function stormKey(groupId: number): string {
  return `storm/${groupId}`;
}

/** From when on all that a storm kept back has been decided, when nothing fell behind. */
export function clearedAt(endedAt: Date): Date {
  return later(endedAt, clearingMs + gatherMs);
}

/** The alert group that a storm's key names; null: it is not one of a storm. */
export function stormGroupOf(key: string): number | null {
  const id = /^storm\/(\d+)$/.exec(key)?.[1];
  return id === undefined ? null : Number(id);
}

/** What the storm and the quiet hours of an alert group do at a moment. */
export function holdsOf(group: { id: number; policy: Policy }, storm: StormState | null, now: Date): Holds {
  const slots = slotsOf(group.policy);
  const quiet = quietHold(group.policy, now);
  if (slots === null) return { normal: quiet, critical: null };
  // What is critical is decided first, so when it is told nobody may know yet that there is a storm.
  const critical = { key: criticalKey, sendAt: nextMultiple(now) };
  return { normal: quiet ?? (storm && stormHold(group.id, storm, slots, now)), critical };
}

/**
 * What the digest of a destination does to an incident of an alert group that keeps back `normal`. A digest in
 * quiet hours comes when they end; a storm has nothing to add, since what waits for a digest is one message already.
 *
 * @param heldUntil the digest that the incident waits for since an earlier decision, so that one which is decided late, after
 *   an absence of ours, is not left to the next; null: it waits for none yet
 */
export function digestHold(
  digest: Digest,
  { normal, heldUntil }: { normal: Hold | null; heldUntil: Date | null },
  now: Date,
): Hold {
  const quietUntil = normal?.reason === 'quiet_hours' && normal.at > now ? normal.at : null;
  const due = heldUntil !== null && heldUntil <= now ? heldUntil : digestFrom(digest, now);
  const at = quietUntil !== null && quietUntil > due ? quietUntil : due;
  return { reason: 'digest', at, key: digestKey, sendAt: nextOf(at, now) };
}

/** When messages of a storm are sent; null: the policy knows no storms. */
export function slotsOf({ storm, groupWaitMs }: Policy): Slots | null {
  return storm && { ...storm, groupWaitMs };
}

function stormHold(groupId: number, storm: StormState, slots: Slots, now: Date): Hold | null {
  const key = stormKey(groupId);
  const { firstAt, endedAt } = storm;
  if (firstAt === null) return null;
  if (endedAt === null) {
    const { last, next } = slotsAt(firstAt, slots.intervalMs, now);
    const due = last !== null && now.getTime() < last.getTime() + gatherMs;
    const at = due ? last : next;
    return { reason: 'storm', at, key, sendAt: later(at, gatherMs) };
  }
  if (now.getTime() >= endedAt.getTime() + clearingMs) return null;
  return { reason: 'storm', at: endedAt, key, sendAt: nextOf(endedAt, now) };
}

function quietHold({ quietTimes }: Policy, now: Date): Hold | null {
  if (quietTimes === null) return null;
  const present = spanAt(quietTimes.together, now);
  const just = present.active ? present : spanAt(quietTimes.together, later(now, -clearingMs));
  if (!just.active) return null;
  // Without an end within ten years it is asked again tomorrow.
  const at = just.until ?? later(now, 24 * 60 * 60_000);
  return { reason: 'quiet_hours', at, key: quietKey, sendAt: present.active ? later(at, gatherMs) : nextOf(at, now) };
}

/** They gather at steps from the begin on. */
function nextOf(from: Date, now: Date): Date {
  const steps = Math.floor((now.getTime() - from.getTime()) / gatherMs) + 1;
  return later(from, steps * gatherMs);
}

function nextMultiple(now: Date): Date {
  return new Date((Math.floor(now.getTime() / criticalGatherMs) + 1) * criticalGatherMs);
}

function later(at: Date, ms: number): Date {
  return new Date(at.getTime() + ms);
}
