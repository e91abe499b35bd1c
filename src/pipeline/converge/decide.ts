import type { AlertGroup, Snapshot } from '../../alert/config.ts';
import type { Outage } from '../../alert/outage.ts';
import type { Channel } from '../../channels/channel.ts';
import { errorCode, isStorageTrouble, tookTooLong } from '../../errors.ts';
import type { Matcher } from '../../matcher/matcher.ts';
import { byIndex, type Db } from '../../store/db.ts';
import { type Refreshed, refreshAlerts } from '../dedupe/refresh.ts';
import { saveSteps } from '../steps.ts';
import type { Outcome } from './converge.ts';
import { decisionSteps, stateSteps } from './decision-steps.ts';
import type { Members } from './destinations.ts';
import { dueIncidents, type HeldBack, holdBack, type IncidentRow, lockIncidents } from './due.ts';
import type { Gates } from './gates.ts';
import { type Around, conclude, type Looked, look, type Standing, truthsOf } from './incident.ts';
import { keepInhibitors, loadInhibitions, saveInhibited } from './inhibitors.ts';
import { type Listening, loadAudience } from './listeners.ts';
import { loadAlerts, loadReceipts, type StoredAlert } from './load.ts';
import { type Delivery, keepTouchedOpen, loadConversations, type Settled, saveDecisions } from './save.ts';
import { saveEscalations } from './save-escalation.ts';
import { type Counting, keepStorms, saveCounted } from './storms.ts';
import { suppressAt, suppressedFrom } from './suppress.ts';

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
  /** Destinations that have something to be told, and from when on. */
  deliver: Delivery[];
  /** What each destination of the incidents gets, and why. */
  outcomes: Outcome[];
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
    deliver: each.flatMap((d) => d.deliver),
    outcomes: each.flatMap((d) => d.outcomes),
    due: each.flatMap((d) => d.due),
  };
}

async function setAside({ db, onUndecided }: DecideParts, id: string, error: unknown, now: Date): Promise<Decided> {
  const held = await holdBack(db, id, { now, growing: errorCode(error) !== tookTooLong });
  if (held !== null) onUndecided(error, held);
  return { incidents: 1, deliver: [], outcomes: [], due: held === null ? [] : [{ id, at: held.at }] };
}

/**
 * Decides incidents in one transaction, under their row locks: derives what is true of their alerts, computes what each
 * destination has not been told, and opens a notification where that is due. Incidents that another replica is deciding
 * are left to it.
 */
async function decideTogether(
  parts: DecideParts,
  { snapshot, members }: World,
  ids: readonly string[],
  now: Date,
): Promise<Decided> {
  if (ids.length === 0) return { incidents: 0, deliver: [], outcomes: [], due: [] };
  return parts.db.transaction(async (tx) => {
    const incidents = await lockIncidents(tx, ids);
    if (incidents.length === 0) return { incidents: 0, deliver: [], outcomes: [], due: [] };
    const locked = incidents.map((i) => i.id);
    const { alerts, byIncident } = await loadAlerts(tx, locked);
    const refreshed = await refreshAlerts(tx, alerts, now, parts.outages());
    const receipts = await loadReceipts(tx, [...alerts.keys()], null);
    const conversations = await loadConversations(tx, locked, [...alerts.keys()]);
    const rules = snapshot.inhibitionRules;
    const present = new Map([...alerts].map(([f, alert]) => [f, current(alert, refreshed)]));
    const woken = await keepInhibitors(tx, [...present.values()], { rules, now });
    const gates: Gates = {
      inhibitions: await loadInhibitions(tx, [...present.values()], rules),
      suppress: suppressAt(snapshot.silences, now),
      critical: parts.critical,
    };
    const around: Around = {
      ...{ members, receipts, silencedFrom: suppressedFrom(snapshot.silences, now) },
      lookAt: ({ fingerprint }) => refreshed.get(fingerprint)?.lookAt ?? null,
    };
    const looks = incidents.map((incident) => {
      const group = groupOf(snapshot, incident);
      const known = (byIncident.get(incident.id) ?? []).map((f) => present.get(f) as StoredAlert);
      const looked = look(standingOf(incident, group), truthsOf(known, group.policy, gates, now), around, now);
      return { incidentId: incident.id, looked };
    });
    const listening = looks.map((one) => listeningOf(one, members));
    const audience = await loadAudience(tx, [...parts.channels.keys()], { receipts, conversations }, listening);
    const storms = await keepStorms(tx, looks.map(countingOf), now);
    const decided = looks.map(({ incidentId, looked }): Settled => {
      const storm = storms.states.get(looked.standing.group.id) ?? null;
      return { incidentId, ...conclude(looked, { destinations: audience.of(incidentId), storm }, now) };
    });
    const settled = await keepTouchedOpen(tx, decided, now);
    await saveCounted(tx, storms.counted);
    const deliver = await saveDecisions(tx, settled, conversations, now, snapshot.version);
    await saveEscalations(tx, settled);
    const inhibited = settled.map(({ incidentId, decision, suppressions }) => ({
      ...{ incidentId, closed: decision.close },
      inhibitions: suppressions.flatMap((s) => (s.reason === 'inhibited' ? s : [])),
    }));
    await saveInhibited(tx, inhibited, rules);
    await saveSteps(tx, [...stateSteps(refreshed), ...settled.flatMap((s) => decisionSteps(s, refreshed, now))], now);
    const due = [...nextLooks(settled), ...woken.map((id) => ({ id, at: now }))];
    const outcomes = settled.flatMap((s) => [...s.decision.outcomes.values()]);
    return { incidents: incidents.length, deliver, outcomes, due };
  }, byIndex);
}

function standingOf(incident: IncidentRow, group: AlertGroup): Standing {
  return {
    ...{ group, lane: incident.lane, lastFlushAt: incident.last_flush_at },
    ...{ acknowledgedAt: incident.acknowledged_at, acknowledgedCritical: incident.acknowledged_critical },
    escalation: { since: incident.unacknowledged_since, reached: incident.escalated_steps },
  };
}

interface Look {
  incidentId: string;
  looked: Looked;
}

function listeningOf({ incidentId, looked }: Look, { digestOf }: Members): Listening {
  const { truths, members, escalatedBy } = looked;
  return { incidentId, alerts: truths.stored.map((a) => a.fingerprint), members, escalatedBy, digestOf };
}

function countingOf({ incidentId, looked: { standing, truths } }: Look): Counting {
  return { incidentId, lane: standing.lane, group: standing.group, alerts: truths.alerts };
}

/** An incident of a group that has been deleted goes on with nobody to tell of what begins. */
function groupOf(snapshot: Snapshot, incident: IncidentRow): AlertGroup {
  const known = snapshot.groupsById.get(incident.group_id);
  if (known !== undefined) return known;
  const { unrouted } = snapshot.builtin;
  const nobody = { members: [], schedules: [], robots: [], escalation: [] };
  return { ...unrouted, ...nobody, id: incident.group_id, policy: { ...unrouted.policy, storm: null } };
}

function current(alert: StoredAlert, refreshed: ReadonlyMap<string, Refreshed>): StoredAlert {
  return { ...alert, ...refreshed.get(alert.fingerprint)?.after };
}

function nextLooks(settled: readonly Settled[]): { id: string; at: Date }[] {
  return settled.flatMap((s) => (s.decision.dueAt === null ? [] : [{ id: s.incidentId, at: s.decision.dueAt }]));
}
