import type { Receipt } from '../../alert/alert.ts';
import type { Snapshot } from '../../alert/config.ts';
import type { Reason } from '../../alert/reason.ts';
import type { Channel } from '../../channels/channel.ts';
import type { Matcher } from '../../matcher/matcher.ts';
import type { Db, Queryable } from '../../store/db.ts';
import type { Members } from '../converge/destinations.ts';
import { type Difference, difference, differs } from '../converge/difference.ts';
import { type Gates, gatesOf, type Suppressor, truthOf } from '../converge/gates.ts';
import { loadInhibitions } from '../converge/inhibitors.ts';
import { loadAlerts, loadReceipts, loadTexts, type StoredAlert, type Texts } from '../converge/load.ts';
import { isSuppressed, suppressAt, suppressionsIn } from '../converge/suppress.ts';
import { type Step, saveSteps } from '../steps.ts';
import { tokensAt, tokensNow } from './bucket.ts';
import { composeMessage, composePart, kindOf, listed, messageIdOf, type Sender, threadIdOf } from './compose.ts';
import { pack } from './pack.ts';
import {
  type Claimed,
  type DestinationRow,
  type Frozen,
  freeze,
  inFlight,
  lockDestination,
  type PendingRow,
  pendingOf,
  reclaimInDoubt,
  saveTokens,
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
const atOnce = 5;
/** How much one claim looks at when the rate is limited: what does not fit is merged, so all of it counts. */
const atOnceLimited = 1_000;

interface Candidate {
  id: string;
  priority: number;
  row: PendingRow;
  difference: Difference;
  told: Told[];
}

/** What has nothing to say any more. */
interface Idle {
  row: PendingRow;
  reason: Reason;
  suppressions: Suppressor[];
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
    const doubtful = await reclaimInDoubt(tx, destination, { lease, now, limit: atOnce });
    // A summary tells everything in one message, whatever the rate.
    const limit = channel.rateLimit === null && !destination.summaryDue ? atOnce : atOnceLimited;
    const rows = await pendingOf(tx, destination, now, limit);
    if (rows.length === 0) return doubtful.length === 0 ? null : doubtful;
    const found = await candidates(tx, { parts, snapshot, members, destination, rows, now });
    const frozen = await packAndWord(tx, { parts, snapshot, channel, destination, candidates: found.due, now });
    await cancel(tx, found.idle, now);
    return [...doubtful, ...(await freeze(tx, destination, frozen, { lease, now }))];
  });
}

/**
 * Its channel was configured once, and is no longer: nobody can send these. What is still true is told by the channel that
 * stands in for it, and by itself should it come back.
 */
async function abandon(tx: Queryable, destinationId: number, at: { now: Date; offsetMs: number }): Promise<null> {
  await tx.query(
    `with gone as (
       update notification set state = 'cancelled', reason = 'misconfigured', finished_at = $2, next_at = null, lease_until = null
       where destination_id = $1 and (state = 'pending'
         or (state = 'sending' and lease_until < clock_timestamp() + $3::float8 * interval '1 ms')
         or (state = 'sending' and carrier_id in (select id from notification c where c.destination_id = $1
           and c.state = 'sending' and c.lease_until < clock_timestamp() + $3::float8 * interval '1 ms')))
       returning incident_id),
     held as (select id from incident where closed_at is null and id in (select incident_id from gone)
       order by id for no key update)
     update incident i set due_at = least(i.due_at, $2) from held where i.id = held.id`,
    [destinationId, at.now, at.offsetMs],
  );
  return null;
}

async function candidates(
  tx: Queryable,
  facts: {
    parts: DeliverParts;
    snapshot: Snapshot;
    members: Members;
    destination: DestinationRow;
    rows: PendingRow[];
    now: Date;
  },
): Promise<{ due: Candidate[]; idle: Idle[] }> {
  const { parts, snapshot, members, destination, rows, now } = facts;
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
    const ofGroup = gatesOf(group.policy, now);
    const all = (byIncident.get(row.incidentId) ?? []).map((f) =>
      truthOf(alerts.get(f) as StoredAlert, gates, ofGroup),
    );
    const known = all.map(({ truth }) => truth).filter((a) => !onTheWay.has(a.fingerprint));
    const member = isMember(members, row, destination.id, now);
    const diff = difference(known, { member, receipts }, group.policy.sendResolved);
    const reminds = row.reason === 'repeat' && diff.stillFiring.length > 0 && !row.acknowledged;
    if (!differs(diff) && !reminds) {
      const waits = known.length < all.length;
      const suppressions = all.flatMap(({ by }) => by ?? []);
      idle.push({ row, reason: waits ? 'already_told' : idleReason(diff, member, row), suppressions });
      continue;
    }
    const told = toldBy(diff);
    for (const [alert, episode, state] of told) receipts.set(alert, { episode, state });
    due.push({ id: row.id, priority: priorityOf(row, diff), row, difference: diff, told });
  }
  return { due, idle };
}

/**
 * Whoever was on call when it was decided is told, also when somebody else is by now: to them the others were told already, and
 * they wait for the next change or repeat.
 */
function isMember(members: Members, row: PendingRow, destinationId: number, now: Date): boolean {
  return [now, row.createdAt].some((at) => members.at(row.groupId, at).includes(destinationId));
}

function toldBy(diff: Difference): Told[] {
  return [
    ...diff.fresh.map((a): Told => [a.fingerprint, a.episode, a.flappingUntil === null ? 'firing' : 'flapping']),
    ...diff.resolved.map((a): Told => [a.fingerprint, a.episode, 'resolved']),
  ];
}

function idleReason(diff: Difference, member: boolean, row: PendingRow): Reason {
  if (diff.suppressed !== null) return diff.suppressed;
  if (diff.held !== null && diff.stillFiring.length === 0) return diff.held.reason;
  if (row.acknowledged && row.reason === 'repeat') return 'acknowledged';
  if (diff.stillFiring.length > 0) return 'already_told';
  return member ? 'resolved_before_told' : 'not_a_member';
}

function priorityOf(row: PendingRow, diff: Difference): number {
  if (row.lane === 'watchdog') return 2;
  return [...diff.fresh, ...diff.resolved].some((a) => a.critical) ? 1 : 0;
}

async function packAndWord(
  tx: Queryable,
  facts: {
    parts: DeliverParts;
    snapshot: Snapshot;
    channel: Channel;
    destination: DestinationRow;
    candidates: Candidate[];
    now: Date;
  },
): Promise<Frozen[]> {
  const { parts, snapshot, channel, destination, now } = facts;
  const rate = channel.rateLimit;
  const tokens = rate === null ? null : tokensNow({ tokens: destination.tokens, at: destination.tokensAt }, rate, now);
  const packed = pack(facts.candidates, {
    tokens: tokens === null ? null : Math.floor(tokens),
    reserved: rate?.reserved ?? 0,
    summary: destination.summaryDue,
  });
  const messages = packed.messages.slice(0, atOnce);
  if (rate !== null && tokens !== null) {
    const left = tokens - messages.length;
    const sent = new Set(packed.messages.flat().map((c) => c.id));
    const waiting = packed.wait === null ? [] : facts.candidates.filter((c) => !sent.has(c.id));
    // Critical and watchdog ones may use the reserve, so they wait for one token only.
    const nextAt = ({ priority }: Candidate) => tokensAt(left, priority > 0 ? 1 : rate.reserved + 1, rate, now);
    await saveTokens(tx, destination.id, {
      tokens: left,
      now,
      waiting: waiting.map((c) => ({ id: c.id, nextAt: nextAt(c) })),
    });
  }
  const texts = await loadTexts(
    tx,
    messages.flatMap((message) => listed(message.map((c) => c.difference))),
  );
  return messages.map((message) => word({ parts, snapshot, channel, destination, message, texts, now }));
}

function word(facts: {
  parts: DeliverParts;
  snapshot: Snapshot;
  channel: Channel;
  destination: DestinationRow;
  message: Candidate[];
  texts: ReadonlyMap<string, Texts>;
  now: Date;
}): Frozen {
  const { parts, snapshot, channel, destination, message, texts, now } = facts;
  const { sender } = parts;
  const [first] = message as [Candidate, ...Candidate[]];
  const to = `${destination.channel} ${destination.address}`;
  const messageId = first.row.messageId ?? messageIdOf(to, first.row.incidentId, first.row.sequence, sender.mailDomain);
  const threadId = threadIdOf(to, first.row.incidentId, sender.mailDomain);
  const composed = message.map(({ row, difference: diff }) =>
    composePart(
      {
        incidentId: row.incidentId,
        group: snapshot.groupsById.get(row.groupId)?.name ?? row.groupName,
        groupLabels: row.groupLabels,
        sequence: row.sequence,
        kind: kindOf(destination.summaryDue ? 'summary' : row.reason, diff, row.lane === 'watchdog'),
        difference: diff,
        acknowledgedBy: row.acknowledgedBy,
        texts,
      },
      sender,
    ),
  );
  const { locale, timezone } = destination;
  return {
    carrier: first.row,
    carried: message.slice(1).map((c) => c.row),
    messageId,
    told: message.flatMap((c) => c.told),
    content: channel.render(composeMessage(composed, { messageId, threadId, locale, timezone }, sender, now)),
  };
}

async function cancel(tx: Queryable, idle: readonly Idle[], now: Date): Promise<void> {
  if (idle.length === 0) return;
  await tx.query(
    `update notification n set state = 'cancelled', reason = t.reason, finished_at = $3, next_at = null
     from unnest($1::bigint[], $2::text[]) as t (id, reason) where n.id = t.id and n.state = 'pending'`,
    [idle.map((i) => i.row.id), idle.map((i) => i.reason), now],
  );
  // Whoever waited for this notification to end can be looked at again: closing, for one, does.
  await tx.query(`update incident set due_at = least(due_at, $2) where id = any($1::bigint[]) and closed_at is null`, [
    [...new Set(idle.map((i) => i.row.incidentId))].sort(),
    now,
  ]);
  const steps = idle.map(
    ({ row, reason, suppressions }): Step => ({
      ...{ stage: 'deliver', reason, incidentId: row.incidentId, notificationId: row.id },
      ...(isSuppressed(reason) ? { detail: suppressionsIn(suppressions, now) } : {}),
    }),
  );
  await saveSteps(tx, steps, now);
}
