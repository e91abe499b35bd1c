/** The configuration as the pipeline reads it: loaded as a whole, and known to be of today by one cheap read. */
import type {
  AlertGroup,
  Audience,
  Contact,
  Heartbeat,
  InhibitionRule,
  KeptSilence,
  Policy,
  Recurrence,
  Robot,
  Snapshot,
  Source,
} from '../alert/config.ts';
import { parseDuration } from '../alert/duration.ts';
import type { Labels } from '../alert/labels.ts';
import type { Peer } from '../alert/peer.ts';
import type { TimeInterval } from '../alert/time-interval.ts';
import { parseTime } from '../alert/time-interval-text.ts';
import type { Matcher } from '../matcher/matcher.ts';
import type { Db, Queryable } from '../store/db.ts';
import { type DailyRow, dailyMessageOf } from './daily.ts';
import { type EmergencyContact, emergencyAudience } from './emergency.ts';
import { compileMatchers, type MatcherFacts, nothing } from './matchers.ts';
import { compileIntervals, type IntervalRow, recurrenceOf } from './recurrence.ts';
import type { ScheduleBody } from './schedule-fields.ts';
import { compileSchedules } from './schedules.ts';

/** Hands out the configuration. */
export interface Snapshots {
  /** What was loaded last. @throws Error before the first `fresh` */
  current(): Snapshot;
  /** The newest version; loaded only when it has changed. */
  fresh(): Promise<Snapshot>;
  /**
   * The newest version with all silences that have hidden something since `from`, for whoever looks at the past; not kept.
   * `within`: as a transaction sees it.
   */
  ofPast(from: Date, within?: Queryable): Promise<Snapshot>;
  /** The other sites that this one watches, with the secrets that are shared with them. */
  peers(): readonly Peer[];
  /** The secret key of a room, null when there is no such room. */
  robotKey(name: string): string | null;
}

/** What {@link createSnapshots} needs. */
export interface SnapshotOptions {
  db: Db;
  emergencyContacts: readonly EmergencyContact[];
  log: { error(facts: object, text: string): void };
}

/** Keeps the newest snapshot; whoever asks at the same time waits for one load. */
export function createSnapshots(options: SnapshotOptions): Snapshots {
  let newest: Loaded | null = null;
  let loading: Promise<Loaded> | null = null;

  async function load(): Promise<Loaded> {
    newest = await loadAll(options, options.db, null);
    return newest;
  }

  return {
    current() {
      if (newest === null) throw new Error('the configuration has not been loaded yet');
      return newest.snapshot;
    },
    async fresh() {
      const { rows } = await options.db.query<{ version: string }>('select version::text from config_version');
      const version = Number(rows[0]?.version);
      // The load that is under way may have begun before the edit that this caller has seen.
      while (newest === null || newest.snapshot.version < version) {
        loading ??= load().finally(() => {
          loading = null;
        });
        await loading;
      }
      return newest.snapshot;
    },
    ofPast: async (from, within = options.db) => (await loadAll(options, within, from)).snapshot,
    peers: () => newest?.peers ?? [],
    robotKey: (name) => newest?.robotKeys.get(name) ?? null,
  };
}

interface Loaded {
  snapshot: Snapshot;
  robotKeys: ReadonlyMap<string, string>;
  peers: readonly Peer[];
}

/**
 * Silences that ended long before the last edit are history: they never count again, whatever this clock says.
 * One statement, so that all of it is of one moment: an edit between two would give a mixture that carries the number of
 * the version before, and so be mended only by the next edit.
 */
const everything = `select
  (select version::text from config_version) as version,
  (select routing_version::text from config_version) as routing_version,
  (select coalesce(json_agg(s order by s.id), '[]') from source s) as sources,
  (select coalesce(json_agg(t), '[]') from source_token t) as tokens,
  (select coalesce(json_agg(c), '[]') from contact c) as contacts,
  (select coalesce(json_agg(r), '[]') from robot r) as robots,
  (select coalesce(json_agg(g order by not g.managed, g.position, g.id), '[]')
     from alert_group g where g.deleted_at is null) as groups,
  (select coalesce(json_agg(s), '[]') from silence s
    where s.ends_at > least($1::timestamptz, (select changed_at - interval '1 day' from config_version))) as silences,
  (select coalesce(json_agg(i), '[]') from time_interval i) as intervals,
  (select coalesce(json_agg(s), '[]') from schedule s) as schedules,
  (select coalesce(json_agg(r order by r.name collate "C"), '[]') from inhibition_rule r) as inhibition_rules,
  (select coalesce(json_agg(h order by h.id), '[]') from heartbeat h) as heartbeats,
  (select coalesce(json_agg(m order by m.id), '[]') from daily_message m) as daily_messages,
  (select coalesce(json_agg(p order by p.name collate "C"), '[]') from peer p) as peers`;

interface Rows extends Record<string, unknown> {
  version: string;
  routing_version: string;
  sources: (Omit<Source, 'labels'> & { labels: Labels })[];
  tokens: { hash: string; source_id: number }[];
  contacts: ContactRow[];
  robots: Robot[];
  groups: GroupRow[];
  intervals: IntervalRow[];
  schedules: ScheduleBody[];
  silences: {
    id: string;
    name: string | null;
    time_intervals: string[];
    matchers: MatcherFacts[][];
    starts_at: string;
    ends_at: string;
    created_by: string;
    comment: string;
    notify: string[] | null;
    remind: string;
    updated_at: string;
  }[];
  inhibition_rules: {
    id: number;
    name: string;
    source_matchers: string[];
    target_matchers: string[];
    equal: string[];
  }[];
  heartbeats: {
    id: number;
    name: string;
    source: string | null;
    matchers: string[];
    timeout_ms: number;
    alert_group: string | null;
  }[];
  daily_messages: DailyRow[];
  peers: Peer[];
}

type ContactRow = Omit<Contact, 'digest'> & { digest_at: string[] };

/** Names of who is told. */
interface Named {
  members: string[];
  schedules: string[];
  robots: string[];
}

interface GroupRow extends Named, Pick<AlertGroup, 'id' | 'name' | 'builtin' | 'continue' | 'channels' | 'version'> {
  matchers: string[];
  escalation: (Named & { after: string })[];
  policy: Partial<Record<'group_wait' | 'group_interval' | 'repeat_interval' | 'for' | 'keep_firing_for', string>> &
    Partial<Record<'group_by' | 'quiet_time_intervals' | 'mute_time_intervals' | 'active_time_intervals', string[]>> & {
      send_resolved?: boolean;
      flapping?: { changes: number; within: string } | null;
      storm?: { alerts: number; within: string; interval: string } | null;
    };
}

/** @param from silences that ended since then are loaded too; null: only what may still count */
async function loadAll({ emergencyContacts, log }: SnapshotOptions, db: Queryable, from: Date | null): Promise<Loaded> {
  const rows = (await db.query<Rows>(everything, [from])).rows[0] as Rows;
  const sources = new Map(rows.sources.map((s) => [s.id, sourceOf(s)]));
  const emergency = emergencyAudience(emergencyContacts);
  const timeIntervals = compileIntervals(rows.intervals, log);
  const contacts = rows.contacts.map(contactOf);
  const schedules = compileSchedules(rows.schedules, contacts, log);
  const world = { contacts, robots: rows.robots, schedules, emergency, intervals: timeIntervals };
  const groups = rows.groups.map((row) => groupOf(row, world, log));
  const builtin = (name: AlertGroup['builtin']) => groups.find((g) => g.builtin === name) as AlertGroup;
  const robots = [...rows.robots, ...emergency.robots];
  return {
    robotKeys: new Map(robots.map((r) => [r.name, r.key])),
    peers: rows.peers.map(({ id, name, url, secret }) => ({ id, name, url, secret })),
    snapshot: {
      version: Number(rows.version),
      routingVersion: Number(rows.routing_version),
      sources,
      sourceByTokenHash: new Map(rows.tokens.flatMap((t) => pair(t.hash, sources.get(t.source_id)))),
      groups: groups.filter((g) => g.builtin === null),
      groupsById: new Map(groups.map((g) => [g.id, g])),
      builtin: { unrouted: builtin('unrouted'), self: builtin('self'), watchdog: builtin('watchdog') },
      silences: rows.silences.map((row) => silenceOf(row, { contacts, intervals: timeIntervals }, log)),
      timeIntervals,
      schedules,
      inhibitionRules: rows.inhibition_rules.map((row) => inhibitionRuleOf(row, log)),
      heartbeats: rows.heartbeats.map((row) => heartbeatOf(row, rows.sources, log)),
      dailyMessages: rows.daily_messages.map((row) => dailyMessageOf(row, world)),
    },
  };
}

/** A stored contact. */
export function contactOf({ digest_at: times, ...contact }: ContactRow): Contact {
  const digest = times.length === 0 ? null : { zone: contact.timezone, minutes: times.map(parseTime) };
  return { ...contact, digest };
}

function pair<K, V>(key: K, value: V | undefined): [K, V][] {
  return value === undefined ? [] : [[key, value]];
}

function sourceOf({ id, name, site, kind, labels }: Source): Source {
  return { id, name, site, kind, labels };
}

/** What alert groups name. */
interface World {
  contacts: readonly Contact[];
  robots: readonly Robot[];
  schedules: Snapshot['schedules'];
  emergency: Audience;
  intervals: ReadonlyMap<string, TimeInterval>;
}

function groupOf(row: GroupRow, world: World, log: SnapshotOptions['log']): AlertGroup {
  const { id, name, builtin, channels, version } = row;
  const { schedules, ...named } = toldBy(row, world);
  const own = { ...named, channels };
  const alone = (builtin === 'self' || builtin === 'watchdog') && own.members.length === 0 && own.robots.length === 0;
  const { emergency } = world;
  return {
    ...{ id, name, builtin, continue: row.continue, version, schedules },
    // With a schedule they stand in only while nobody is on call.
    ...(alone && schedules.length === 0 ? emergency : own),
    ...(alone && schedules.length > 0 ? { ifNobody: emergency } : {}),
    matchers: compiled(row.matchers, `alert group ${name}`, log),
    escalation: row.escalation.map((step) => ({ afterMs: parseDuration(step.after), ...toldBy(step, world) })),
    policy: policyOf(row.policy, world.intervals),
  };
}

function toldBy(
  { members, schedules, robots }: Named,
  { contacts, robots: rooms, schedules: all }: Pick<World, 'contacts' | 'robots' | 'schedules'>,
): Pick<AlertGroup, 'members' | 'schedules' | 'robots'> {
  return {
    members: members.flatMap((name) => contacts.find((c) => c.name === name) ?? []),
    schedules: schedules.flatMap((name) => all.get(name) ?? []),
    robots: robots.flatMap((name) => rooms.find((r) => r.name === name) ?? []),
  };
}

/** One that cannot be read would keep everything from everybody: then nothing is kept back. */
function activeTimesOf(names: readonly string[], intervals: ReadonlyMap<string, TimeInterval>): Recurrence | null {
  const readable = names.every((name) => (intervals.get(name) ?? []).length > 0);
  return readable ? recurrenceOf(names, intervals) : null;
}

function stormOf(storm: GroupRow['policy']['storm'] | null): Policy['storm'] {
  if (!storm) return null;
  return { alerts: storm.alerts, withinMs: parseDuration(storm.within), intervalMs: parseDuration(storm.interval) };
}

/** A stored policy with what it leaves out. */
export function policyOf(policy: GroupRow['policy'], intervals: ReadonlyMap<string, TimeInterval>): Policy {
  return {
    groupBy: policy.group_by ?? ['alertname'],
    groupWaitMs: parseDuration(policy.group_wait ?? '30s'),
    groupIntervalMs: parseDuration(policy.group_interval ?? '5m'),
    repeatIntervalMs: parseDuration(policy.repeat_interval ?? '4h'),
    sendResolved: policy.send_resolved ?? true,
    forMs: parseDuration(policy.for ?? '0s'),
    keepFiringForMs: parseDuration(policy.keep_firing_for ?? '0s'),
    flapping: policy.flapping
      ? { changes: policy.flapping.changes, withinMs: parseDuration(policy.flapping.within) }
      : null,
    storm: stormOf(policy.storm ?? null),
    quietTimes: recurrenceOf(policy.quiet_time_intervals ?? [], intervals),
    muteTimes: recurrenceOf(policy.mute_time_intervals ?? [], intervals),
    activeTimes: activeTimesOf(policy.active_time_intervals ?? [], intervals),
  };
}

function compiled(matchers: readonly (string | MatcherFacts)[], of: string, log: SnapshotOptions['log']): Matcher[] {
  try {
    return compileMatchers(matchers);
  } catch (error) {
    log.error({ err: error, of }, 'a stored matcher does not compile: this matches nothing until it is edited');
    return [nothing];
  }
}

function silenceOf(
  row: Rows['silences'][number],
  { contacts, intervals }: { contacts: readonly Contact[]; intervals: ReturnType<typeof compileIntervals> },
  log: SnapshotOptions['log'],
): KeptSilence {
  return {
    id: row.id,
    name: row.name,
    matchers: row.matchers.map((set) => compiled(set, `silence ${row.id}`, log)),
    startsAt: new Date(row.starts_at),
    endsAt: new Date(row.ends_at),
    recurs: recurrenceOf(row.time_intervals, intervals),
    createdBy: row.created_by,
    comment: row.comment,
    notify: (row.notify ?? [row.created_by]).flatMap((name) => contacts.find((c) => c.name === name) ?? []),
    remindMs: parseDuration(row.remind),
    updatedAt: new Date(row.updated_at),
  };
}

function inhibitionRuleOf(row: Rows['inhibition_rules'][number], log: SnapshotOptions['log']): InhibitionRule {
  return {
    id: row.id,
    name: row.name,
    source: compiled(row.source_matchers, `inhibition rule ${row.name}`, log),
    target: compiled(row.target_matchers, `inhibition rule ${row.name}`, log),
    equal: row.equal,
  };
}

function heartbeatOf(
  row: Rows['heartbeats'][number],
  sources: readonly Source[],
  log: SnapshotOptions['log'],
): Heartbeat {
  return {
    id: row.id,
    name: row.name,
    sourceId: sources.find((s) => s.name === row.source)?.id ?? null,
    matchers: compiled(row.matchers, `heartbeat ${row.name}`, log),
    timeoutMs: row.timeout_ms,
    alertGroup: row.alert_group,
  };
}
