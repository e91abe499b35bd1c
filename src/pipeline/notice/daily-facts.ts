/** What a daily message says: read in a constant number of statements. */
import type { Snapshot } from '../../alert/config.ts';
import type { Day } from '../../alert/daily.ts';
import { groupsNaming } from '../../alert/members.ts';
import type { DailyFacts, DailyLine, DailyUnwell } from '../../alert/notice.ts';
import { onCallAt } from '../../alert/on-call.ts';
import type { OwnTrouble, Unwell } from '../../alert/unwell.ts';
import type { Queryable } from '../../store/db.ts';

/** What it is found out from, beside the database. */
export interface DailyParts {
  /** Name of this site. */
  site: string;
  /** What is not well with this service itself. */
  unwell: () => Promise<OwnTrouble>;
  /** How the other sites fare, one line each. */
  sites: () => Promise<readonly DailyLine[]>;
}

/** One message names no more of a kind; it counts the others. */
const listedAtMost = 50;

/** What all daily messages of this moment say, whichever day they count. */
export async function findPresent(
  db: Queryable,
  snapshot: Snapshot,
  { daily, now }: { daily: DailyParts; now: Date },
): Promise<Omit<DailyFacts, 'yesterday'>> {
  const { reasons, failingChannels } = await daily.unwell();
  return {
    site: daily.site,
    foundAt: now.toISOString(),
    unwell: reasons.filter(tellable),
    failingChannels: [...failingChannels],
    heartbeats: await readHeartbeats(db),
    sources: await readSources(db),
    onCall: onCallNow(snapshot, now),
    sites: [...(await daily.sites())].slice(0, listedAtMost),
  };
}

/** A database that takes no write keeps no message either: one that is stored shows that it was slow for a moment at most. */
function tellable(reason: Unwell): reason is DailyUnwell {
  return reason !== 'database';
}

async function readHeartbeats(db: Queryable): Promise<DailyFacts['heartbeats']> {
  type Row = DailyFacts['heartbeats']['listed'][number] & { total: number; bad: number };
  const { rows } = await db.query<Row & Record<string, unknown>>(
    `select coalesce(h.name, left(s.labels->>'alertname', 100), 'heartbeat') as name, source.name as source, s.state,
       s.last_beat_at as "lastBeatAt", count(*) over ()::int as total,
       (count(*) filter (where s.state in ('lost', 'recovering')) over ())::int as bad
     from heartbeat_stream s left join heartbeat h on h.id = s.heartbeat_id left join source on source.id = s.source_id
     order by array_position('{lost,late,recovering,ok,pending}', s.state), name, source, s.id limit $1`,
    [listedAtMost],
  );
  return { ...counts(rows), listed: rows.map(({ total: _, bad: __, ...one }) => one) };
}

async function readSources(db: Queryable): Promise<DailyFacts['sources']> {
  type Row = DailyFacts['sources']['listed'][number] & { total: number; bad: number };
  const { rows } = await db.query<Row & Record<string, unknown>>(
    `select s.name, s.site, case when a.last_post_at is null then 'never' else a.state end as state,
       a.last_post_at as "lastPostAt", count(*) over ()::int as total,
       (count(*) filter (where a.state = 'quiet') over ())::int as bad
     from source s left join source_activity a on a.source_id = s.id
     where s.kind <> 'self' order by a.state = 'quiet' desc nulls last, s.name limit $1`,
    [listedAtMost],
  );
  return { ...counts(rows), listed: rows.map(({ total: _, bad: __, ...one }) => one) };
}

function counts(rows: readonly { total: number; bad: number }[]): { total: number; bad: number } {
  return { total: rows[0]?.total ?? 0, bad: rows[0]?.bad ?? 0 };
}

function onCallNow({ schedules, groupsById }: Snapshot, now: Date): DailyFacts['onCall'] {
  const groups = [...groupsById.values()];
  return [...schedules.values()]
    .filter(({ name }) => groupsNaming(groups, name).length > 0)
    .slice(0, listedAtMost)
    .map((schedule) => ({ schedule: schedule.name, people: onCallAt(schedule, now) }));
}

/** What happened on one day. */
export async function countDay(db: Queryable, { date, from, to }: Day): Promise<DailyFacts['yesterday']> {
  type Row = Omit<DailyFacts['yesterday'], 'date'> & Record<string, unknown>;
  const { rows } = await db.query<Row>(
    `select
       (select count(distinct (alert_fingerprint, since))::int from transition
        where state = 'firing' and heard_at >= $1 and since >= $1 and since < $2) as alerts,
       (select count(*)::int from incident where opened_at >= $1 and opened_at < $2) as incidents,
       (select coalesce(json_agg(m order by m.channel), '[]') from (
          select d.channel,
            count(distinct coalesce(n.carrier_id, n.id)) filter (where n.state = 'accepted')::int as sent,
            count(distinct coalesce(n.carrier_id, n.id)) filter (where n.state = 'undeliverable')::int as failed
          from notification n join destination d on d.id = n.destination_id
          where n.created_at >= $1 and n.created_at < $2 and n.state in ('accepted', 'undeliverable')
          group by d.channel) m) as messages,
       (select json_build_object('count', count(*), 'lastedMs', coalesce(round(sum(
            extract(epoch from least(to_at, $2) - greatest(from_at, $1)) * 1000)), 0))
        from outage where to_at > $1 and from_at < $2) as away`,
    [from, to],
  );
  return { date, ...(rows[0] as Row) };
}
