import type { Report } from '../../alert/alert.ts';
import type { Snapshot } from '../../alert/config.ts';
import type { Outage } from '../../alert/outage.ts';
import type { Db, Queryable } from '../../store/db.ts';
import {
  holdKnown,
  type Judged,
  judge,
  learnRhythms,
  loadKnown,
  newsOf,
  saveReporters,
  saveRhythms,
} from '../dedupe/reporters.ts';
import {
  type DueIncident,
  placeAlerts,
  routeAgainIfOutdated,
  saveAlerts,
  splitNews,
  touchIncidents,
} from '../route/place.ts';
import { type Step, saveSteps } from '../steps.ts';
import { type LastPosts, type Quarantined, saveActivity, saveQuarantine } from './sources.ts';

/** What one request brought, after validation. */
export interface Delivery {
  sourceId: number;
  reports: readonly Report[];
  quarantined: readonly Quarantined[];
}

/** What intake needs from the rest of the service. */
export interface IntakeParts<Beat> {
  db: Db;
  snapshot: () => Promise<Snapshot>;
  outages: () => readonly Outage[];
  lastPosts: LastPosts;
  /** Heartbeats stop here (rule 11). */
  watchdog: {
    splitBeats(reports: readonly Report[], snapshot: Snapshot): { beats: Beat[]; rest: Report[] };
    saveBeats(tx: Queryable, beats: readonly Beat[], now: Date): Promise<void>;
  };
}

/** What became of a batch of requests. */
export interface Taken {
  due: DueIncident[];
  judged: Judged[];
}

/**
 * receive -> dedupe -> route for a batch of requests, in one transaction with a constant number of statements however
 * many alerts it carries. When it resolves, everything is committed and the incidents have their new due time; a
 * batch of unchanged repeats writes nothing.
 */
export async function takeIn<Beat>(
  parts: IntakeParts<Beat>,
  deliveries: readonly Delivery[],
  now: Date,
): Promise<Taken> {
  const snapshot = await parts.snapshot();
  const { beats, rest } = parts.watchdog.splitBeats(
    deliveries.flatMap((d) => d.reports),
    snapshot,
  );
  const known = await loadKnown(parts.db, rest);
  const first = judge(rest, known, now);
  const candidates = first.filter((j) => j.write).map((j) => j.report);
  const rhythms = learnRhythms(first, known, now, parts.outages());
  const silent = parts.lastPosts.stale(deliveries, now);
  const quarantined = deliveries.some((d) => d.quarantined.length > 0);
  const unchanged = candidates.length + rhythms.length + silent.length + beats.length === 0 && !quarantined;
  if (unchanged) return { due: [], judged: first };
  const taken = await parts.db.transaction(async (tx) => {
    await saveActivity(tx, silent, now);
    await saveQuarantine(tx, deliveries, now);
    if (beats.length > 0) await parts.watchdog.saveBeats(tx, beats, now);
    await saveRhythms(tx, rhythms);
    if (candidates.length === 0) return { due: [], judged: first };
    const judged = judge(candidates, await holdKnown(tx, candidates, known), now);
    const news = newsOf(judged, await saveReporters(tx, judged));
    return { due: await follow(tx, news, snapshot, now), judged: [...first.filter((j) => !j.write), ...judged] };
  });
  parts.lastPosts.saved(silent, now);
  return taken;
}

/** Carries news on to the incidents that they belong to. */
async function follow(tx: Queryable, news: readonly Judged[], snapshot: Snapshot, now: Date): Promise<DueIncident[]> {
  if (news.length === 0) return [];
  await saveAlerts(tx, news, snapshot.routingVersion, now);
  const { firing, ended } = splitNews(news);
  const opened = await placeAlerts(tx, firing, snapshot, now);
  const touched = await touchIncidents(tx, ended, now);
  await saveSteps(tx, news.map(stepOf), now);
  await routeAgainIfOutdated(
    tx,
    firing.map((a) => a.fingerprint),
    snapshot.routingVersion,
  );
  return [...opened, ...touched];
}

function stepOf({ report, reason, state }: Judged): Step {
  return {
    stage: 'dedupe',
    reason,
    alertFingerprint: report.alertFingerprint,
    sourceId: report.sourceId,
    detail: { starts_at: state.firingAt, ends_at: report.status === 'resolved' ? state.resolvedAt : null },
  };
}
