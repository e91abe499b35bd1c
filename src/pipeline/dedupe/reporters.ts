import type { Report } from '../../alert/alert.ts';
import { pollGroup } from '../../alert/held.ts';
import type { Outage } from '../../alert/outage.ts';
import { type DedupeOutcome, dedupe, fires } from './dedupe.ts';
import { learn, type Rhythm, rewriteAfterMs } from './expiry.ts';
import { groupKey, type Known, reporterKey } from './known.ts';

/** A report with what deduplication found. */
export interface Judged extends DedupeOutcome {
  report: Report;
}

/**
 * Judges the reports of a batch in order; a reporter that is named twice is judged on what it said first. Who repeats that
 * an alert fires which has ended for want of reports brings it back (rule 2). A
 * post of what only polls had reported is always stored: from then on the rhythm of its group counts.
 */
export function judge(reports: readonly Report[], known: Known, now: Date): Judged[] {
  const states = new Map(known.reporters);
  return reports.map((report) => {
    const key = reporterKey(report);
    const rhythm = known.rhythms.get(groupKey(report)) ?? null;
    const outcome = dedupe(report, states.get(key) ?? null, now, rewriteAfterMs(rhythm));
    states.set(key, outcome.state);
    const { reason, state, news } = outcome;
    const write = outcome.write || (known.polled.has(key) && report.groupKey !== pollGroup);
    const back = known.ended.has(key) && fires(state);
    return back
      ? { report, reason: 'fired_again', state, write: true, news: true }
      : { report, reason, state, write, news };
  });
}

/** The reporters to be stored, as the batch leaves them, in the order in which everybody stores them. */
export function toStore(judged: readonly Judged[]): Judged[] {
  const last = new Map<string, Judged>();
  for (const j of judged) {
    const key = reporterKey(j.report);
    if (j.write || last.has(key)) last.set(key, j);
  }
  return inOrder(last);
}

/** The values in the order of their keys. */
export function inOrder<T>(byKey: ReadonlyMap<string, T>): T[] {
  return [...byKey.keys()].sort().map((key) => byKey.get(key) as T);
}

/**
 * The judged reports that make their alerts' incidents due. What looked like no news may be some when its reporter,
 * taken for new, was there already: another replica was first.
 *
 * @param there keys of the reporters that were there already when they were stored
 */
export function newsOf(judged: readonly Judged[], there: ReadonlySet<string>): Judged[] {
  const believedNew = new Set(judged.filter((j) => isNew(j.reason)).map((j) => reporterKey(j.report)));
  const overtaken = (key: string) => there.has(key) && believedNew.has(key);
  return judged.filter((j) => j.news || overtaken(reporterKey(j.report)));
}

function isNew(reason: string): boolean {
  return reason === 'new_alert' || reason === 'resolved_unknown';
}

/** What was learnt of one Alertmanager group. */
export interface Learnt {
  sourceId: number;
  groupKey: string;
  rhythm: Rhythm;
}

/** How long a group's stored rhythm may lag behind; rewriting it at every post would cost a row per request. */
export const rhythmStepMs = 60_000;

/** The rhythms that a batch changed enough to be stored, learnt from posts without news, in the order of storing. */
export function learnRhythms(judged: readonly Judged[], known: Known, now: Date, outages: readonly Outage[]): Learnt[] {
  const unchanged = new Map<string, { judged: Judged; unchanged: boolean }>();
  for (const j of judged) {
    const before = unchanged.get(groupKey(j.report));
    unchanged.set(groupKey(j.report), { judged: j, unchanged: (before?.unchanged ?? true) && !j.news });
  }
  const learnt = [...unchanged].flatMap(([key, { judged: j, unchanged: same }]) => {
    const before = known.rhythms.get(key) ?? null;
    if (before !== null && now.getTime() - before.lastPostAt.getTime() < rhythmStepMs) return [];
    return [{ sourceId: j.report.sourceId, groupKey: j.report.groupKey, rhythm: learn(before, now, same, outages) }];
  });
  return learnt.sort((a, b) => (groupKey(a) < groupKey(b) ? -1 : 1));
}
