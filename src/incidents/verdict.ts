/** For each alert, whether somebody got it within a window, and if not, why not. Pure. */
import type { Membership } from '../alert/membership.ts';
import type { PastPerson } from '../alert/past.ts';
import type { Reason } from '../alert/reason.ts';
import { type DestinationRef, destinationOf } from './fields.ts';
import { firingsIn } from './fired.ts';
import type { NotificationRow } from './notification-row.ts';
import type { AlertIn, Earlier, IncidentIn, PersonRows, Window } from './person-rows.ts';
import type { StoryStep } from './story.ts';

/** What became of an alert for somebody. */
export interface Verdict {
  fingerprint: string;
  labels: AlertIn['labels'];
  /** `before`: they had been told before the window. */
  told: 'within' | 'before' | 'no';
  /** One for each address, and for each message that told of it. */
  steps: StoryStep[];
}

/** What a verdict goes by. */
export interface VerdictFacts {
  window: Window;
  rows: Pick<PersonRows, 'incidents' | 'alerts' | 'messages' | 'earlier' | 'steps' | 'before'>;
  destinations: readonly DestinationRef[];
  memberships: readonly Membership[];
  /** Versions of the contact or room. */
  versions: readonly PastPerson[];
}

/** The alerts that fired, or were told of, within the window. */
export function verdictsOf(facts: VerdictFacts): Verdict[] {
  const incidents = new Map(facts.rows.incidents.map((one) => [one.id, one]));
  return facts.rows.alerts.flatMap((alert) => {
    const incident = incidents.get(alert.incident_id);
    const verdict = incident && verdictOf(alert, incident, facts);
    const matters = verdict?.told === 'within' || firingsIn(alert, facts.window).length > 0;
    return verdict !== undefined && matters ? [verdict] : [];
  });
}

function verdictOf(alert: AlertIn, incident: IncidentIn, facts: VerdictFacts): Verdict {
  const { fingerprint, labels } = alert;
  const each = facts.destinations.map((destination) => {
    const told = toldBy(alert, destination, facts);
    const earlier = facts.rows.earlier.find(
      (one) => one.fingerprint === fingerprint && String(one.destination_id) === destination.id,
    );
    const knew =
      earlier !== undefined && earlier.state !== 'resolved' ? earlierStep(earlier, incident, destination) : null;
    const why = told.length === 0 && knew === null ? whyNot(alert, destination, facts) : null;
    return { told, knew, why };
  });
  const told = each.some((one) => one.told.length > 0)
    ? 'within'
    : each.some((one) => one.knew !== null)
      ? 'before'
      : 'no';
  const steps = each.flatMap((one) => [...one.told, ...[one.knew, one.why].filter((step) => step !== null)]);
  return { fingerprint, labels, told, steps: steps.length > 0 ? steps : [withoutSteps(alert, incident, facts)] };
}

/** The messages of the window that told one destination of an alert: those of its incident, or another that did. */
function toldBy({ fingerprint, incident_id }: AlertIn, destination: DestinationRef, { rows, window }: VerdictFacts) {
  const tell = rows.messages.filter(
    (one) =>
      one.state === 'accepted' &&
      String(one.destination_id) === destination.id &&
      one.finished_at !== null &&
      one.finished_at <= window.to &&
      one.told?.some(([alert]) => alert === fingerprint),
  );
  const own = tell.filter((one) => one.incident_id === incident_id);
  return (own.length > 0 ? own : tell).map(messageStep).reverse();
}

function messageStep(row: NotificationRow): StoryStep {
  return {
    ...stepAt(row.finished_at as Date, 'deliver', row.carrier_id === null ? 'accepted' : 'merged'),
    detail: { answer: row.answer },
    ...{ incidentId: row.incident_id, group: row.group, groupVersion: row.group_version },
    ...{ destination: destinationOf(row), notificationId: row.id },
  };
}

function earlierStep(earlier: Earlier, { group }: IncidentIn, destination: DestinationRef): StoryStep {
  return {
    ...stepAt(earlier.at, 'converge', 'already_told'),
    ...{ group, destination, incidentId: earlier.incident_id, notificationId: earlier.notification_id },
    detail: { told_at: earlier.at.toISOString() },
  };
}

/** Sending is decided; whether this alert was left out says the rest of the step. */
const sends: ReadonlySet<Reason> = new Set(['opened', 'changed', 'repeat', 'escalated', 'resolved_all', 'summary']);
const delivered: ReadonlySet<Reason> = new Set(['accepted', 'merged', 'late_acceptance', 'told_directly']);

/** The last that was decided or tried for a destination since the alert was there; null: nothing was. */
function whyNot(alert: AlertIn, destination: DestinationRef, { rows, window }: VerdictFacts): StoryStep | null {
  const about = [...rows.before, ...rows.steps].filter(
    (step) =>
      step.incidentId === alert.incident_id &&
      step.destination?.id === destination.id &&
      step.at >= alert.joined_at &&
      !delivered.has(step.reason),
  );
  const last = about.at(-1);
  if (last === undefined || !sends.has(last.reason)) return last ?? null;
  const { silences, inhibited_by: inhibitedBy } = last.detail;
  if (inhibitedBy !== undefined) return { ...last, reason: 'inhibited' };
  if (silences !== undefined) return { ...last, reason: 'silenced' };
  return isOver(alert, window) ? { ...last, reason: 'resolved_before_told' } : last;
}

function isOver(alert: AlertIn, { to }: Window): boolean {
  return firingsIn(alert, { from: to, to }).length === 0;
}

/** Nothing was decided for any of their addresses: why that is. */
function withoutSteps(
  alert: AlertIn,
  { id, group, group_id, opened_at, reached_steps }: IncidentIn,
  facts: VerdictFacts,
): StoryStep {
  const mine = facts.memberships.filter((one) => one.group.id === group_id);
  const notYet = mine.filter((one) => one.step !== null && one.step > reached_steps);
  const groupVersion = mine.at(-1)?.group.version ?? null;
  const reachable = mine.some(({ group: { channels } }) =>
    facts.versions.some(
      ({ kind, email, wecom }) =>
        kind === 'robot' ||
        (email !== null && channels.includes('email')) ||
        (wecom !== null && channels.includes('wecom-app')),
    ),
  );
  // A decision leaves no step where there is nothing to say.
  const waits = isOver(alert, facts.window) ? 'resolved_before_told' : 'group_wait';
  const reason = notYet.length === mine.length ? 'not_a_member' : reachable ? waits : 'no_address';
  const detail = reason !== 'not_a_member' ? {} : mine.length === 0 ? { never: true } : { step: notYet[0]?.step };
  return { ...stepAt(opened_at, 'converge', reason), detail, incidentId: id, group, groupVersion };
}

function stepAt(at: Date, stage: StoryStep['stage'], reason: Reason): StoryStep {
  const nowhere = { source: null, incidentId: null, group: null, groupVersion: null };
  return { at, stage, reason, detail: {}, ...nowhere, destination: null, notificationId: null };
}
