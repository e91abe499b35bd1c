import { postedPeriod, resolveTimeoutMs } from '../../../src/pipeline/receive/period.ts';

const arrivedAt = new Date('2026-03-01T12:00:00Z');
const [early, soon] = [new Date('2026-03-01T11:00:00Z'), new Date('2026-03-01T12:04:00Z')];
const read = (alert: Record<string, unknown>) => postedPeriod(alert, arrivedAt);
const firing = (startsAt: Date, expiresAt: Date) => ({ status: 'firing', startsAt, endsAt: null, expiresAt });
const resolved = (startsAt: Date, endsAt: Date) => ({ status: 'resolved', startsAt, endsAt, expiresAt: null });

it.each([
  ['an end ahead', { startsAt: early, endsAt: soon }, firing(early, soon)],
  ['an end that has passed', { startsAt: early, endsAt: early }, resolved(early, early)],
  ['an end right now', { startsAt: early, endsAt: arrivedAt }, resolved(early, arrivedAt)],
  ['no end', { startsAt: early }, firing(early, new Date(arrivedAt.getTime() + resolveTimeoutMs))],
  ['no start', { endsAt: early }, resolved(early, early)],
  ['neither', {}, firing(arrivedAt, new Date(arrivedAt.getTime() + resolveTimeoutMs))],
])('as Alertmanager does, of an alert with %s', (_, times, expected) => {
  const alert = Object.fromEntries(Object.entries(times).map(([name, time]) => [name, (time as Date).toISOString()]));
  expect(read(alert)).toEqual(expected);
  // Go writes that there is none as its zero time.
  expect(read({ startsAt: '0001-01-01T00:00:00Z', endsAt: '0001-01-01T00:00:00Z', ...alert })).toEqual(expected);
});

it.each([
  ['endsAt lies before startsAt', { startsAt: soon.toISOString(), endsAt: early.toISOString() }],
  ['endsAt lies before startsAt', { startsAt: '2026-03-02T00:00:00Z' }],
  ['endsAt is not an RFC 3339 time', { endsAt: 'tomorrow' }],
  ['startsAt is not an RFC 3339 time', { startsAt: 5 }],
])('%s is malformed', (reason, alert) => {
  expect(read(alert)).toEqual({ reason });
});
