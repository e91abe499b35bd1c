/** The versions of what admins edit that were in force at some time, from the revisions that are kept. */
import type { Past, PastGroup, PastPerson, PastSchedule, Version } from '../alert/past.ts';
import type { Matcher } from '../matcher/matcher.ts';
import type { Queryable } from '../store/db.ts';
import type { Body } from './kinds.ts';
import { compileMatchers, nothing } from './matchers.ts';
import type { ScheduleBody } from './schedule-fields.ts';
import { compileSchedules } from './schedules.ts';

interface RowOf<S, B extends Body> extends Record<string, unknown> {
  section: S;
  object_id: string;
  version: number;
  at: Date;
  until: Date | null;
  body: B;
}
type ScheduleRow = RowOf<'schedules', ScheduleBody>;
type OtherRow = RowOf<'alert_groups' | 'contacts' | 'robots', Body>;

/** Who is asked about: only the versions of this contact or room are read. */
interface Asked {
  from: Date;
  to: Date;
  person: { kind: 'contact' | 'robot'; name: string } | null;
}

const inForce = `select * from (
    select section, object_id, key, version, action, at, body, lead(at) over (partition by section, lineage order by version) as until
    from revision where section in ('alert_groups', 'schedules') or (section = $3 and key = $4)) r
  where action <> 'delete' and at <= $2 and (until is null or (until > $1 and until > at))
  order by key, at, version`;

/** Reads the versions that were in force within a stretch of time. What was deleted long ago is forgotten. */
export async function readPast(db: Queryable, { from, to, person }: Asked): Promise<Past> {
  const { rows } = await db.query<ScheduleRow | OtherRow>(inForce, [
    from,
    to,
    person && `${person.kind}s`,
    person?.name ?? null,
  ]);
  const others = rows.filter((row) => row.section !== 'schedules');
  return {
    groups: others.filter(({ section }) => section === 'alert_groups').map(groupOf),
    schedules: rows.filter((row) => row.section === 'schedules').flatMap(scheduleOf),
    person: others.filter(({ section }) => section !== 'alert_groups').map(personOf),
  };
}

function versionOf({ version, at, until, body }: ScheduleRow | OtherRow): Version {
  return { name: String(body['name']), version, from: at, to: until };
}

function groupOf(row: OtherRow): PastGroup {
  const names = (key: string, of: Body = row.body) => (of[key] ?? []) as string[];
  const audience = (of?: Body) => ({
    ...{ members: names('members', of), schedules: names('schedules', of), robots: names('robots', of) },
  });
  return {
    ...versionOf(row),
    id: Number(row.object_id),
    matchers: matchersOf(names('matchers')),
    ...audience(),
    channels: names('channels'),
    // A version of long ago knows no escalation.
    escalation: ((row.body['escalation'] ?? []) as Body[]).map((step) => audience(step)),
  };
}

function matchersOf(texts: readonly string[]): Matcher[] {
  try {
    return compileMatchers(texts);
  } catch {
    return [nothing];
  }
}

function scheduleOf(row: ScheduleRow): PastSchedule[] {
  return [...compileSchedules([row.body], [], { error() {} }).values()].map((schedule) => ({
    ...versionOf(row),
    schedule,
  }));
}

function personOf(row: OtherRow): PastPerson {
  const { email, wecom } = row.body as { email?: string | null; wecom?: string | null };
  const kind = row.section === 'robots' ? 'robot' : 'contact';
  return { ...versionOf(row), kind, email: email ?? null, wecom: wecom ?? null };
}
