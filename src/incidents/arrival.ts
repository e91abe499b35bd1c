/** Whether what somebody asks about had arrived at a time, and if not, what comes near and what the sources had posted. */
import type { Labels } from '../alert/labels.ts';
import type { Past } from '../alert/past.ts';
import { missesOf } from '../matcher/compile.ts';
import { formatMatchers } from '../matcher/format.ts';
import type { Matcher } from '../matcher/matcher.ts';
import type { Queryable } from '../store/db.ts';
import type { FindingFacts } from './finding-facts.ts';
import { type Finding, missesIn } from './findings.ts';
import { endedColumn, type Fires, firingsIn, firingsOf } from './fired.ts';
import type { Window } from './person-rows.ts';

/** An alert that may be meant. */
export interface Candidate extends Fires {
  fingerprint: string;
  labels: Labels;
  first_seen: Date;
}

/** What a source had posted by a moment. */
export interface SourceRow {
  name: string;
  last_post_at: Date | null;
  gap_from: Date | null;
  gap_to: Date | null;
  gap_unknown: boolean | null;
  said_at: Date | null;
  said_reason: string | null;
  said_of: string | null;
}

/** So many alerts that have most of the labels that are asked for are looked at. */
const candidatesRead = 500;
const foundShown = 20;
const nearShown = 5;
const groupsShown = 10;
const sourcesShown = 50;

/** The alerts that come nearest by the matchers with `=`, those that changed last first. */
export async function readCandidates(db: Queryable, matchers: readonly Matcher[]): Promise<Candidate[]> {
  const equal = matchers.filter((m) => m.op === '=');
  const values: unknown[] = [candidatesRead];
  const fits = equal.map(({ name, value }) => {
    values.push(name, value);
    return `(coalesce(labels->>$${values.length - 1}, '') = $${values.length})::int`;
  });
  const { rows } = await db.query<Candidate & Record<string, unknown>>(
    `select a.fingerprint, a.labels, a.state, a.since, a.periods, a.first_seen, ${endedColumn} from alert a
     order by ${[...(fits.length === 0 ? [] : [`${fits.join(' + ')} desc`]), 'changed_at desc', 'fingerprint'].join(', ')} limit $1`,
    values,
  );
  return rows;
}

/** What every source had posted by a moment, and its last news in the hour before that. */
export async function readSources(db: Queryable, at: Date): Promise<SourceRow[]> {
  const { rows } = await db.query<SourceRow & Record<string, unknown>>(
    `with said as (
       select distinct on (n.source_id) n.source_id, n.at, n.reason, a.labels->>'alertname' as alertname
       from (
         select source_id, at, reason, alert_fingerprint from step
         where source_id is not null and at > $1::timestamptz - interval '1 hour' and at <= $1
         union all select source_id, first_seen, 'new_alert', alert_fingerprint from reporter
         where first_seen > $1::timestamptz - interval '1 hour' and first_seen <= $1) n
       left join alert a on a.fingerprint = n.alert_fingerprint order by n.source_id, n.at desc)
     select s.name, a.last_post_at, g.from_at as gap_from, g.to_at as gap_to, g.unknown as gap_unknown, said.at as said_at,
       said.reason as said_reason, said.alertname as said_of
     from source s left join source_activity a on a.source_id = s.id
     left join lateral (select * from source_gap where source_id = s.id and from_at <= $1 and to_at > $1
       order by from_at desc limit 1) g on true
     left join said on said.source_id = s.id
     where s.kind <> 'self' order by s.name limit $2`,
    [at, sourcesShown],
  );
  return rows;
}

/** What is asked about, and what was read. */
export interface ArrivalFacts {
  matchers: readonly Matcher[];
  window: Window;
  candidates: readonly Candidate[];
  sources: readonly SourceRow[];
  groups: Past['groups'];
}

/** Everything that there is to say about it, what matters most first. Pure. */
export function arrivalOf(facts: ArrivalFacts): Finding[] {
  const { matchers, window, candidates } = facts;
  const found = candidates.filter(({ labels }) => missesOf(matchers, labels).length === 0);
  const told = found.slice(0, foundShown).map((alert) => foundIn(alert, window));
  const absent = found.length === 0 ? [absence(facts), ...near(facts)] : [];
  const labels = found[0]?.labels ?? asked(matchers);
  const routes = Object.keys(labels).length === 0 ? [] : routesOf(labels, facts);
  const missing = told.every(({ finding }) => finding !== 'fired');
  return [...absent, ...told, ...(missing ? facts.sources.map((row) => posted(row, window.to)) : []), ...routes];
}

/** The alerts that are meant. Pure. */
export function meantBy({ matchers, candidates }: Pick<ArrivalFacts, 'matchers' | 'candidates'>): Candidate[] {
  return candidates.filter(({ labels }) => missesOf(matchers, labels).length === 0).slice(0, foundShown);
}

function foundIn(alert: Candidate, window: Window): Finding {
  const about = { fingerprint: alert.fingerprint, labels: alert.labels };
  if (alert.first_seen > window.to) return { finding: 'arrived_later', ...about, at: alert.first_seen };
  const then = firingsIn(alert, window).at(-1);
  if (then !== undefined) return { finding: 'fired', ...about, ...then };
  return { finding: 'did_not_fire', ...about, firing: firingsOf(alert).at(-1) ?? null };
}

function absence({ matchers, candidates }: ArrivalFacts): Finding {
  // The rest has no more of these labels than what was looked at, and that has all of them at most.
  const last = candidates[candidatesRead - 1];
  const equal = matchers.filter((m) => m.op === '=');
  const more = last !== undefined && missesOf(equal, last.labels).length === 0;
  return { finding: 'never_arrived', filter: formatMatchers(matchers), lookedAt: more ? candidates.length : null };
}

/** Those with the fewest labels that differ; one that has nothing of what was asked for does not come near. */
function near({ matchers, candidates }: ArrivalFacts): Finding[] {
  return candidates
    .map((alert) => ({ alert, misses: missesOf(matchers, alert.labels) }))
    .filter(({ misses }) => misses.length < matchers.length)
    .sort((a, b) => a.misses.length - b.misses.length)
    .slice(0, nearShown)
    .map(({ alert: { fingerprint, labels, state }, misses }) => {
      return { finding: 'near_alert', fingerprint, labels, state, misses: missesIn(misses, labels) };
    });
}

/** The labels that matchers with `=` ask for. */
function asked(matchers: readonly Matcher[]): Labels {
  return Object.fromEntries(
    matchers.flatMap(({ name, op, value }) => (op === '=' && value !== '' ? [[name, value]] : [])),
  );
}

/** They take what no other takes, whatever its labels. */
const builtins: ReadonlySet<string> = new Set(['unrouted', 'self', 'watchdog']);

/** By the versions of the end of the window: which alert groups match, and those that nearly do. */
function routesOf(labels: Labels, { groups, window }: ArrivalFacts): Finding[] {
  const current = groups.filter(({ name, to }) => (to === null || to > window.to) && !builtins.has(name));
  const judged = current.map((group) => ({ group, misses: missesOf(group.matchers, labels) }));
  const matching = judged.filter(({ misses }) => misses.length === 0);
  const nearly = judged
    .filter(({ misses }) => misses.length > 0)
    .sort((a, b) => a.misses.length - b.misses.length)
    .slice(0, Math.max(0, groupsShown - matching.length));
  return [
    ...(matching.length === 0 ? [{ finding: 'no_group' } as const] : []),
    ...matching.map(({ group }): Finding => ({ finding: 'matched_group', group: group.name, version: group.version })),
    ...nearly.map(({ group, misses }): Finding => {
      return { finding: 'missed_group', group: group.name, version: group.version, misses: missesIn(misses, labels) };
    }),
  ];
}

function posted(row: SourceRow, at: Date): Finding {
  const ended = row.said_reason === 'resolved' || row.said_reason === 'resolved_unknown';
  const said = row.said_at === null ? null : { at: row.said_at, ended, alertname: row.said_of };
  const source = (posted: FindingFacts['source']['posted'], last: Date | null): Finding => {
    return { finding: 'source', name: row.name, posted, at: last, next: row.gap_to, said };
  };
  if (row.gap_unknown === true) return source('unknown', null);
  if (row.gap_from !== null) return source(row.gap_from.getTime() === 0 ? 'never' : 'since', row.gap_from);
  if (row.last_post_at === null) return source('never', null);
  // A pause is noted once it lasts for a minute.
  const goesOn = row.last_post_at.getTime() > at.getTime() - 60_000;
  return goesOn ? source('going_on', null) : source('since', row.last_post_at);
}
