import type { KeptSilence } from '../../alert/config.ts';
import type { Counted, NoticedAlert } from '../../alert/notice.ts';
import { matchesAll } from '../../matcher/compile.ts';
import type { Matcher } from '../../matcher/matcher.ts';
import type { Queryable } from '../../store/db.ts';
import { createTurns } from '../../turns.ts';
import { openAlerts } from '../preview/stored.ts';

/** One message names no more; it counts the others. */
const listedAtMost = 20;
/** No more open alerts are held against silences. */
const examinedAtMost = 50_000;

/** What fires now that each of these silences matches, by its id. Nothing silences an alarm of the watchdog. */
export async function firingBehind(
  db: Queryable,
  silences: readonly KeptSilence[],
  critical: readonly Matcher[],
): Promise<Map<string, Counted<NoticedAlert>>> {
  const found = new Map(silences.map((s) => [s.id, createTally()]));
  const turns = createTurns();
  let examined = 0;
  for await (const chunk of openAlerts(db)) {
    if (examined >= examinedAtMost) break;
    examined += chunk.length;
    for (const { lane, labels, since } of chunk) {
      await turns();
      if (lane === 'watchdog') continue;
      const alert = { labels, since: since.toISOString(), critical: matchesAll(critical, labels) };
      for (const { id, matchers } of silences) {
        if (matchers.some((set) => matchesAll(set, labels))) found.get(id)?.note(alert);
      }
    }
  }
  return new Map([...found].map(([id, tally]) => [id, tally.result()]));
}

function createTally() {
  let total = 0;
  const [worst, rest]: [NoticedAlert[], NoticedAlert[]] = [[], []];
  return {
    note(alert: NoticedAlert) {
      total++;
      const list = alert.critical ? worst : rest;
      if (list.length < listedAtMost) list.push(alert);
    },
    result: (): Counted<NoticedAlert> => ({ total, listed: [...worst, ...rest].slice(0, listedAtMost) }),
  };
}
