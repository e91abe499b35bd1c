/** When an alert fires, as the two ways of posting say it. */
import type { Report } from '../../alert/alert.ts';
import { Malformed } from './bad-payload.ts';
import { parseTimestamp } from './timestamp.ts';

type Period = Pick<Report, 'status' | 'startsAt' | 'endsAt' | 'expiresAt'>;

/** Reads it from one alert that arrived at this time. */
export type ReadPeriod = (alert: Readonly<Record<string, unknown>>, arrivedAt: Date) => Period | Malformed;

/** As Alertmanager's webhook says it. The end of a resolved alert is clamped to its arrival (rule 1); that of a firing one means nothing. */
export const webhookPeriod: ReadPeriod = (alert, arrivedAt) => {
  const status = alert['status'];
  if (status !== 'firing' && status !== 'resolved') return new Malformed('status is neither firing nor resolved');
  const startsAt = readTime(alert['startsAt'], 'startsAt');
  if (startsAt === null) return new Malformed('startsAt is missing');
  if (startsAt instanceof Malformed) return startsAt;
  if (status === 'firing') return { status, startsAt, endsAt: null, expiresAt: null };
  const said = readTime(alert['endsAt'], 'endsAt') ?? arrivedAt;
  if (said instanceof Malformed) return said;
  const end = Math.min(said.getTime(), arrivedAt.getTime());
  // An alert that starts in our future, by its own clock, must still end: rule 1 compares the two.
  return { status, startsAt, endsAt: new Date(Math.max(end, startsAt.getTime())), expiresAt: null };
};

/**
 * So long an alert that names no end counts as firing: the default of Alertmanager's `resolve_timeout`
 * (https://github.com/prometheus/alertmanager/blob/v0.25.0/config/config.go, DefaultGlobalConfig).
 */
export const resolveTimeoutMs = 5 * 60_000;

/**
 * As whoever posts to Alertmanager's API says it: an end ahead is that of a firing alert, unless it is posted again; one
 * that has passed resolves it. What is missing is filled in, and what is refused is, as Alertmanager does
 * (https://github.com/prometheus/alertmanager/blob/v0.25.0/api/v2/api.go, postAlertsHandler).
 */
export const postedPeriod: ReadPeriod = (alert, arrivedAt) => {
  const end = readTime(alert['endsAt'], 'endsAt');
  if (end instanceof Malformed) return end;
  const start = readTime(alert['startsAt'], 'startsAt');
  if (start instanceof Malformed) return start;
  const startsAt = start ?? end ?? arrivedAt;
  const endsAt = end ?? new Date(arrivedAt.getTime() + resolveTimeoutMs);
  if (endsAt < startsAt) return new Malformed('endsAt lies before startsAt');
  if (endsAt > arrivedAt) return { status: 'firing', startsAt, endsAt: null, expiresAt: endsAt };
  return { status: 'resolved', startsAt, endsAt, expiresAt: null };
};

/** Null when there is none: missing, or Go's zero time. */
export function readTime(value: unknown, field: string): Date | Malformed | null {
  if (value === undefined || value === null || value === '') return null;
  const time = typeof value === 'string' ? parseTimestamp(value) : null;
  if (time === null) return new Malformed(`${field} is not an RFC 3339 time`);
  return time === 'zero' ? null : time;
}
