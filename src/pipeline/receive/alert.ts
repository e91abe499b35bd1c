import type { Report } from '../../alert/alert.ts';
import { Malformed } from './bad-payload.ts';
import { type LabelRules, readAnnotations, readLabels } from './label-set.ts';
import { httpLink } from './link.ts';
import { isRecord } from './payload.ts';
import { parseTimestamp } from './timestamp.ts';

/** What every alert of one request shares. */
export interface AlertContext {
  sourceId: number;
  labelRules: LabelRules;
  maxAnnotationBytes: number;
  arrivedAt: Date;
  externalUrl: string | null;
  groupKey: string;
}

type Period = Pick<Report, 'status' | 'startsAt' | 'endsAt'>;

/** Reads one alert. Its own `fingerprint` is ignored: we compute ours, with the source's labels. */
export function readAlert(alert: unknown, context: AlertContext): Report | Malformed {
  if (!isRecord(alert)) return new Malformed('alert is not an object');
  const identity = readLabels(alert['labels'], context.labelRules);
  if (identity instanceof Malformed) return identity;
  const annotations = readAnnotations(alert['annotations'], context.maxAnnotationBytes);
  if (annotations instanceof Malformed) return annotations;
  const period = readPeriod(alert, context.arrivedAt);
  if (period instanceof Malformed) return period;
  return {
    sourceId: context.sourceId,
    fingerprint: identity.fingerprint,
    alertFingerprint: identity.alertFingerprint,
    labels: identity.labels,
    replicaLabels: identity.replicaLabels,
    annotations,
    generatorUrl: httpLink(alert['generatorURL'], context.externalUrl),
    status: period.status,
    startsAt: period.startsAt,
    endsAt: period.endsAt,
    groupKey: context.groupKey,
    lane: 'normal',
    pinnedGroup: null,
  };
}

/** The end of a resolved alert is clamped to its arrival (rule 1); that of a firing one means nothing. */
function readPeriod(alert: Readonly<Record<string, unknown>>, arrivedAt: Date): Period | Malformed {
  const status = alert['status'];
  if (status !== 'firing' && status !== 'resolved') return new Malformed('status is neither firing nor resolved');
  const startsAt = readTime(alert['startsAt'], 'startsAt');
  if (startsAt === null) return new Malformed('startsAt is missing');
  if (startsAt instanceof Malformed) return startsAt;
  if (status === 'firing') return { status, startsAt, endsAt: null };
  const said = readTime(alert['endsAt'], 'endsAt') ?? arrivedAt;
  if (said instanceof Malformed) return said;
  const end = Math.min(said.getTime(), arrivedAt.getTime());
  // An alert that starts in our future, by its own clock, must still end: rule 1 compares the two.
  return { status, startsAt, endsAt: new Date(Math.max(end, startsAt.getTime())) };
}

/** Null when there is none: missing, or Go's zero time. */
function readTime(value: unknown, field: string): Date | Malformed | null {
  if (value === undefined || value === null || value === '') return null;
  const time = typeof value === 'string' ? parseTimestamp(value) : null;
  if (time === null) return new Malformed(`${field} is not an RFC 3339 time`);
  return time === 'zero' ? null : time;
}
