import type { Report } from '../../alert/alert.ts';
import type { Snapshot } from '../../alert/config.ts';
import { pollGroup } from '../../alert/held.ts';
import type { Outage } from '../../alert/outage.ts';
import type { Matcher } from '../../matcher/matcher.ts';
import type { Db, Queryable } from '../../store/db.ts';
import { holdKnown, type Known, loadKnown } from '../dedupe/known.ts';
import { type Judged, judge, type Learnt, learnRhythms, newsOf } from '../dedupe/reporters.ts';
import { openIncidents, routeAgainIfOutdated, splitNews, touchIncidents, wantedIncidents } from '../route/place.ts';
import { type Step, saveSteps } from '../steps.ts';
import type { Guess } from './guess.ts';
import { writeBatch, writeUnseen } from './save.ts';
import { type LastPosts, type Quarantined, saveActivity, saveQuarantine } from './sources.ts';

/** What one request brought, after validation. */
export interface Delivery {
  sourceId: number;
  reports: readonly Report[];
  quarantined: readonly Quarantined[];
  /** It comes from a poll: the source has not posted, and nothing is learnt of how often it does. */
  polled?: boolean;
}

/** What intake needs from the rest of the service. */
export interface IntakeParts<Beat> {
  db: Db;
  /** The configuration that was loaded last, without a look at the database. */
  current: () => Snapshot;
  /** The newest configuration. */
  snapshot: () => Promise<Snapshot>;
  outages: () => readonly Outage[];
  /** An alert that matches all of these is critical. */
  critical: readonly Matcher[];
  lastPosts: LastPosts;
  guess: Guess;
  /** Heartbeats stop here (rule 11). */
  watchdog: {
    splitBeats(reports: readonly Report[], snapshot: Snapshot): { beats: Beat[]; rest: Report[] };
    saveBeats(tx: Queryable, beats: readonly Beat[], now: Date): Promise<void>;
  };
}

/** What became of a batch of requests. */
export interface Taken {
  /** When incidents have to be looked at. */
  dueAt: Date[];
  judged: Judged[];
}

/** What a batch says, seen against what is known. */
interface Seen<Beat> {
  snapshot: Snapshot;
  beats: Beat[];
  known: Known;
  judged: Judged[];
  rhythms: Learnt[];
  /** Sources whose stored last post is too old by now. */
  silent: number[];
  /** Something besides alerts has to be stored. */
  more: boolean;
}

/**
 * receive -> dedupe -> route for a batch of requests, with a constant number of statements however many alerts it
 * carries. When it resolves, everything is committed and the incidents have their new due time. A batch of unchanged
 * repeats writes nothing; one of first reports, which is what a storm begins with, is written by one statement.
 */
export async function takeIn<Beat>(
  parts: IntakeParts<Beat>,
  deliveries: readonly Delivery[],
  now: Date,
): Promise<Taken> {
  const guessed = foresee(parts, deliveries, now);
  if (guessed !== null) {
    const taken = await takeFirstReports(parts, guessed, { now, how: 'guessed' });
    parts.guess.was(taken !== null);
    if (taken !== null) return taken;
  }
  const seen = await look(parts, deliveries, now);
  if (!seen.more && seen.rhythms.length === 0 && !seen.judged.some((j) => j.write)) {
    return { dueAt: [], judged: seen.judged };
  }
  const taken = isOfFirstReports(seen) ? await takeFirstReports(parts, seen, { now, how: 'looked' }) : null;
  if (taken !== null) return taken;
  const slowly = await parts.db.transaction((tx) => takeAnything(tx, parts, { deliveries, seen, now }));
  parts.lastPosts.saved(seen.silent, now);
  parts.guess.stored(seen.rhythms);
  return slowly;
}

/** What a look would find if these were first reports; null when that is no good guess. */
function foresee<Beat>(parts: IntakeParts<Beat>, deliveries: readonly Delivery[], now: Date): Seen<Beat> | null {
  const snapshot = parts.current();
  const split = parts.watchdog.splitBeats(reportsOf(deliveries), snapshot);
  const known = parts.guess.known(split.rest, now);
  const seen = known && see(parts, deliveries, { snapshot, ...split, known, now });
  return seen !== null && isOfFirstReports(seen) ? seen : null;
}

/** Reads what is known of the batch; by the newest configuration, of which the same statement tells. */
async function look<Beat>(parts: IntakeParts<Beat>, deliveries: readonly Delivery[], now: Date): Promise<Seen<Beat>> {
  const by = async (snapshot: Snapshot) => {
    const split = parts.watchdog.splitBeats(reportsOf(deliveries), snapshot);
    return { snapshot, ...split, known: await loadKnown(parts.db.planned, split.rest), now };
  };
  let found = await by(parts.current());
  if (found.known.version > found.snapshot.version) found = await by(await parts.snapshot());
  const seen = see(parts, deliveries, found);
  parts.guess.read(seen.known, seen.judged);
  return seen;
}

function see<Beat>(
  { outages, lastPosts }: IntakeParts<Beat>,
  deliveries: readonly Delivery[],
  { snapshot, beats, rest, known, now }: { snapshot: Snapshot; beats: Beat[]; rest: Report[]; known: Known; now: Date },
): Seen<Beat> {
  const judged = judge(rest, known, now);
  const posted = judged.filter((j) => j.report.groupKey !== pollGroup);
  const rhythms = learnRhythms(posted, known, now, outages());
  const silent = lastPosts.stale(
    deliveries.filter((d) => d.polled !== true),
    now,
  );
  const more = beats.length + silent.length > 0 || deliveries.some((d) => d.quarantined.length > 0);
  return { snapshot, beats, known, judged, rhythms, silent, more };
}

function reportsOf(deliveries: readonly Delivery[]): Report[] {
  return deliveries.flatMap((d) => d.reports);
}

function isOfFirstReports<Beat>({ more, judged }: Seen<Beat>): boolean {
  return !more && judged.every((j) => j.reason === 'new_alert' || !j.write);
}

/** Null when an incident has to be opened first, or the configuration has changed, or a guess was wrong. */
async function takeFirstReports<Beat>(
  { db, guess, critical }: IntakeParts<Beat>,
  { snapshot, known, judged, rhythms }: Seen<Beat>,
  { now, how }: { now: Date; how: 'looked' | 'guessed' },
): Promise<Taken | null> {
  const news = judged.filter((j) => j.news);
  const { firing } = splitNews(news);
  const wanted = wantedIncidents(firing, snapshot, now, critical);
  const { routingVersion, version } = snapshot;
  const writing = { judged, news, rhythms, wanted, routingVersion, onlyAt: version };
  const written = known.othersReported
    ? await writeBatch(db.planned, writing, now)
    : await writeUnseen(db.planned, writing, now, how);
  if (written === null) return null;
  guess.stored(rhythms);
  // An alert that was there may have been routed by an edit between our look at the routes and our commit.
  if (written.alertsThere) {
    await routeAgainIfOutdated(
      db.planned,
      firing.map((a) => a.fingerprint),
      routingVersion,
    );
  }
  return { dueAt: wanted.map((w) => w.dueAt), judged };
}

async function takeAnything<Beat>(
  tx: Queryable,
  parts: IntakeParts<Beat>,
  { deliveries, seen, now }: { deliveries: readonly Delivery[]; seen: Seen<Beat>; now: Date },
): Promise<Taken> {
  const { snapshot, beats, known, rhythms, silent } = seen;
  await saveActivity(tx, silent, now);
  await saveQuarantine(tx, deliveries, now);
  if (beats.length > 0) await parts.watchdog.saveBeats(tx, beats, now);
  const candidates = seen.judged.filter((j) => j.write).map((j) => j.report);
  if (candidates.length + rhythms.length === 0) return { dueAt: [], judged: seen.judged };
  const judged = judge(candidates, await holdKnown(tx, candidates, known), now);
  const { firing } = splitNews(judged.filter((j) => j.news));
  const wanted = wantedIncidents(firing, snapshot, now, parts.critical);
  await openIncidents(tx, wanted, { version: snapshot.version, now });
  const writing = { judged, news: judged.filter((j) => j.news), rhythms, wanted };
  const written = await writeBatch(tx, { ...writing, routingVersion: snapshot.routingVersion, onlyAt: null }, now);
  if (written === null) throw new Error('an incident closed although it was held open');
  const news = newsOf(judged, written.there);
  const touched = await touchIncidents(tx, splitNews(news).ended, now);
  await saveSteps(tx, news.filter((j) => j.reason !== 'new_alert').map(stepOf), now);
  await routeAgainIfOutdated(
    tx,
    firing.map((a) => a.fingerprint),
    snapshot.routingVersion,
  );
  const dueAt = [...wanted.map((w) => w.dueAt), ...touched.map(({ at }) => at)];
  return { dueAt, judged: [...seen.judged.filter((j) => !j.write), ...judged] };
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
