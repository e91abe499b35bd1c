/** What is watched: alerts that begin and end, and reporters that say so, late, twice or never. */
import type { Report } from '../../src/alert/alert.ts';
import { fingerprint } from '../../src/alert/fingerprint.ts';
import { type Labels, labelsOf } from '../../src/alert/labels.ts';

const alertLabels: readonly Labels[] = [0, 1, 2, 3, 4, 5].map((i) =>
  labelsOf([
    ['alertname', `Alert${i % 2}`],
    ['team', i < 4 ? 'x' : 'y'],
    ['severity', i % 3 === 0 ? 'critical' : 'warning'],
    ['instance', String(i)],
  ]),
);
export const alertCount = alertLabels.length;

/** Three reporters stand behind every alert: two replicas behind one source, and another source. */
const reporters = [
  { sourceId: 1, replica: 'r0' },
  { sourceId: 1, replica: 'r1' },
  { sourceId: 2, replica: null },
] as const;
export const reporterCount = reporters.length;

/** So far apart that no shifted `startsAt` of one episode reaches into another. */
const shortestMs = 180_000;

/** What one reporter says about one alert. */
export interface Saying {
  alert: number;
  reporter: number;
  /** Of `startsAt`, up to a minute. */
  shiftMs: number;
  /** Null: how it is now. Else the episode before it, as it began or as it ended. */
  past: 'began' | 'ended' | null;
}

interface Episode {
  startMs: number;
  endMs: number | null;
}

/** The watched world of one history. */
export interface Cluster {
  /** The alert begins or ends, unless it did so a moment ago. */
  toggle(alert: number, nowMs: number): void;
  /** The report in which a reporter says so, or null when there is nothing to say. */
  report(saying: Saying, nowMs: number): Report | null;
  /** What every reporter that fires says again and again. */
  repeats(): Report[];
  /** Fingerprints of the alerts that a reporter fires: the truth (rule 1). */
  firing(): Set<string>;
  /** Labels of every alert by its fingerprint. */
  labels: ReadonlyMap<string, Labels>;
}

export function createCluster(): Cluster {
  const episodes: Episode[][] = alertLabels.map(() => []);
  const said = new Map<string, { latest: Report; firingMs: number; resolvedMs: number }>();

  function remember(report: Report): Report {
    const key = `${report.sourceId} ${report.fingerprint}`;
    const before = said.get(key) ?? { latest: report, firingMs: -1, resolvedMs: -1 };
    const later = report.startsAt.getTime() >= before.firingMs ? report : before.latest;
    said.set(key, {
      latest: later,
      firingMs: Math.max(before.firingMs, report.startsAt.getTime()),
      resolvedMs: Math.max(before.resolvedMs, report.endsAt?.getTime() ?? -1),
    });
    return report;
  }

  const firingNow = () => [...said.values()].filter((s) => s.firingMs > s.resolvedMs);
  return {
    toggle(alert, nowMs) {
      const all = episodes[alert] as Episode[];
      const last = all.at(-1);
      if (last === undefined || last.endMs !== null) {
        if (nowMs - (last?.endMs ?? -shortestMs) >= shortestMs) all.push({ startMs: nowMs, endMs: null });
      } else if (nowMs - last.startMs >= shortestMs) last.endMs = nowMs;
    },
    report({ alert, reporter, shiftMs, past }, nowMs) {
      const all = episodes[alert] as Episode[];
      const episode = past === null ? all.at(-1) : all.filter((e) => e.endMs !== null).at(-1);
      if (episode === undefined) return null;
      const ended = episode.endMs !== null && past !== 'began';
      return remember(
        reportOf({
          alert,
          reporter,
          startMs: Math.min(nowMs, episode.startMs + shiftMs),
          endMs: ended ? episode.endMs : null,
        }),
      );
    },
    repeats: () => firingNow().map(({ latest }) => ({ ...latest, status: 'firing', endsAt: null })),
    firing: () => new Set(firingNow().map(({ latest }) => latest.alertFingerprint)),
    labels: new Map(alertLabels.map((labels) => [fingerprint(labels), labels])),
  };
}

function reportOf(facts: { alert: number; reporter: number; startMs: number; endMs: number | null }): Report {
  const labels = alertLabels[facts.alert] as Labels;
  const { sourceId, replica } = reporters[facts.reporter] as (typeof reporters)[number];
  const replicaLabels = replica === null ? null : labelsOf([['replica', replica]]);
  return {
    sourceId,
    fingerprint: fingerprint(labelsOf([...Object.entries(labels), ...Object.entries(replicaLabels ?? {})])),
    alertFingerprint: fingerprint(labels),
    labels,
    replicaLabels,
    annotations: labelsOf([['summary', `from ${sourceId} ${replica}`]]),
    generatorUrl: null,
    status: facts.endMs === null ? 'firing' : 'resolved',
    startsAt: new Date(facts.startMs),
    endsAt: facts.endMs === null ? null : new Date(facts.endMs),
    expiresAt: null,
    groupKey: `group-${sourceId}`,
    lane: 'normal',
    pinnedGroup: null,
  };
}
