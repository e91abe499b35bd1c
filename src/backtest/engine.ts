/** The parts of a replay put together: what is heard, decided and delivered at each moment. */
import { matchesAll } from '../matcher/compile.ts';
import type { Outcome } from '../pipeline/converge/converge.ts';
import { alertsAtOnce, incidentsAtOnce } from '../pipeline/converge/due.ts';
import type { StoredAlert } from '../pipeline/converge/load.ts';
import { fires } from '../pipeline/dedupe/dedupe.ts';
import { priorityOf } from '../pipeline/deliver/claim.ts';
import { derive, type Heard, hear, unheard } from './alerts.ts';
import { decideTogether } from './decide.ts';
import { deliverTo, type Sent } from './deliver.ts';
import { createAudiences } from './destinations.ts';
import { type Acknowledgement, type Changes, type History, type PastAlert, states } from './history.ts';
import { createIncidents } from './incidents.ts';
import { createInhibitions } from './inhibitions.ts';
import { createTimeQueue } from './queue.ts';
import { createSilenced } from './silences.ts';
import { createStorms } from './storms.ts';
import { createTruths } from './truths.ts';
import {
  type Configuration,
  type Destination,
  dueAt,
  type Incident,
  type Notification,
  never,
  placeOf,
  type Replayed,
} from './world.ts';

/** Work of one moment, in pieces between which others may get their turn: thousands of incidents may be due at once. */
export type Pauses = Generator<Date, void>;

/** A replay under way; `now` never goes back. */
export interface Engine {
  /** When something waits to be done next, in milliseconds since 1970. */
  next(): number;
  /** Takes note of those changes of the history that are heard of at one moment: from the first to before the last. */
  hear(first: number, last: number, now: Date): Pauses;
  acknowledge(act: Acknowledgement, now: Date): void;
  /** Decides and delivers until nothing is due. @throws Error when that never ends */
  settle(now: Date): Pauses;
  /** How many incidents have been opened. */
  opened(): number;
}

/** More rounds than any instant needs, each a batch of decisions or the deliveries that follow. */
const roundsToRest = 100_000;

export function createEngine(
  { alerts: past, changes }: History,
  configuration: Configuration,
  onSent: (sent: Sent) => void,
): Engine {
  const { snapshot, critical } = configuration;
  const { members, destination } = createAudiences(configuration);
  const incidents = createIncidents((alert) => isCritical(alert, critical));
  const inhibitions = createInhibitions();
  const silenced = createSilenced(snapshot.silences);
  const alerts: (Replayed | undefined)[] = [];
  const byFingerprint = new Map<string, Replayed>();
  const truths = createTruths({ silenced, inhibitions, critical });
  const parts = {
    ...{ members, destination, inhibitions, silenced, truths, storms: createStorms(), sharedBuckets: new Map() },
    alert: (fingerprint: string) => byFingerprint.get(fingerprint) as Replayed,
  };
  const deciding = createTimeQueue<Incident>();
  const waiting = createTimeQueue<Destination>();
  const ready = new Set<Destination>();
  const due = new Set<Incident>();
  let notifications = 0;

  /** Made when it is heard of: to route all of them at once would keep everybody waiting. */
  function alertAt(index: number): Replayed {
    const known = alerts[index];
    if (known !== undefined) return known;
    const made = unheard(past[index] as PastAlert, { snapshot, incidents, inhibitions });
    alerts[index] = made;
    byFingerprint.set(made.stored.fingerprint, made);
    return made;
  }

  function enqueue(incident: Incident): void {
    const at = dueAt(incident);
    if (incident.closedAt !== null || at >= incident.queuedAt) return;
    incident.queuedAt = at;
    deciding.add(at, incident);
  }

  function mark(incident: Incident, now: Date): void {
    incident.markedAt = Math.min(incident.markedAt, now.getTime());
    enqueue(incident);
  }

  function touch(incident: Incident, now: Date): void {
    incident.dueAt = Math.min(incident.dueAt, now.getTime());
    enqueue(incident);
  }

  function takeDue(now: Date): void {
    while (deciding.next() <= now.getTime()) {
      const incident = deciding.take();
      // It has been put off, and stands in the queue once more.
      if (incident.queuedAt > now.getTime()) continue;
      incident.queuedAt = never;
      if (incident.closedAt !== null) continue;
      if (dueAt(incident) <= now.getTime()) due.add(incident);
      else enqueue(incident);
    }
  }

  function decide(batch: readonly Incident[], now: Date): void {
    for (const incident of batch) {
      due.delete(incident);
      incident.markedAt = never;
      incident.urgentAt = never;
    }
    for (const incident of batch) {
      for (const alert of incident.alerts) {
        if (!alert.news) continue;
        derive(alert, now);
        truths.changed();
        for (const freed of inhibitions.note(alert)) mark(freed, now);
      }
    }
    for (const { incident, decision } of decideTogether(parts, batch, now)) {
      for (const [id, outcome] of decision.outcomes) tell(incident, destination(id), outcome, now);
      for (const id of decision.urgent) hurry(incident, id, now);
      if (decision.close) incidents.closed(incident);
      else enqueue(incident);
    }
  }

  function tell(incident: Incident, to: Destination, outcome: Outcome, now: Date): void {
    if (outcome.kind !== 'send' || incident.open.has(to.id)) return;
    notifications += 1;
    const notification: Notification = {
      id: notifications,
      incident,
      destination: to,
      reason: outcome.reason,
      priority: priorityOf(incident, outcome.difference),
      nextAt: (outcome.together?.sendAt ?? now).getTime(),
      together: outcome.together?.key ?? null,
      createdAt: now,
      limited: false,
    };
    incident.open.set(to.id, notification);
    to.pending.add(notification);
    ready.add(to);
  }

  function hurry({ open }: Incident, id: number, now: Date): void {
    const notification = open.get(id);
    if (notification?.priority !== 0) return;
    notification.priority = 1;
    notification.nextAt = now.getTime();
    notification.together = null;
    ready.add(notification.destination);
  }

  function deliver(to: Destination, now: Date): void {
    for (let done = deliverTo(parts, to, now); done !== null; done = deliverTo(parts, to, now)) {
      done.sent.forEach(onSent);
      for (const incident of done.dropped) touch(incident, now);
      for (const incident of done.touched) mark(incident, now);
    }
    const next = [...to.pending].reduce((first, n) => Math.min(first, n.nextAt), never);
    if (next >= to.queuedAt) return;
    to.queuedAt = next;
    waiting.add(next, to);
  }

  function takeReady(now: Date): Destination[] {
    while (waiting.next() <= now.getTime()) {
      const to = waiting.take();
      if (to.queuedAt > now.getTime()) continue;
      to.queuedAt = never;
      ready.add(to);
    }
    const all = [...ready].sort((a, b) => a.id - b.id);
    ready.clear();
    return all;
  }

  return {
    next: () => Math.min(deciding.next(), waiting.next()),
    opened: incidents.opened,
    *hear(first, last, now) {
      const begun = new Set<Replayed>();
      const ended = new Set<Replayed>();
      for (let change = first; change < last; change++) {
        const alert = alertAt(changes.alert[change] as number);
        (hear(alert, changeAt(changes, change)) ? begun : ended).add(alert);
        yield now;
      }
      for (const incident of incidents.place(begun, now)) enqueue(incident);
      for (const { incidents: holding } of ended) for (const incident of holding) mark(incident, now);
    },
    acknowledge({ groupId, groupKey, alerts: among, takenBack }, now) {
      const same = incidents.find(groupId, groupKey);
      const holding = among.flatMap((fingerprint) => [...(byFingerprint.get(fingerprint)?.incidents ?? [])]);
      for (const incident of same === undefined ? new Set(holding) : [same]) {
        if ((incident.acknowledgedAt === null) === takenBack) continue;
        incident.acknowledgedAt = takenBack ? null : now;
        incident.acknowledgedCritical = takenBack ? null : [...incident.alerts].some((a) => firesCritical(a, critical));
        touch(incident, now);
      }
    },
    *settle(now) {
      for (let round = 0; round < roundsToRest; round++) {
        takeDue(now);
        if (due.size > 0) {
          decide(firstOf(due, now), now);
          yield now;
          continue;
        }
        const to = takeReady(now);
        if (to.length === 0) return;
        for (const one of to) {
          deliver(one, now);
          yield now;
        }
      }
      throw new Error(`nothing comes to rest at ${now.toISOString()}`);
    },
  };
}

function changeAt({ state, since, endedAt }: Changes, change: number): Heard {
  const end = endedAt[change] as number;
  return {
    state: states[state[change] as number] as Heard['state'],
    since: new Date(since[change] as number),
    endedAt: Number.isNaN(end) ? null : new Date(end),
  };
}

/** Whoever acknowledges has also seen what has been reported and not decided yet. */
function firesCritical({ stored, reporter }: Replayed, critical: Configuration['critical']): boolean {
  if (stored.state !== 'firing' && (reporter === null || !fires(reporter))) return false;
  return isCritical(stored, critical);
}

function isCritical({ lane, labels }: StoredAlert, critical: Configuration['critical']): boolean {
  return lane === 'watchdog' || matchesAll(critical, labels);
}

/** What is decided together next, in the order of the incidents: as `dueIncidents` finds it. */
function firstOf(due: ReadonlySet<Incident>, now: Date): Incident[] {
  if (due.size === 1) return [...due];
  const placed = [...due].map((incident) => ({ incident, ...placeOf(incident, now.getTime()) }));
  placed.sort((a, b) => Number(b.urgent) - Number(a.urgent) || a.since - b.since || a.incident.id - b.incident.id);
  const batch: Incident[] = [];
  let alerts = 0;
  for (const { incident } of placed.slice(0, incidentsAtOnce)) {
    alerts += incident.alerts.size;
    if (batch.length > 0 && alerts > alertsAtOnce) break;
    batch.push(incident);
  }
  return batch.sort((a, b) => a.id - b.id);
}
