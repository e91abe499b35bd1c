import type { AlertTruth, Receipt } from '../../alert/alert.ts';
import type { AlertGroup, Policy, Snapshot } from '../../alert/config.ts';
import { mutedFrom } from '../../alert/mute-time.ts';
import type { Outage } from '../../alert/outage.ts';
import type { Reason } from '../../alert/reason.ts';
import type { Channel } from '../../channels/channel.ts';
import { errorCode, isStorageTrouble } from '../../errors.ts';
import type { Matcher } from '../../matcher/matcher.ts';
import type { Db, Queryable } from '../../store/db.ts';
import { type Refreshed, refreshAlerts } from '../dedupe/refresh.ts';
import { type Step, saveSteps } from '../steps.ts';
import { converge, type DestinationFacts, type IncidentFacts, type Outcome } from './converge.ts';
import type { Members } from './destinations.ts';
import { dueIncidents, type HeldBack, holdBack, type IncidentRow, lockIncidents } from './due.ts';
import { type Gates, gatesOf, type MuteTime, truthOf } from './gates.ts';
import { keepInhibitors, loadInhibitions, saveInhibited } from './inhibitors.ts';
import { loadAlerts, loadReceipts, type StoredAlert } from './load.ts';
import { type Conversations, keepTouchedOpen, loadConversations, type Settled, saveDecisions } from './save.ts';
import { isSuppressed, suppressAt, suppressedFrom, suppressionsIn } from './suppress.ts';

/** What deciding needs from the rest of the service. */
export interface DecideParts {
  db: Db;
  snapshot: () => Promise<Snapshot>;
  outages: () => readonly Outage[];
  members: (snapshot: Snapshot) => Promise<Members>;
  /** An alert that matches all of these is critical. */
  critical: readonly Matcher[];
  /** The channels that can send, by name. */
  channels: ReadonlyMap<string, Channel>;
  /** Incidents could not be decided together; each is tried alone. */
  onBatchBroken: (error: unknown) => void;
  /** An incident could not be decided; it is tried again later. */
  onUndecided: (error: unknown, held: HeldBack) => void;
}

/** What has to be looked at next, and when. */
export interface Decided {
  /** How many due incidents were decided or held back; 0 = none is left, or another replica has them. */
  incidents: number;
  /** Destinations that have something to be told now. */
  deliver: number[];
  /** Why destinations were not told, once for each. */
  untold: Reason[];
  /** Incidents that will be due again. */
  due: { id: string; at: Date }[];
}

/** The configuration by which some incidents are decided. */
interface World {
  snapshot: Snapshot;
  members: Members;
}

/**
 * Decides some of the due incidents. When that breaks off they are decided one by one: the incident that it breaks off
 * with, for a bug or a damaged row, is held back for a while and keeps no other from being told.
 */
export async function decideDue(parts: DecideParts, now: Date): Promise<Decided> {
  const snapshot = await parts.snapshot();
  const world = { snapshot, members: await parts.members(snapshot) };
  const ids = await dueIncidents(parts.db, now);
  try {
    return await decideTogether(parts, world, ids, now);
  } catch (error) {
    if (saysNothingOfIncidents(error)) throw error;
    parts.onBatchBroken(error);
    return decideEach(parts, world, ids, now);
  }
}

/** PostgreSQL: the statement took longer than it may. */
const tookTooLong = '57014';

/** Then nothing can be decided, and whoever asked tries again; too much in one incident is for that incident. */
function saysNothingOfIncidents(error: unknown): boolean {
  return isStorageTrouble(error) && errorCode(error) !== tookTooLong;
}

async function decideEach(parts: DecideParts, world: World, ids: readonly string[], now: Date): Promise<Decided> {
  const each: Decided[] = [];
  for (const id of ids) {
    try {
      each.push(await decideTogether(parts, world, [id], now));
    } catch (error) {
      if (saysNothingOfIncidents(error)) throw error;
      each.push(await setAside(parts, id, error, now));
      // Where all are slow, to wait for each of fifty in turn would keep everything waiting for minutes.
      if (errorCode(error) === tookTooLong) break;
    }
  }
  return {
    incidents: each.reduce((sum, d) => sum + d.incidents, 0),
    deliver: [...new Set(each.flatMap((d) => d.deliver))],
    untold: each.flatMap((d) => d.untold),
    due: each.flatMap((d) => d.due),
  };
}

async function setAside({ db, onUndecided }: DecideParts, id: string, error: unknown, now: Date): Promise<Decided> {
  const held = await holdBack(db, id, { now, growing: errorCode(error) !== tookTooLong });
  if (held !== null) onUndecided(error, held);
  return { incidents: 1, deliver: [], untold: [], due: held === null ? [] : [{ id, at: held.at }] };
}

/**
 * Decides incidents in one transaction, under their row locks: derives what is true of their alerts, computes what each
 * destination has not been told, and opens a notification where that is due. Incidents that another replica is deciding
 * are left to it.
 */
async function decideTogether(
  parts: DecideParts,
  { snapshot, members }: World,
  due: readonly string[],
  now: Date,
): Promise<Decided> {
  if (due.length === 0) return { incidents: 0, deliver: [], untold: [], due: [] };
  return parts.db.transaction(async (tx) => {
    const incidents = await lockIncidents(tx, due);
    if (incidents.length === 0) return { incidents: 0, deliver: [], untold: [], due: [] };
    const ids = incidents.map((i) => i.id);
    const { alerts, byIncident } = await loadAlerts(tx, ids);
    const refreshed = await refreshAlerts(tx, alerts, now, parts.outages());
    const receipts = await loadReceipts(tx, [...alerts.keys()], null);
    const conversations = await loadConversations(tx, ids, [...alerts.keys()]);
    const unreachable = await loadUnreachable(tx, [...parts.channels.keys()]);
    const rules = snapshot.inhibitionRules;
    const present = new Map([...alerts].map(([f, alert]) => [f, current(alert, refreshed)]));
    const woken = await keepInhibitors(tx, [...present.values()], { rules, now });
    const gates: Gates = {
      inhibitions: await loadInhibitions(tx, [...present.values()], rules),
      suppress: suppressAt(snapshot.silences, now),
      critical: parts.critical,
    };
    const silencedFrom = suppressedFrom(snapshot.silences, now);
    const decided = incidents.map((incident): Settled => {
      const group = groupOf(snapshot, incident);
      const known = (byIncident.get(incident.id) ?? []).map((f) => present.get(f) as StoredAlert);
      const ofGroup = gatesOf(group.policy, now);
      const truths = known.map((alert) => truthOf(alert, gates, ofGroup));
      const suppressions = truths.flatMap((t) => t.by ?? []);
      const until = [
        ...suppressions.flatMap((s) => (s.reason === 'silenced' ? s.until : [])),
        ...known.flatMap((a, i) => (a.state === 'firing' && truths[i]?.by === null ? (silencedFrom(a) ?? []) : [])),
        ...known.flatMap((a) => refreshed.get(a.fingerprint)?.lookAt ?? []),
        ...(incident.lane === 'watchdog' ? [] : muteTurns(group.policy, ofGroup.muted, now)),
        // Who comes on call then is a new member, and was told nothing yet.
        ...[members.until(group.id, now)].filter((at) => at !== null),
      ];
      const facts: IncidentFacts = {
        lane: incident.lane,
        lastFlushAt: incident.last_flush_at,
        acknowledged: isAcknowledged(
          incident,
          truths.map((t) => t.truth),
        ),
        policy: group.policy,
        muted: ofGroup.muted,
        alerts: truths.map((t) => t.truth),
        destinations: destinationsOf(
          {
            incidentId: incident.id,
            alerts: known.map((a) => a.fingerprint),
            members: members.at(group.id, now),
            unreachable,
          },
          receipts,
          conversations,
        ),
        nextChangeAt: earliest(until),
      };
      return { incidentId: incident.id, group, facts, decision: converge(facts, now), suppressions };
    });
    const settled = await keepTouchedOpen(tx, decided, now);
    const deliver = await saveDecisions(tx, settled, conversations, now, snapshot.version);
    const inhibited = settled.map(({ incidentId, decision, suppressions }) => ({
      ...{ incidentId, closed: decision.close },
      inhibitions: suppressions.flatMap((s) => (s.reason === 'inhibited' ? s : [])),
    }));
    await saveInhibited(tx, inhibited, rules);
    await saveSteps(tx, [...stateSteps(refreshed), ...settled.flatMap((s) => decisionSteps(s, refreshed, now))], now);
    const looks = [...nextLooks(settled), ...woken.map((id) => ({ id, at: now }))];
    return { incidents: incidents.length, deliver, untold: untoldOf(settled), due: looks };
  });
}

/** When a group falls silent or speaks again: *explain* shall say so from that moment on. */
export function muteTurns(policy: Policy, muted: MuteTime | null, now: Date): Date[] {
  const at = muted === null ? mutedFrom(policy, now) : muted.until;
  return at === null ? [] : [at];
}

/** An incident of a group that has been deleted goes on with nobody to tell of what begins. */
function groupOf(snapshot: Snapshot, incident: IncidentRow): AlertGroup {
  return (
    snapshot.groupsById.get(incident.group_id) ?? {
      ...snapshot.builtin.unrouted,
      members: [],
      schedules: [],
      robots: [],
    }
  );
}

function current(alert: StoredAlert, refreshed: ReadonlyMap<string, Refreshed>): StoredAlert {
  return { ...alert, ...refreshed.get(alert.fingerprint)?.after };
}

/** A higher severity than the one that was acknowledged lifts the acknowledgement (rule 7). */
export function isAcknowledged(
  incident: Pick<IncidentRow, 'acknowledged_at' | 'acknowledged_critical'>,
  alerts: readonly AlertTruth[],
): boolean {
  if (incident.acknowledged_at === null) return false;
  return incident.acknowledged_critical === true || !alerts.some((a) => a.critical && a.state === 'firing');
}

/** Destinations on a channel that is no longer configured: what they were told waits until it is again. */
async function loadUnreachable(tx: Queryable, channels: readonly string[]): Promise<Set<number>> {
  const { rows } = await tx.query<{ id: number }>('select id from destination where channel <> all($1::text[])', [
    channels,
  ]);
  return new Set(rows.map((row) => row.id));
}

function destinationsOf(
  {
    incidentId,
    alerts,
    members,
    unreachable,
  }: {
    incidentId: string;
    alerts: readonly string[];
    members: readonly number[];
    unreachable: ReadonlySet<number>;
  },
  receipts: ReadonlyMap<number, ReadonlyMap<string, Receipt>>,
  conversations: Conversations,
): DestinationFacts[] {
  const knows = (state: Receipt['state'] | undefined) => state === 'firing' || state === 'flapping';
  const told = [...receipts].filter(([, of]) => alerts.some((f) => knows(of.get(f)?.state))).map(([id]) => id);
  const waiting = [...conversations.onTheWay].filter(([, of]) => alerts.some((f) => of.has(f))).map(([id]) => id);
  const ids = new Set([...members, ...told, ...waiting]);
  return [...ids]
    .filter((id) => !unreachable.has(id))
    .map((id) => ({
      id,
      member: members.includes(id),
      receipts: receipts.get(id) ?? new Map(),
      thread: conversations.threads.get(`${incidentId} ${id}`) ?? null,
      open: conversations.open.has(`${incidentId} ${id}`),
      onTheWay: new Set(alerts.filter((f) => conversations.onTheWay.get(id)?.has(f))),
      summaryDue: conversations.summaryDue.has(id),
    }));
}

function earliest(dates: readonly Date[]): Date | null {
  return dates.length === 0 ? null : new Date(Math.min(...dates.map((d) => d.getTime())));
}

function nextLooks(settled: readonly Settled[]): { id: string; at: Date }[] {
  return settled.flatMap((s) => (s.decision.dueAt === null ? [] : [{ id: s.incidentId, at: s.decision.dueAt }]));
}

function stateSteps(refreshed: ReadonlyMap<string, Refreshed>): Step[] {
  return [...refreshed].flatMap(([alertFingerprint, { before, after }]) =>
    after === before
      ? []
      : [
          {
            stage: 'dedupe',
            reason: after.state,
            alertFingerprint,
            detail: { episode: after.episode, since: after.since },
          },
        ],
  );
}

/** What every look at a healthy incident finds; storing it would drown the steps that explain something. */
const routine: ReadonlySet<Reason> = new Set(['nothing_new', 'open_notification', 'repeat_interval']);

function untoldOf(settled: readonly Settled[]): Reason[] {
  const outcomes = settled.flatMap((s) => [...s.decision.outcomes.values()]);
  return outcomes.flatMap((o) => (o.kind === 'nothing' && !routine.has(o.reason) ? [o.reason] : []));
}

/** Something began to fire that nobody hears of. */
function reachesNobody({ decision, facts }: Settled, refreshed: ReadonlyMap<string, Refreshed>): boolean {
  if (decision.outcomes.size > 0) return false;
  return facts.alerts.some(({ fingerprint, state }) => {
    const change = refreshed.get(fingerprint);
    return state === 'firing' && change !== undefined && change.after !== change.before;
  });
}

function decisionSteps(settled: Settled, refreshed: ReadonlyMap<string, Refreshed>, now: Date): Step[] {
  const { incidentId, group, decision } = settled;
  const hidden = suppressionsIn(settled.suppressions, now);
  const told = [...decision.outcomes].filter(([, outcome]) => !routine.has(outcome.reason));
  const steps: Step[] = told.map(([destinationId, outcome]) => ({
    stage: 'converge',
    reason: outcome.reason,
    incidentId,
    destinationId,
    groupVersion: group.version,
    detail: { ...detailOf(outcome), ...(hides(outcome) ? hidden : {}) },
  }));
  if (reachesNobody(settled, refreshed)) {
    steps.push({ stage: 'converge', reason: 'nobody', incidentId, groupVersion: group.version });
  }
  if (decision.close) steps.push({ stage: 'converge', reason: 'closed', incidentId, groupVersion: group.version });
  return steps;
}

/** A silence or another alert is why something is not told, or is left out of what is. */
function hides(outcome: Outcome): boolean {
  if (outcome.kind === 'send') return outcome.difference.suppressed !== null;
  return isSuppressed(outcome.reason);
}

function detailOf(outcome: Outcome): Record<string, unknown> {
  if (outcome.kind === 'wait') return { outcome: 'wait', until: outcome.until };
  if (outcome.kind === 'nothing') return { outcome: 'nothing' };
  const { fresh, resolved, stillFiring } = outcome.difference;
  return { outcome: 'send', fresh: fresh.length, resolved: resolved.length, still_firing: stillFiring.length };
}
