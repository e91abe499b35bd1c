import { hash } from 'node:crypto';
import type { AlertTruth } from '../../alert/alert.ts';
import type { Labels } from '../../alert/labels.ts';
import type { AlertView, DeltaKind, Message, MessagePart } from '../../alert/message.ts';
import type { Difference } from '../converge/difference.ts';
import type { Texts } from '../converge/load.ts';

/** Who we are, as the reader sees it. */
export interface Sender {
  site: string;
  /** Without a slash at the end. */
  externalUrl: string;
  /** Right side of Message-IDs. */
  mailDomain: string;
}

/** The incident and the conversation that a part belongs to. */
export interface PartFacts {
  incidentId: string;
  group: string;
  groupLabels: Labels;
  sequence: number;
  kind: DeltaKind;
  difference: Difference;
  acknowledgedBy: string | null;
  escalatedAfterMs: number | null;
  /** Of the alerts that it can list. */
  texts: ReadonlyMap<string, Texts>;
}

/** How many of the alerts that still fire a message names; it counts the others. */
const sampleSize = 20;

/** Puts what is new in one incident into the form that channels word. */
export function composePart(facts: PartFacts, sender: Sender): MessagePart {
  const { difference, texts, ...rest } = facts;
  const { fresh, resolved, stillFiring } = difference;
  const view = (alert: AlertTruth, again: boolean) =>
    viewOf(alert, { again, calmed: difference.calmed.has(alert.fingerprint) }, texts.get(alert.fingerprint));
  return {
    ...rest,
    fresh: inOrder(fresh).map((a) => view(a, difference.again.has(a.fingerprint))),
    resolved: inOrder(resolved).map((a) => view(a, false)),
    stillFiring: stillFiring.length,
    stillFiringSample: inOrder(stillFiring)
      .slice(0, sampleSize)
      .map((a) => view(a, false)),
    critical: [...fresh, ...stillFiring].some((a) => a.critical),
    url: `${sender.externalUrl}/incidents/${facts.incidentId}`,
  };
}

/** No channel lists more alerts of one kind, nor more incidents. */
const listedAtMost = 50;

/**
 * The alerts of a message whose texts somebody may read: a storm has many times more, and reading the texts of all of
 * them would take longer than a statement may.
 */
export function listed(differences: readonly Difference[]): string[] {
  const isCritical = ({ fresh, stillFiring }: Difference) => [...fresh, ...stillFiring].some((a) => a.critical);
  const worstFirst = [...differences].sort((a, b) => Number(isCritical(b)) - Number(isCritical(a)));
  return worstFirst.slice(0, listedAtMost).flatMap(({ fresh, resolved, stillFiring, again }) => {
    const kinds = [
      fresh.filter((a) => a.flappingUntil !== null),
      fresh.filter((a) => a.flappingUntil === null && !again.has(a.fingerprint)),
      fresh.filter((a) => again.has(a.fingerprint)),
      resolved.filter((a) => a.state !== 'expired'),
      resolved.filter((a) => a.state === 'expired'),
      stillFiring,
    ];
    return kinds.flatMap((alerts) =>
      inOrder(alerts)
        .slice(0, listedAtMost)
        .map((a) => a.fingerprint),
    );
  });
}

/** Critical first, then by start, then by fingerprint: the same facts always give the same text. */
function inOrder(alerts: readonly AlertTruth[]): AlertTruth[] {
  return [...alerts].sort(
    (a, b) =>
      Number(b.critical) - Number(a.critical) ||
      a.since.getTime() - b.since.getTime() ||
      (a.fingerprint < b.fingerprint ? -1 : 1),
  );
}

function viewOf(
  alert: AlertTruth,
  { again, calmed }: { again: boolean; calmed: boolean },
  texts: Texts | undefined,
): AlertView {
  return {
    fingerprint: alert.fingerprint,
    labels: alert.labels,
    annotations: texts?.annotations ?? {},
    state: alert.state === 'stale' || alert.keptUntil !== null ? 'firing' : alert.state,
    again,
    flapping: alert.flappingUntil !== null ? 'began' : calmed ? 'ended' : null,
    critical: alert.critical,
    startsAt: alert.since,
    endsAt: alert.keptUntil === null ? alert.endedAt : null,
    generatorUrl: texts?.generatorUrl ?? null,
  };
}

/** What kind of message a difference makes. */
export function kindOf(reason: string, difference: Difference, watchdog: boolean): DeltaKind {
  if (watchdog) return 'watchdog';
  if (reason === 'summary') return 'summary';
  const { fresh, resolved, stillFiring } = difference;
  if (fresh.length === 0 && resolved.length === 0) return 'repeat';
  if (fresh.length === 0 && stillFiring.length === 0) return 'resolved';
  return reason === 'opened' || reason === 'escalated' ? 'opened' : 'changed';
}

/** Message-ID of a notification: the same for every attempt, here and on a retry after a crash (rule 13). */
export function messageIdOf(destination: string, incidentId: string, sequence: number, domain: string): string {
  return `<mm.${hash('sha256', JSON.stringify([destination, incidentId, sequence])).slice(0, 32)}@${domain}>`;
}

/** Root that all mails of one incident to one destination refer to. */
export function threadIdOf(destination: string, incidentId: string, domain: string): string {
  return `<mm.thread.${hash('sha256', JSON.stringify([destination, incidentId])).slice(0, 32)}@${domain}>`;
}

/** Puts parts into a message to one destination; critical parts come first. */
export function composeMessage(
  parts: readonly MessagePart[],
  to: Pick<Message, 'messageId' | 'threadId' | 'locale' | 'timezone' | 'occasion' | 'mentions'>,
  sender: Sender,
  now: Date,
): Message {
  return {
    ...to,
    parts: [...parts].sort((a, b) => Number(b.critical) - Number(a.critical)),
    site: sender.site,
    externalUrl: sender.externalUrl,
    sentAt: now,
  };
}
