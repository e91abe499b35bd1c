/** The versions of what admins edit that were in force at some time, from the revisions that are kept. */
import type { Past, PastGroup, PastPerson, PastSchedule, Version } from '../alert/past.ts';
import type { Matcher } from '../matcher/matcher.ts';
import type { Queryable } from '../store/db.ts';
import type { Body } from './kinds.ts';
import { compileMatchers, nothing } from './matchers.ts';
import type { ScheduleBody } from './schedule-fields.ts';
import { compileSchedules } from './schedules.ts';

interface Row extends Record<string, unknown> {
  section: 'alert_groups' | 'schedules' | 'contacts' | 'robots';
  object_id: string;
  version: number;
  at: Date;
  until: Date | null;
  body: Body;
}

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
  const { rows } = await db.query<Row>(inForce, [from, to, person && `${person.kind}s`, person?.name ?? null]);
  const of = (section: Row['section']) => rows.filter((row) => row.section === section);
  return {
    groups: of('alert_groups').map(groupOf),
    schedules: of('schedules').flatMap(scheduleOf),
    person: [...of('contacts'), ...of('robots')].map(personOf),
  };
}

function versionOf({ version, at, until, body }: Row): Version {
  return { name: String(body['name']), version, from: at, to: until };
}

function groupOf(row: Row): PastGroup {
  const names = (key: string) => (row.body[key] ?? []) as string[];
  return {
    ...versionOf(row),
    id: Number(row.object_id),
    matchers: matchersOf(names('matchers')),
    ...{ members: names('members'), schedules: names('schedules') },
    ...{ robots: names('robots'), channels: names('channels') },
  };
}

function matchersOf(texts: readonly string[]): Matcher[] {
  try {
    return compileMatchers(texts);
  } catch {
    return [nothing];
  }
}

function scheduleOf(row: Row): PastSchedule[] {
  const body = row.body as unknown as ScheduleBody;
  return [...compileSchedules([body], [], { error() {} }).values()].map((schedule) => ({
    ...versionOf(row),
    schedule,
  }));
}

function personOf(row: Row): PastPerson {
  const { email, wecom } = row.body as { email?: string | null; wecom?: string | null };
  const kind = row.section === 'robots' ? 'robot' : 'contact';
  return { ...versionOf(row), kind, email: email ?? null, wecom: wecom ?? null };
}
