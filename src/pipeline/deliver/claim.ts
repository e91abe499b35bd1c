import type { Receipt } from '../../alert/alert.ts';
import type { AlertGroup, Mention, Snapshot } from '../../alert/config.ts';
import type { Occasion } from '../../alert/message.ts';
import type { Reason } from '../../alert/reason.ts';
import type { Channel } from '../../channels/channel.ts';
import type { Matcher } from '../../matcher/matcher.ts';
import { byIndex, type Db, type Queryable } from '../../store/db.ts';
import type { Members } from '../converge/destinations.ts';
import { type Difference, difference, differs, isCritical } from '../converge/difference.ts';
import { stepNaming } from '../converge/escalation.ts';
import type { Gates } from '../converge/gates.ts';
import { suppressorsIn, truthsOf } from '../converge/incident.ts';
import { loadInhibitions } from '../converge/inhibitors.ts';
import { loadAlerts, loadReceipts, loadTexts, type StoredAlert, type Texts } from '../converge/load.ts';
import { suppressAt } from '../converge/suppress.ts';
import { lockBuckets, saveBuckets, waitForToken } from './allowance.ts';
import { abandon, cancel, type Idle } from './cancel.ts';
import { composeMessage, composePart, kindOf, listed, messageIdOf, type Sender, threadIdOf } from './compose.ts';
import { heldAgain } from './held-again.ts';
import { afterTaking, allowanceOf, type Held, isLimited, repeatable, waitFor } from './limits.ts';
import { mentioned } from './mention.ts';
import { dropOutdated, pendingNotices, wordNotices } from './notices.ts';
import { occasionsOf } from './occasion.ts';
import { pack } from './pack.ts';
import {
  type Claimed,
  type DestinationRow,
  type Doubtful,
  type Frozen,
  freeze,
  inDoubt,
  inFlight,
  type Lease,
  lockDestination,
  type PendingRow,
  pendingOf,
  postponeRepeats,
  reclaim,
  type Told,
} from './rows.ts';

/** What delivering needs from the rest of the service. */
export interface DeliverParts {
  db: Db;
  snapshot: () => Promise<Snapshot>;
  members: (snapshot: Snapshot) => Promise<Members>;
  channels: ReadonlyMap<string, Channel>;
  critical: readonly Matcher[];
  sender: Sender;
  /** Shifts the database's clock; only tests of leases set it. */
  leaseOffsetMs: () => number;
}

/** Long enough for the slowest send (25 s) with room for a busy machine. */
export const leaseMs = 60_000;
/** How many messages one claim takes when nothing limits the rate; they are sent side by side. */
export const atOnce = 5;
/** How much one claim looks at when the rate is limited: what does not fit is merged, so all of it counts. */
export const atOnceLimited = 1_000;
/** Incidents that one message of a storm tells of. */
export const togetherAtOnce = 2_000;

interface Candidate {
  id: string;
  priority: number;
  together: string | null;
  row: PendingRow;
  difference: Difference;
  told: Told[];
  escalatedAfterMs: number | null;
}

/**
 * Claims what may be sent to one destination now, in one transaction under the destination's row lock. Messages in
 * doubt come as they are; for the others the difference is computed once more, packed within the rate limit, worded
 * and frozen. What has nothing to say any more is cancelled with its reason.
 *
 * @returns null when nothing is due; an empty list when what was looked at had nothing to say, and more may be due
 */
export async function claim(parts: DeliverParts, destinationId: number, now: Date): Promise<Claimed[] | null> {
  const snapshot = await parts.snapshot();
  const members = await parts.members(snapshot);
  return parts.db.transaction(async (tx) => {
    const destination = await lockDestination(tx, destinationId);
    const channel = destination && parts.channels.get(destination.channel);
    if (!destination) return null;
    if (!channel) return abandon(tx, destination.id, { now, offsetMs: parts.leaseOffsetMs() });
    const lease = { ms: leaseMs, offsetMs: parts.leaseOffsetMs() };
    const doubtful = await inDoubt(tx, destination, { lease, limit: atOnce });
    // A summary tells everything in one message, whatever the rate.
    const limit = channel.rateLimits.length === 0 && !destination.summaryDue ? atOnce : atOnceLimited;
    const rows = await withTheirLike(tx, destination, await pendingOf(tx, destination, { now, limit }), now);
    const only = doubtful.length === 0 && rows.length > 0;
    const idleOf = async (some: readonly PendingRow[]) =>
      (await candidates(tx, { parts, snapshot, members, destination, rows: some, now })).idle.map(({ row }) => row);
    if (only && (await waitForToken(tx, destination, { limits: channel.rateLimits, rows, idleOf, now }))) return [];
    const pending = await pendingNotices(tx, destination, now, atOnce);
    if (rows.length === 0 && doubtful.length === 0 && pending.length === 0) return null;
    const notices = await dropOutdated(tx, pending, { snapshot, members, destinationId, now });
    const found = await candidates(tx, { parts, snapshot, members, destination, rows, now });
    await cancel(tx, destination.id, found.idle, now);
    if (found.due.length === 0 && doubtful.length === 0 && notices.length === 0) return [];
    // Last, because others wait for the buckets that are shared.
    const buckets = await lockBuckets(tx, destination, channel.rateLimits);
    const repeats = await repeat(tx, { destination, doubtful, buckets, lease, now });
    const said = await packAndWord(tx, {
      ...{ parts, snapshot, channel, destination, now, mention: members.mentionOf(destination.id) },
      ...{ candidates: found.due, buckets: repeats.left },
    });
    const { sender } = parts;
    const noted = await wordNotices(tx, notices, { sender, channel, destination, buckets: said.left, now });
    return [...repeats.claimed, ...(await freeze(tx, destination, [...said.frozen, ...noted], { lease, now }))];
  }, byIndex);
}

/** What is told together is looked at together, however much of it there is, and alone: what is critical does not wait until the rest is worded. */
async function withTheirLike(
  tx: Queryable,
  destination: DestinationRow,
  rows: readonly PendingRow[],
  now: Date,
): Promise<readonly PendingRow[]> {
  const first = rows.at(0)?.together ?? null;
  if (first === null) return rows.filter((row) => row.together === null);
  const like = await pendingOf(tx, destination, { now, limit: togetherAtOnce, together: first });
  return like;
}

/** Takes over what is in doubt, as far as the rate allows. */
async function repeat(
  tx: Queryable,
  facts: { destination: DestinationRow; doubtful: Doubtful[]; buckets: Held[]; lease: Lease; now: Date },
): Promise<{ claimed: Claimed[]; left: Held[] }> {
  const { destination, doubtful, buckets, lease, now } = facts;
  const may = repeatable(doubtful, allowanceOf(buckets, now));
  const left = afterTaking(buckets, may.now.length, now);
  if (may.later.length > 0 && isLimited(left)) {
    const waitMs =
      waitFor(
        left,
        may.later.some((d) => d.priority > 0),
        now,
      ).at.getTime() - now.getTime();
    await postponeRepeats(tx, may.later, { waitMs, offsetMs: lease.offsetMs });
  }
  return { claimed: await reclaim(tx, destination, may.now, { lease, now }), left };
}

async function candidates(
  tx: Queryable,
  facts: {
    parts: DeliverParts;
    snapshot: Snapshot;
    members: Members;
    destination: DestinationRow;
    rows: readonly PendingRow[];
    now: Date;
  },
): Promise<{ due: Candidate[]; idle: Idle[] }> {
  const { parts, snapshot, members, destination, rows, now } = facts;
  if (rows.length === 0) return { due: [], idle: [] };
  const { alerts, byIncident } = await loadAlerts(
    tx,
    rows.map((r) => r.incidentId),
  );
  const receipts: Map<string, Pick<Receipt, 'episode' | 'state'>> = (
    await loadReceipts(tx, [...alerts.keys()], destination.id)
  ).get(destination.id) ?? new Map();
  // Nothing follows what is on its way until it has ended: should it be refused, the difference comes back.
  const onTheWay = new Set((await inFlight(tx, destination.id)).map(([alert]) => alert));
  const gates: Gates = {
    inhibitions: await loadInhibitions(tx, [...alerts.values()], snapshot.inhibitionRules),
    suppress: suppressAt(snapshot.silences, now),
    critical: parts.critical,
  };
  const due: Candidate[] = [];
  const idle: Idle[] = [];
  for (const row of rows) {
    const group = snapshot.groupsById.get(row.groupId) ?? snapshot.builtin.unrouted;
    const stored = (byIncident.get(row.incidentId) ?? []).map((f) => alerts.get(f) as StoredAlert);
    const truths = truthsOf(stored, group.policy, gates, now);
    const known = truths.alerts.filter((a) => !onTheWay.has(a.fingerprint));
    const member = isMember(members, row, destination.id, now);
    const diff = difference(known, { member, receipts }, group.policy.sendResolved);
    const reminds = row.reason === 'repeat' && diff.stillFiring.length > 0 && !row.acknowledged;
    if (!differs(diff) && !reminds) {
      const waits = known.length < stored.length;
      const reason = waits ? 'already_told' : idleReason(diff, member, row);
      idle.push({ row, reason, suppressions: suppressorsIn(truths) });
      continue;
    }
    const calledIn =
      row.reason === 'escalated' ||
      stepNaming(destination.id, row.escalatedSteps, (steps) => members.at(row.groupId, now, steps)) !== null;
    const digest = members.digestOf(destination.id);
    const telling = { group, digest, calledIn, lane: row.lane, together: row.together, reminds };
    // A summary is told whatever else there is, as it was decided.
    const reason = destination.summaryDue ? null : heldAgain(telling, diff, now);
    if (reason !== null) {
      idle.push({ row, reason, suppressions: [] });
      continue;
    }
    const told = toldBy(diff);
    for (const [alert, episode, state] of told) receipts.set(alert, { episode, state });
    const escalatedAfterMs = calledInAfter(members, { row, group, destinationId: destination.id, now });
    due.push({
      ...{ id: row.id, priority: priorityOf(row, diff), together: row.together },
      ...{ row, difference: diff, told, escalatedAfterMs },
    });
  }
  return { due, idle };
}

/**
 * Whoever was on call when it was decided is told, also when somebody else is by now: to them the others were told already, and
 * they wait for the next change or repeat.
 */
export function isMember(
  members: Pick<Members, 'at'>,
  row: Pick<PendingRow, 'groupId' | 'createdAt' | 'escalatedSteps'>,
  destinationId: number,
  now: Date,
): boolean {
  return [now, row.createdAt].some((at) => members.at(row.groupId, at, row.escalatedSteps).includes(destinationId));
}

/** For whom an escalation step names: how long nobody acknowledged it until then, in the first message of an incident. */
function calledInAfter(
  members: Members,
  { row, group, destinationId, now }: { row: PendingRow; group: AlertGroup; destinationId: number; now: Date },
): number | null {
  if (!row.first || row.acknowledged) return null;
  const step = stepNaming(destinationId, row.escalatedSteps, (steps) => members.at(row.groupId, now, steps));
  return step === null ? null : (group.escalation[step - 1]?.afterMs ?? null);
}

/** The receipts that a message with this difference moves. */
export function toldBy(diff: Difference): Told[] {
  return [
    ...diff.fresh.map((a): Told => [a.fingerprint, a.episode, a.flappingUntil === null ? 'firing' : 'flapping']),
    ...diff.resolved.map((a): Told => [a.fingerprint, a.episode, 'resolved']),
  ];
}

function idleReason(diff: Difference, member: boolean, row: PendingRow): Reason {
  if (diff.suppressed !== null) return diff.suppressed;
  // Of no member something is held back only if it has been told before: that is not what this is about.
  if (member && diff.held !== null && diff.stillFiring.length === 0) return diff.held.reason;
  if (row.acknowledged && row.reason === 'repeat') return 'acknowledged';
  if (diff.stillFiring.length > 0) return 'already_told';
  return member ? 'resolved_before_told' : 'not_a_member';
}

/** 0 normal, 1 critical, 2 watchdog. */
export function priorityOf(row: Pick<PendingRow, 'lane'>, diff: Difference): number {
  if (row.lane === 'watchdog') return 2;
  return isCritical(diff) ? 1 : 0;
}

async function packAndWord(
  tx: Queryable,
  facts: {
    parts: DeliverParts;
    snapshot: Snapshot;
    channel: Channel;
    destination: DestinationRow;
    candidates: Candidate[];
    buckets: Held[];
    mention: Mention | null;
    now: Date;
  },
): Promise<{ frozen: Frozen[]; left: Held[] }> {
  const { parts, snapshot, channel, destination, mention, now } = facts;
  const packed = pack(facts.candidates, { ...allowanceOf(facts.buckets, now), summary: destination.summaryDue });
  const messages = packed.messages.slice(0, atOnce);
  const left = afterTaking(facts.buckets, messages.length, now);
  if (isLimited(left)) {
    const sent = new Set(packed.messages.flat().map((c) => c.id));
    const waiting = packed.wait === null ? [] : facts.candidates.filter((c) => !sent.has(c.id));
    const waits = waiting.map(({ id, priority }) => ({ id, ...waitFor(left, priority > 0, now) }));
    await saveBuckets(tx, destination.id, left, waits, now);
  }
  const texts = await loadTexts(
    tx,
    messages.flatMap((message) => listed(message.map((c) => c.difference))),
  );
  const occasionOf = await occasionsOf(tx, snapshot, messages, now);
  const frozen = messages.map((message) =>
    word({ parts, snapshot, channel, destination, message, texts, occasion: occasionOf(message), mention, now }),
  );
  return { frozen, left };
}

function word(facts: {
  parts: DeliverParts;
  snapshot: Snapshot;
  channel: Channel;
  destination: DestinationRow;
  message: Candidate[];
  texts: ReadonlyMap<string, Texts>;
  occasion: Occasion | null;
  mention: Mention | null;
  now: Date;
}): Frozen {
  const { parts, snapshot, channel, destination, message, texts, occasion, mention, now } = facts;
  const { sender } = parts;
  const [first] = message as [Candidate, ...Candidate[]];
  const to = `${destination.channel} ${destination.address}`;
  const messageId = first.row.messageId ?? messageIdOf(to, first.row.incidentId, first.row.sequence, sender.mailDomain);
  const threadId = threadIdOf(to, first.row.incidentId, sender.mailDomain);
  const composed = message.map(({ row, difference: diff, escalatedAfterMs }) =>
    composePart(
      {
        incidentId: row.incidentId,
        group: snapshot.groupsById.get(row.groupId)?.name ?? row.groupName,
        groupLabels: row.groupLabels,
        sequence: row.sequence,
        kind: kindOf(destination.summaryDue ? 'summary' : row.reason, diff, row.lane === 'watchdog'),
        difference: diff,
        acknowledgedBy: row.acknowledgedBy,
        escalatedAfterMs,
        texts,
      },
      sender,
    ),
  );
  const { locale, timezone } = destination;
  const said = { messageId, threadId, locale, timezone, occasion, mentions: mentioned(composed, mention) };
  return {
    carrier: first.row,
    carried: message.slice(1).map((c) => c.row),
    messageId,
    told: message.flatMap((c) => c.told),
    content: channel.render(composeMessage(composed, said, sender, now)),
  };
}
