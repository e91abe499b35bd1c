import type { KeptSilence } from '../../alert/config.ts';
import type { Labels } from '../../alert/labels.ts';
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
/** Those of incidents with something critical come first. */
const lookedAtOfGroup = 500;

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

/** What fires in these alert groups, by their id; it is counted to the end, and named as far as one message does. */
export async function firingIn(
  db: Queryable,
  groupIds: readonly number[],
  critical: readonly Matcher[],
): Promise<Map<number, Counted<NoticedAlert>>> {
  const { rows } = await db.query<{ groupId: number; labels: Labels; since: Date; total: number }>(
    `select "groupId", labels, since, total from (
       select i.group_id as "groupId", a.labels, a.since, count(*) over (partition by i.group_id)::int as total,
         row_number() over (partition by i.group_id order by i.critical desc, a.since, a.fingerprint) as nth
       from incident i join incident_alert p on p.incident_id = i.id and p.left_at is null
       join alert a on a.fingerprint = p.alert_fingerprint and a.state in ('firing', 'stale')
       where i.closed_at is null and i.group_id = any($1::int[])) fires
     where nth <= $2 order by "groupId", nth`,
    [groupIds, lookedAtOfGroup],
  );
  const found = new Map<number, { total: number; tally: ReturnType<typeof createTally> }>();
  for (const { groupId, labels, since, total } of rows) {
    const { tally } = found.get(groupId) ?? { tally: createTally() };
    found.set(groupId, { total, tally });
    tally.note({ labels, since: since.toISOString(), critical: matchesAll(critical, labels) });
  }
  return new Map([...found].map(([id, { total, tally }]) => [id, { ...tally.result(), total }]));
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
