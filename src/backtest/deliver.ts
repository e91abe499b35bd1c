/** Deliveries of a replay: providers accept everything at once, within the same limits as really. */
import type { Receipt } from '../alert/alert.ts';
import type { DeltaKind } from '../alert/message.ts';
import type { Members } from '../pipeline/converge/destinations.ts';
import { type Difference, difference, differs } from '../pipeline/converge/difference.ts';
import { stepNaming } from '../pipeline/converge/escalation.ts';
import { type Bucket, fullBucket } from '../pipeline/deliver/bucket.ts';
import { atOnce, atOnceLimited, isMember, priorityOf, togetherAtOnce, toldBy } from '../pipeline/deliver/claim.ts';
import { kindOf } from '../pipeline/deliver/compose.ts';
import { heldAgain } from '../pipeline/deliver/held-again.ts';
import { afterTaking, allowanceOf, type Held, isLimited, letNoneThrough, waitFor } from '../pipeline/deliver/limits.ts';
import { sharedKey } from '../pipeline/deliver/occasion.ts';
import { pack } from '../pipeline/deliver/pack.ts';
import type { Told } from '../pipeline/deliver/rows.ts';
import type { TruthFinder } from './truths.ts';
import type { Destination, Incident, Notification, Replayed } from './world.ts';

/** What a message says of one incident. */
export interface SentPart {
  incident: Incident;
  kind: DeltaKind;
  difference: Difference;
  told: readonly Told[];
  /** It waited for a rate limit, or shares its message with others because of one. */
  limited: boolean;
}

/** One accepted message. */
export interface Sent {
  at: Date;
  destination: Destination;
  parts: readonly SentPart[];
}

/** What deliveries go by. */
export interface DeliverParts {
  members: Pick<Members, 'at'>;
  truths: TruthFinder;
  alert: (fingerprint: string) => Replayed;
  /** Of the limits that destinations share, by name. */
  sharedBuckets: Map<string, Bucket>;
}

interface Candidate {
  id: string;
  priority: number;
  together: string | null;
  row: Notification;
  difference: Difference;
  told: readonly Told[];
}

/** What one claim came to. */
export interface Delivered {
  sent: Sent[];
  /** Incidents that have to be decided again. */
  touched: ReadonlySet<Incident>;
  /** Those of notifications that had nothing to say any more: they are due by themselves, which may be more urgent. */
  dropped: ReadonlySet<Incident>;
}

/** Sends what may be sent to one destination now, and drops what has nothing to say any more; null: nothing is due. */
export function deliverTo(parts: DeliverParts, destination: Destination, now: Date): Delivered | null {
  if (destination.pending.size === 0) return null;
  const rows = withTheirLike(destination, now);
  if (rows.length === 0) return null;
  const [touched, dropped] = [new Set<Incident>(), new Set<Incident>()];
  if (putOff(parts, destination, rows, now)) return { sent: [], touched, dropped };
  const due = candidates(parts, destination, rows, now);
  for (const row of idleAmong(rows, due)) finish(row, dropped);
  const held = bucketsOf(parts, destination);
  const packed = pack(due, { summary: false, ...allowanceOf(held, now) });
  const messages = packed.messages.slice(0, atOnce);
  const left = afterTaking(held, messages.length, now);
  keepBuckets(parts, destination, left);
  if (packed.wait !== null && isLimited(left)) wait(left, due, { sent: new Set(packed.messages.flat()), now });
  const sent = messages.map((message) => accept(parts, destination, message, { touched, now }));
  return { sent, touched, dropped };
}

/** Those that have nothing to say any more. */
function idleAmong(rows: readonly Notification[], due: readonly Candidate[]): readonly Notification[] {
  if (due.length === rows.length) return [];
  const kept = new Set(due.map((c) => c.row));
  return rows.filter((row) => !kept.has(row));
}

/** As `waitForToken` does, before it is asked what they would say. */
function putOff(parts: DeliverParts, destination: Destination, rows: readonly Notification[], now: Date): boolean {
  const limits = destination.limits.filter((limit) => !limit.shared);
  const held = bucketsOf(parts, { limits, buckets: destination.buckets });
  if (!letNoneThrough(held, rows, now)) return false;
  for (const row of rows) {
    row.nextAt = waitFor(held, row.priority > 0, now).at.getTime();
    row.limited = true;
  }
  return true;
}

/** Notifications that may be sent now; of what is told together all of it, and alone. */
function withTheirLike(destination: Destination, now: Date): Notification[] {
  const due = pendingOf(destination, now);
  const together = due[0]?.together ?? null;
  if (together !== null) return due.filter((n) => n.together === together).slice(0, togetherAtOnce);
  return due.slice(0, destination.limits.length === 0 ? atOnce : atOnceLimited).filter((n) => n.together === null);
}

/** Notifications that are due, urgent ones first; watchdog ones are taken together. */
function pendingOf({ pending }: Destination, now: Date): Notification[] {
  const all = [...pending];
  const isDue = (n: Notification) => n.nextAt <= now.getTime();
  const watchdog = all.some((n) => n.priority === 2 && isDue(n));
  return all
    .filter((n) => isDue(n) || (watchdog && n.priority === 2))
    .sort((a, b) => b.priority - a.priority || a.id - b.id);
}

function candidates(
  parts: DeliverParts,
  destination: Destination,
  rows: readonly Notification[],
  now: Date,
): Candidate[] {
  // Two incidents may tell of the same alert: the second finds it told already.
  const several = rows.length > 1;
  const told: Map<string, Pick<Receipt, 'episode' | 'state'>> = several ? receiptsOf(destination, rows) : new Map();
  const receipts = several ? told : destination.receipts;
  const due: Candidate[] = [];
  for (const row of rows) {
    const { group, lane, escalation } = row.incident;
    const asked = { groupId: group.id, createdAt: row.createdAt, escalatedSteps: escalation.reached };
    const member = isMember(parts.members, asked, destination.id, now);
    const diff = difference(parts.truths.of(row.incident, now).alerts, { member, receipts }, group.policy.sendResolved);
    const reminds = row.reason === 'repeat' && diff.stillFiring.length > 0 && row.incident.acknowledgedAt === null;
    if (!differs(diff) && !reminds) continue;
    const calledIn =
      row.reason === 'escalated' ||
      stepNaming(destination.id, escalation.reached, (steps) => parts.members.at(group.id, now, steps)) !== null;
    const { digest } = destination.address;
    if (heldAgain({ group, digest, calledIn, lane, together: row.together, reminds }, diff, now) !== null) continue;
    const moved = toldBy(diff);
    if (several) for (const [alert, episode, state] of moved) told.set(alert, { episode, state });
    due.push({
      id: String(row.id),
      priority: priorityOf({ lane }, diff),
      together: row.together,
      row,
      difference: diff,
      told: moved,
    });
  }
  return due;
}

function receiptsOf({ receipts }: Destination, rows: readonly Notification[]): Map<string, Receipt> {
  const found = new Map<string, Receipt>();
  for (const { incident } of rows) {
    for (const { stored } of incident.alerts) {
      const receipt = receipts.get(stored.fingerprint);
      if (receipt !== undefined) found.set(stored.fingerprint, receipt);
    }
  }
  return found;
}

function bucketsOf(
  { sharedBuckets }: Pick<DeliverParts, 'sharedBuckets'>,
  { limits, buckets }: Pick<Destination, 'limits' | 'buckets'>,
): Held[] {
  return limits.map((limit) => ({
    limit,
    bucket: (limit.shared ? sharedBuckets : buckets).get(limit.name) ?? fullBucket,
  }));
}

function keepBuckets({ sharedBuckets }: DeliverParts, { buckets }: Destination, held: readonly Held[]): void {
  for (const { limit, bucket } of held) (limit.shared ? sharedBuckets : buckets).set(limit.name, bucket);
}

function wait(
  left: readonly [Held, ...Held[]],
  due: readonly Candidate[],
  { sent, now }: { sent: ReadonlySet<Candidate>; now: Date },
): void {
  for (const candidate of due) {
    if (sent.has(candidate)) continue;
    const { row, priority } = candidate;
    row.nextAt = waitFor(left, priority > 0, now).at.getTime();
    row.limited = true;
  }
}

/** What `recordAccepted` stores. */
function accept(
  parts: DeliverParts,
  destination: Destination,
  message: readonly Candidate[],
  { touched, now }: { touched: Set<Incident>; now: Date },
): Sent {
  const several = message.filter(({ row }) => row.incident.lane !== 'watchdog').length > 1;
  const merged = several && sharedKey(message) === null;
  for (const { row, told: moved } of message) {
    finish(row, touched);
    row.incident.threads.set(destination.id, { joinedAt: null, lastAcceptedAt: now, heldUntil: null });
    for (const [fingerprint, episode, state] of moved) {
      const told = { destinationId: destination.id, alertFingerprint: fingerprint, episode, state, toldAt: now };
      destination.receipts.set(fingerprint, told);
      const alert = parts.alert(fingerprint);
      if (state === 'resolved') alert.toldTo.delete(destination.id);
      else alert.toldTo.add(destination.id);
      for (const incident of alert.incidents) touched.add(incident);
    }
  }
  return {
    at: now,
    destination,
    parts: message.map(({ row, difference: diff, told }) => ({
      incident: row.incident,
      difference: diff,
      told,
      limited: merged || row.limited,
      kind: kindOf(row.reason, diff, row.incident.lane === 'watchdog'),
    })),
  };
}

function finish(row: Notification, touched: Set<Incident>): void {
  row.destination.pending.delete(row);
  row.incident.open.delete(row.destination.id);
  if (row.incident.closedAt === null) touched.add(row.incident);
}
