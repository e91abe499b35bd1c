/**
 * How long it takes to replay a week: a million changes of 20,000 alerts over 200 alert groups with silences, an inhibition
 * rule and rate limits. `MM_BENCH_CHANGES` takes another number of changes.
 */
import type { AlertGroup, Silence, Snapshot } from '../../src/alert/config.ts';
import { labelsOf } from '../../src/alert/labels.ts';
import type { History, PastAlert } from '../../src/backtest/history.ts';
import { createRecorder, type Recorded } from '../../src/backtest/recorder.ts';
import { replay } from '../../src/backtest/replay.ts';
import { makeMatcher } from '../../src/matcher/compile.ts';
import { nobodys, usualPolicy } from '../support/policy.ts';

const count = Number(process.env['MM_BENCH_CHANGES'] ?? 1_000_000);
const groupCount = 200;
const alertCount = 20_000;
const week = 7 * 24 * 3_600_000;
const start = Date.UTC(2026, 0, 5);

/** Numbers in [0, 1) that follow from a seed. */
function dice(seed: number): () => number {
  let state = seed;
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 2 ** 32;
  };
}

const alerts = Array.from({ length: alertCount }, (_, i): PastAlert => {
  const labels = {
    alertname: `Alert${i % 50}`,
    team: `team-${i % groupCount}`,
    cluster: `c${i % 7}`,
    instance: `host-${i}:9100`,
    severity: i % 20 === 0 ? 'critical' : 'warning',
  };
  return {
    fingerprint: i.toString(16).padStart(16, '0'),
    labels: labelsOf(Object.entries(labels)),
    lane: 'normal',
    pinnedGroup: null,
  };
});

/** Incidents: so many values has what alerts are grouped by. */
const causes = 1_400;
const alertsOfCause = Math.floor(alertCount / causes);

/** Each cause brings some of its alerts again and again, within half a minute, mostly for minutes. */
function makeHistory(): History {
  const roll = dice(7);
  const bursts = Math.round(count / (causes * (alertsOfCause + 1)));
  const changes: Recorded[] = [];
  const lastEnd = new Map<string, number>();
  for (let cause = 0; cause < causes; cause++) {
    const starts = Array.from({ length: bursts }, () => start + Math.floor(roll() * week)).sort((a, b) => a - b);
    starts.forEach((from, i) => {
      const next = starts[i + 1] ?? start + week;
      const size = next - from < 120_000 ? 0 : 1 + Math.floor(roll() * alertsOfCause);
      for (let n = 0; n < size; n++) {
        const { fingerprint } = alerts[cause + n * causes] as PastAlert;
        const since = from + Math.floor(roll() * 30_000);
        const end = Math.min(since + 30_000 + Math.floor(roll() ** 4 * 4 * 3_600_000), next - 1);
        changes.push({ fingerprint, state: 'firing', heard: since, since, ended: lastEnd.get(fingerprint) ?? null });
        changes.push({ fingerprint, state: 'resolved', heard: end, since, ended: end });
        lastEnd.set(fingerprint, end);
      }
    });
  }
  changes.sort((a, b) => a.heard - b.heard);
  const recorder = createRecorder(new Date(start));
  for (const change of changes) recorder.note(change);
  const byFingerprint = new Map(alerts.map((alert) => [alert.fingerprint, alert]));
  const inOrder = recorder.fingerprints().map((fingerprint) => byFingerprint.get(fingerprint) as PastAlert);
  return { alerts: inOrder, changes: recorder.changes(), acknowledgements: [] };
}

const person = (id: number) => ({
  ...{
    id,
    name: `person-${id}`,
    email: `p${id}@example.org`,
    wecom: `P${id}`,
    openid: null,
    locale: 'en',
    timezone: 'UTC',
    digest: null,
  },
});

const group = (i: number): AlertGroup => ({
  ...{ id: 10 + i, name: `team-${i}`, builtin: null, continue: false, schedules: [], escalation: [], version: 1 },
  matchers: [makeMatcher('team', '=', `team-${i}`)],
  members: [person(i), person((i + 1) % groupCount)],
  channels: ['email', 'wecom-app'],
  robots: [
    {
      ...{ id: i, name: `room-${i % 20}`, key: '', locale: 'en', timezone: 'UTC' },
      mention: { critical: [], firing: [] },
    },
  ],
  policy: {
    ...usualPolicy,
    groupBy: ['alertname', 'cluster'],
    groupWaitMs: 30_000,
    groupIntervalMs: 300_000,
    repeatIntervalMs: 14_400_000,
  },
});

const silence = (i: number): Silence => ({
  ...{ id: `s${i}`, name: null, recurs: null, createdBy: 'ann', comment: '' },
  matchers: [[makeMatcher('instance', '=', `host-${i * 97}:9100`)]],
  startsAt: new Date(start + i * 3_600_000),
  endsAt: new Date(start + (i + 8) * 3_600_000),
});

function snapshotOf(): Snapshot {
  const groups = Array.from({ length: groupCount }, (_, i) => group(i));
  const empty: AlertGroup = { ...group(0), matchers: [], members: [], robots: [], channels: [] };
  const builtin = {
    unrouted: { ...empty, id: 1, name: 'unrouted', builtin: 'unrouted' as const },
    self: { ...empty, id: 2, name: 'self', builtin: 'self' as const },
    watchdog: { ...empty, id: 3, name: 'watchdog', builtin: 'watchdog' as const },
  };
  return {
    ...{ version: 1, routingVersion: 1, sources: new Map(), sourceByTokenHash: new Map(), groups, builtin },
    groupsById: new Map([...groups, ...Object.values(builtin)].map((g) => [g.id, g])),
    silences: Array.from({ length: 150 }, (_, i) => nobodys(silence(i))),
    inhibitionRules: [
      {
        ...{ id: 1, name: 'critical', equal: ['alertname', 'cluster', 'team'] },
        source: [makeMatcher('severity', '=', 'critical')],
        target: [makeMatcher('severity', '=', 'warning')],
      },
    ],
    ...{ timeIntervals: new Map(), schedules: new Map(), heartbeats: [], dailyMessages: [] },
  };
}

const history = makeHistory();
const minute = { name: 'minute', shared: false, burst: 5, perMinute: 20, reserved: 1 } as const;
const configuration = {
  snapshot: snapshotOf(),
  critical: [makeMatcher('severity', '=', 'critical')],
  channels: new Map([
    ['email', { rateLimits: [] }],
    ['wecom-app', { rateLimits: [minute] }],
    ['wecom-robot', { rateLimits: [minute] }],
  ]),
};

let messages = 0;
const began = performance.now();
const cpuBefore = process.cpuUsage();
const { incidents } = await replay(history, configuration, {
  to: new Date(start + week),
  onSent: () => {
    messages += 1;
  },
});
const seconds = (performance.now() - began) / 1000;
const used = process.cpuUsage(cpuBefore);
const cpu = ((used.user + used.system) / 1e6).toFixed(1);
const memory = Math.round(process.memoryUsage().rss / 2 ** 20);
console.log(
  `${history.changes.length} changes in 7 days: ${seconds.toFixed(1)} s (${cpu} s of CPU), ${messages} messages, ${incidents} incidents, ${memory} MiB resident`,
);
