/** What admins edit, as the pipeline reads it: one immutable snapshot per configuration version. */
import type { Matcher } from '../matcher/matcher.ts';
import type { DailyTime } from './daily.ts';
import type { Digest } from './digest.ts';
import type { Labels } from './labels.ts';
import type { Schedule } from './on-call.ts';
import type { TimeInterval } from './time-interval.ts';

/**
 * A way in: one Alertmanager, or one cluster of them, or a Prometheus that posts by itself (with its replicas). `self` is
 * this service's own alarms.
 */
export interface Source {
  id: number;
  name: string;
  site: string;
  kind: 'alertmanager' | 'prometheus' | 'self';
  /** Added to every alert of this source. */
  labels: Labels;
}

/** A person and the addresses that reach them. */
export interface Contact {
  id: number;
  name: string;
  email: string | null;
  /** WeCom userid. */
  wecom: string | null;
  /** WeChat service-account openid. */
  openid: string | null;
  locale: string;
  timezone: string;
  /** When it is told what is not critical; null: at once. */
  digest: Digest | null;
}

/** Whom messages to a room mention: WeCom userids, and `@all` for everybody in it. */
export interface Mention {
  /** When something critical fires. */
  critical: readonly string[];
  /** When anything does. */
  firing: readonly string[];
}

/** A WeCom group robot: a room. `key` is a secret. */
export interface Robot {
  id: number;
  name: string;
  key: string;
  locale: string;
  timezone: string;
  mention: Mention;
}

/** An alert flaps when it has begun or ended more often than that within that time. */
export interface Flapping {
  changes: number;
  withinMs: number;
}

/** An alert group has a storm when more alerts than that begin within that time; it is told of once in each interval. */
export interface Storm {
  alerts: number;
  withinMs: number;
  intervalMs: number;
}

/** When and how much an alert group tells. */
export interface Policy {
  /** Label names; `['...']` groups by all labels. */
  groupBy: readonly string[];
  groupWaitMs: number;
  groupIntervalMs: number;
  repeatIntervalMs: number;
  sendResolved: boolean;
  /** An alert must fire that long before anybody is told that it began; runs alongside `groupWaitMs`. */
  forMs: number;
  /** An alert that has ended counts as firing for so long, and goes on when it fires again within it. */
  keepFiringForMs: number;
  /** When an alert that comes and goes is told as flapping, and no more until it is calm. Null: never. */
  flapping: Flapping | null;
  /** When what is not critical is told in one message at a time. Null: never. */
  storm: Storm | null;
  /** While one of them is active, only critical alerts are told, and the rest in one message at its end. Null: there are none. */
  quietTimes: Recurrence | null;
  /** While one of them is active, nobody is told. Null: there are none. */
  muteTimes: Recurrence | null;
  /** Only while one of them is active is anybody told. Null: at all times. */
  activeTimes: Recurrence | null;
}

/** How members are reached. Rooms are listed on the alert group itself. */
type MemberChannel = 'email' | 'wecom-app';

/** An on-call schedule (值班表) with the contacts that it names. */
export interface StaffedSchedule extends Schedule {
  /** By name. */
  people: ReadonlyMap<string, Contact>;
  /** Whoever comes on call is sent what is open then. */
  handOverCard: boolean;
}

/** Whom an alert group tells. */
export interface Audience {
  members: readonly Contact[];
  channels: readonly MemberChannel[];
  robots: readonly Robot[];
}

/** Who is told too when nobody has acknowledged an incident for so long (升级通知). */
export interface EscalationStep {
  /** Counted from when it was first told, or would have been. */
  afterMs: number;
  members: readonly Contact[];
  schedules: readonly StaffedSchedule[];
  robots: readonly Robot[];
}

/** What admins edit (告警组): matchers (what), members (who), channels (how), policy (when and how much). */
export interface AlertGroup extends Audience {
  id: number;
  name: string;
  /** `unrouted` takes what nothing matches, `self` our own trouble, `watchdog` heartbeat alarms without a group. */
  builtin: 'unrouted' | 'self' | 'watchdog' | null;
  matchers: readonly Matcher[];
  continue: boolean;
  /** Whoever is on call by one of these is a member at that time. */
  schedules: readonly StaffedSchedule[];
  /** Who is told while it has no members and no rooms; missing: nobody. */
  ifNobody?: Audience;
  /** In order, each later than the one before. */
  escalation: readonly EscalationStep[];
  policy: Policy;
  version: number;
}

/** The time intervals that something goes by. */
export interface Recurrence {
  intervals: readonly { name: string; interval: TimeInterval }[];
  /** All of them in one: active while any of them is. */
  together: TimeInterval;
}

/** Alertmanager's silence: several matcher sets are ORed. */
export interface Silence {
  id: string;
  /** Null: it has none. */
  name: string | null;
  matchers: readonly (readonly Matcher[])[];
  startsAt: Date;
  endsAt: Date;
  /** Null: it hides all the time from its start to its end. */
  recurs: Recurrence | null;
  createdBy: string;
  comment: string;
}

/** A silence with whom its end concerns. */
export interface KeptSilence extends Silence {
  /** They are reminded before it ends, and told after it what still fires. */
  notify: readonly Contact[];
  /** So long before its end; 0: they are not reminded. */
  remindMs: number;
  /** When it was made or edited last; one that somebody has ended: its end. */
  updatedAt: Date;
}

/** Alertmanager's: while an alert of the source side fires, nobody is told of those of the target side that equal it. */
export interface InhibitionRule {
  id: number;
  name: string;
  source: readonly Matcher[];
  target: readonly Matcher[];
  /** Label names. */
  equal: readonly string[];
}

/** A declared heartbeat: which reports are beats, and how long one may stay away. */
export interface Heartbeat {
  id: number;
  name: string;
  /** Null: from any source. */
  sourceId: number | null;
  matchers: readonly Matcher[];
  timeoutMs: number;
  /** Name of the alert group that is told; null: the built-in `watchdog` group. */
  alertGroup: string | null;
}

/** Says once a day that all is well, or what is not (每日报平安); its absence is the alarm. */
export interface DailyMessage extends Audience {
  name: string;
  time: DailyTime;
  /** An edit counts from then on: what was due before is not made up for. */
  editedAt: Date;
}

/** The whole configuration at one version. */
export interface Snapshot {
  version: number;
  /** Version of the last edit that can have changed where alerts go. */
  routingVersion: number;
  sources: ReadonlyMap<number, Source>;
  /** Hex SHA-256 of a source token to its source. */
  sourceByTokenHash: ReadonlyMap<string, Source>;
  /** In match order: managed before page-made; built-in groups are not in it. */
  groups: readonly AlertGroup[];
  groupsById: ReadonlyMap<number, AlertGroup>;
  builtin: Readonly<Record<'unrouted' | 'self' | 'watchdog', AlertGroup>>;
  silences: readonly KeptSilence[];
  /** In the order of their names: the first that fits is named. */
  inhibitionRules: readonly InhibitionRule[];
  timeIntervals: ReadonlyMap<string, TimeInterval>;
  schedules: ReadonlyMap<string, StaffedSchedule>;
  heartbeats: readonly Heartbeat[];
  dailyMessages: readonly DailyMessage[];
}
