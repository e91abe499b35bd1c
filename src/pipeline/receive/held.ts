/** Reads what an Alertmanager answers when it is asked for its alerts. */
import type { Source } from '../../alert/config.ts';
import { type HeldAlert, pollGroup } from '../../alert/held.ts';
import { readAlert } from './alert.ts';
import { Malformed } from './bad-payload.ts';
import { isRecord } from './json.ts';
import { defaultLimits } from './limits.ts';
import { type ReadPeriod, readTime } from './period.ts';

/** What is known of an answer besides its alerts. */
export interface HeldContext {
  source: Source;
  ignoreLabels: ReadonlySet<string>;
  /** By our clock. */
  at: Date;
  /** The same moment by the clock of the Alertmanager; null: it does not say. */
  theirs: Date | null;
}

/** What is held fires, whatever end it names: what has ended is not answered. */
const heldPeriod: ReadPeriod = (alert) => {
  const startsAt = readTime(alert['startsAt'], 'startsAt');
  if (startsAt === null) return new Malformed('startsAt is missing');
  if (startsAt instanceof Malformed) return startsAt;
  return { status: 'firing', startsAt, endsAt: null, expiresAt: null };
};

/** At most so many receivers of an alert are read. */
const receiversAtMost = 100;

/**
 * One of the alerts that `GET /api/v2/alerts` answers
 * (https://github.com/prometheus/alertmanager/blob/v0.25.0/api/v2/openapi.yaml, gettableAlert).
 */
export function readHeld(alert: unknown, { source, ignoreLabels, at, theirs }: HeldContext): HeldAlert | Malformed {
  const report = readAlert(alert, {
    ...{ sourceId: source.id, arrivedAt: at, externalUrl: null, groupKey: pollGroup, readPeriod: heldPeriod },
    labelRules: {
      sourceLabels: Object.entries(source.labels).filter(([, text]) => text !== ''),
      ignoreLabels,
      maxBytes: defaultLimits.labelBytes,
    },
    maxAnnotationBytes: defaultLimits.annotationBytes,
  });
  if (report instanceof Malformed) return report;
  const { status, receivers, updatedAt } = isRecord(alert) ? alert : {};
  const updated = readTime(updatedAt, 'updatedAt');
  return {
    report,
    active: isRecord(status) && status['state'] === 'active',
    receivers: Array.isArray(receivers) ? receivers.slice(0, receiversAtMost).flatMap(nameOf) : [],
    ageMs: theirs !== null && updated instanceof Date ? Math.max(0, theirs.getTime() - updated.getTime()) : null,
  };
}

function nameOf(receiver: unknown): string[] {
  return isRecord(receiver) && typeof receiver['name'] === 'string' ? [receiver['name']] : [];
}
