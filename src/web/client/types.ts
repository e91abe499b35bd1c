/** What the API answers, as far as the page reads it: in one file, which a test compares as a whole with the schemas of the server. */

export type Labels = Readonly<Record<string, string>>;
export type Role = 'viewer' | 'responder' | 'editor' | 'admin';

/** One page of a list. */
export interface Page<T> {
  items: T[];
  next_cursor: string | null;
}

export interface Me {
  name: string;
  display_name: string | null;
  role: Role;
  via: string;
  account: 'user' | 'token' | 'settings';
  has_password: boolean;
  csrf_token: string | null;
  expires_at: string | null;
}

/** How one can sign in here. */
export interface SignInWays {
  password: boolean;
  oidc: { label: string; url: string } | null;
  first_run: boolean;
}

export interface Destination {
  id: string;
  channel: string;
  address: string;
  name: string;
}

export type IncidentState = 'open' | 'acknowledged' | 'closed';

export interface Incident {
  id: string;
  group: string;
  group_labels: Labels;
  lane: 'normal' | 'watchdog';
  state: IncidentState;
  critical: boolean;
  opened_at: string;
  closed_at: string | null;
  due_at: string | null;
  last_flush_at: string | null;
  acknowledged_at: string | null;
  acknowledged_by: string | null;
  alerts: {
    total: number;
    firing: number;
    stale: number;
    resolved: number;
    expired: number;
    undecided: number;
    fresh: number;
    ended: number;
  };
  severities: Record<string, number>;
  summary: string | null;
  silenced: { alerts: number; ended: number; until: string | null };
  inhibited: { alerts: number; by: { rule: string; fingerprint: string; name: string | null }[] };
}

export type AlertState = 'firing' | 'resolved' | 'stale' | 'expired';

/** An alert within an incident. */
export interface Member {
  fingerprint: string;
  labels: Labels;
  annotations: Labels;
  generator_url: string | null;
  state: AlertState;
  episode: number;
  since: string;
  ended_at: string | null;
  joined_at: string;
  left_at: string | null;
}

interface Remedies {
  en: string;
  'zh-CN': string;
}

export interface IncidentDetail extends Incident {
  members: Member[];
  threads: {
    destination: Destination;
    sequence: number;
    joined_at: string | null;
    last_accepted_at: string | null;
  }[];
  open_notifications: {
    id: string;
    destination: Destination;
    state: 'pending' | 'sending';
    reason: string;
    attempts: number;
    next_at: string | null;
    answer: string | null;
    remedy: string | null;
  }[];
  escalation: {
    counting_since: string | null;
    steps: {
      after: string;
      reached: boolean;
      at: string | null;
      members: string[];
      schedules: string[];
      robots: string[];
    }[];
  };
  next_due: { at: string | null; text: string; text_zh: string };
}

export interface Alert {
  fingerprint: string;
  labels: Labels;
  annotations: Labels;
  generator_url: string | null;
  lane: 'normal' | 'watchdog';
  state: AlertState;
  episode: number;
  since: string;
  ended_at: string | null;
  changed_at: string;
  first_seen: string;
  critical: boolean;
  pinned_group: string | null;
  reporters: {
    source: string | null;
    site: string | null;
    says: 'firing' | 'resolved';
    replica_labels: Labels | null;
    annotations: Labels;
    generator_url: string | null;
    firing_at: string;
    resolved_at: string | null;
    last_seen: string;
  }[];
  incidents: { id: string; group: string; opened_at: string; closed_at: string | null; left_at: string | null }[];
  receipts: {
    destination: Destination;
    episode: number;
    state: 'firing' | 'resolved' | 'flapping' | 'undeliverable';
    told_at: string;
  }[];
}

export interface Step {
  at: string;
  stage: 'receive' | 'dedupe' | 'route' | 'converge' | 'deliver' | 'watchdog';
  reason: string;
  incident_id: string | null;
  group: string | null;
  destination: Destination | null;
  notification_id: string | null;
  text: string;
  text_zh: string;
}

/** Why somebody was told of an alert, or was not. */
export interface Explanation {
  alert: Alert;
  steps: Step[];
  truncated: boolean;
}

/** What *explain* finds beside steps: a membership, what a source had posted, what comes near. */
export interface Finding {
  finding: string;
  group: string | null;
  fingerprint: string | null;
  text: string;
  text_zh: string;
}

/** What somebody got and did not get at a time; or whether something had arrived. */
export interface PersonExplanation {
  from: string;
  to: string;
  person: {
    kind: 'contact' | 'robot';
    name: string;
    destinations: Destination[];
    memberships: Finding[];
    alerts: { fingerprint: string; labels: Labels; told: 'within' | 'before' | 'no'; steps: Step[] }[];
    messages: Notification[];
    steps: Step[];
  } | null;
  arrival: Finding[] | null;
  truncated: boolean;
}

export type NotificationState = 'pending' | 'sending' | 'accepted' | 'cancelled' | 'undeliverable';

export interface Notification {
  id: string;
  destination: Destination;
  incident_id: string | null;
  /** What it is instead of an incident. */
  notice: string | null;
  group: string | null;
  sequence: number;
  state: NotificationState;
  reason: string;
  priority: 'normal' | 'critical' | 'watchdog';
  attempts: number;
  next_at: string | null;
  carrier_id: string | null;
  summary: string | null;
  answer: string | null;
  remedy: string | null;
  remedies: Remedies | null;
  created_at: string;
  finished_at: string | null;
}

export interface NotificationDetail extends Notification {
  content: Readonly<Record<string, unknown>> | null;
  message_id: string | null;
  told: { fingerprint: string; episode: number; state: 'firing' | 'resolved' | 'flapping' }[];
  tries: {
    number: number;
    started_at: string;
    finished_at: string | null;
    outcome: string | null;
    reason: string | null;
    answer: string | null;
  }[];
}

export type HeartbeatState = 'pending' | 'ok' | 'late' | 'lost' | 'recovering';

/** One stream of beats: one heartbeat from one source. */
/** `away`: the service itself was not there. `none`: before its first beat. */
export type StripState = HeartbeatState | 'away' | 'none';

export interface HeartbeatStream {
  name: string;
  declared: boolean;
  source: string | null;
  site: string | null;
  labels: Labels;
  state: HeartbeatState;
  state_since: string;
  last_beat_at: string | null;
  beats: number;
  cadence_ms: number | null;
  timeout_ms: number;
  left_ms: number | null;
  alarmed_at: string | null;
  /** From when on it was what, the earliest first. */
  last_day: { from: string; state: StripState }[];
}

/** What every message to somebody is worded by. */
interface Wording {
  locale: 'zh-CN' | 'en';
  timezone: string;
}

export interface Contact extends Kept, Wording {
  name: string;
  email: string | null;
  wecom: string | null;
  openid: string | null;
  /** Times of day such as 09:00; none: at once. */
  digest_at: string[];
}

/** A room with a group robot. Its key is never sent. */
export interface Robot extends Kept, Wording {
  name: string;
  /** Userids, or `@all`, whom its messages mention. */
  mention: { critical: string[]; firing: string[] };
}

/** One way to reach somebody. */
export interface Address {
  channel: string;
  address: string;
}

/** A limit of a destination: how many messages may follow each other, and how many of them are left now. */
export interface RateLimit {
  name: 'minute' | 'hour' | 'smtp_relay' | 'wecom_app';
  burst: number;
  per_minute: number;
  left: number;
}

/** An address on a channel, and how it fares. */
export interface DestinationHealth extends Destination {
  state: 'ok' | 'backing_off' | 'given_up';
  retry_at: string | null;
  rate_limits: RateLimit[];
  rate_limited: number;
  waiting: number;
  undeliverable: number;
  last_accepted_at: string | null;
  last_failed_at: string | null;
  last_failure: string | null;
  last_reason: string | null;
  last_remedies: Remedies | null;
}

/** What a source does, beside what admins edit. */
export interface SourceActivity {
  state: 'ok' | 'quiet' | 'never';
  last_post_at: string | null;
  posts_per_minute: number;
  alerts_per_minute: number;
  rate_since: string;
  last_error: string | null;
  last_error_at: string | null;
  quarantined_24h: number;
}

/** Who posts as a source. */
export type SourceKind = 'alertmanager' | 'prometheus';

/** A member of a source: its name, or with the address at which it is asked what it holds. */
export type SourceMember = string | { name: string; api_url: string };

export interface Source extends Kept {
  name: string;
  site: string;
  kind: SourceKind;
  labels: Labels;
  members: SourceMember[];
  prometheus_url: string | null;
  api_user: string | null;
  /** Stands for the one that is stored; missing: there is none. */
  api_token?: string | null;
  token_count: number;
  activity: SourceActivity | null;
}

/** A malformed alert that was set aside. */
export interface QuarantinedAlert {
  id: string;
  source: string | null;
  received_at: string;
  reason: string;
  excerpt: string;
}

/** A heartbeat that somebody has declared. */
export interface Heartbeat extends Kept {
  name: string;
  source: string | null;
  matchers: string[];
  timeout: string;
  alert_group: string | null;
}

export interface Status {
  site: string;
  version: string;
  channels: { name: string; configured: boolean; in_outbox: number }[];
  emergency_contacts: number;
  /** Null: none is configured. */
  outgoing_heartbeat: {
    last_sent_at: string | null;
    withheld: string[];
    failing_channels: string[];
    failure: string | null;
  } | null;
  counts: {
    open_incidents: number;
    acknowledged_incidents: number;
    firing_alerts: number;
    due_notifications: number;
    oldest_due_age_seconds: number | null;
  };
}

/** One changed field of something that admins edit. */
export interface FieldChange {
  path: string;
  before: unknown;
  after: unknown;
  secret?: true | undefined;
}

/** One thing that somebody did. */
export interface AuditEntry {
  id: string;
  at: string;
  who: string;
  via: string;
  address: string | null;
  action: string;
  /** As in the paths of the API. */
  kind: string;
  key: string;
  version: number | null;
  comment: string | null;
  changes: FieldChange[];
}

/** What every edit can be based on. */
export interface Versioned {
  version: number;
  updated_at: string;
  updated_by: string | null;
}

/** What everything that admins edit has beside its body. */
export interface Kept extends Versioned {
  /** Made by `apply` from a file, and read-only here. */
  managed: boolean;
  /** Made by `apply`, and edited by hand since. */
  unlocked: boolean;
}

/** Somebody who may sign in. */
export interface User extends Versioned {
  name: string;
  display_name: string | null;
  email: string | null;
  role: Role;
  oidc_subject: string | null;
  disabled: boolean;
  has_password: boolean;
  created_at: string;
}

/** A token of the API, without itself. */
export interface Token {
  id: string;
  name: string;
  role: Role;
  scopes: string[] | null;
  created_at: string;
  created_by: string | null;
  expires_at: string | null;
  last_used_at: string | null;
}

/** One version of something that admins edit. */
export interface Version {
  version: number;
  at: string;
  author: string;
  via: string;
  action: 'create' | 'update' | 'delete' | 'restore' | 'apply' | 'reorder' | 'unlock';
  comment: string | null;
  changes: FieldChange[];
}

export type SilenceState = 'pending' | 'active' | 'expired';

export interface Silence extends Kept {
  id: string;
  /** Names it in a file. */
  name?: string;
  /** All must match; of several such lists one. */
  matchers: string[] | string[][];
  starts_at: string;
  ends_at: string;
  created_by: string;
  comment: string;
  /** Names of time intervals: it hides only while one of them is active; none: all the time. */
  time_intervals: string[];
  /** Names of contacts who are reminded; null: the one named like `created_by`. */
  notify: string[] | null;
  /** So long before its end. */
  remind: string;
  state: SilenceState;
  /** It hides just now: one that recurs pauses in between. */
  active_now: boolean;
  next_change_at: string | null;
}

/** One entry of a time interval, in Alertmanager's notation: all that it names must fit. */
export interface TimeWindow {
  times?: { start_time: string; end_time: string }[];
  weekdays?: string[];
  days_of_month?: string[];
  months?: string[];
  years?: string[];
  location?: string;
}

export interface TimeInterval extends Kept {
  name: string;
  time_intervals: TimeWindow[];
  active_now: boolean;
  next_change_at: string | null;
}

/** Tells people once a day that all is well, or what is not. */
export interface DailyMessage extends Kept {
  name: string;
  contacts: string[];
  channels: string[];
  robots: string[];
  /** `09:00` */
  time: string;
  timezone: string;
  next_at: string | null;
}

/** While something fires that matches the one side, nobody is told of what matches the other and is equal to it. */
export interface InhibitionRule extends Kept {
  name: string;
  source_matchers: string[];
  target_matchers: string[];
  /** Label names. */
  equal: string[];
}

/** What a silence hides now, or would hide. */
export interface SilencePreview {
  examined: number;
  capped: boolean;
  alerts: { total: number; critical: number; already_silenced: number; items: HiddenAlert[] };
  incidents: { total: number; wholly: number; items: HiddenIncident[] };
  critical_firing: number;
  watchdog_untouched: number;
  hides_all_critical: boolean;
  why: 'every_possible_critical' | 'every_critical_now' | null;
}

export interface HiddenAlert {
  fingerprint: string;
  labels: Labels;
  state: AlertState;
  since: string;
  critical: boolean;
  silenced: boolean;
}

export interface HiddenIncident {
  id: string;
  group: string;
  group_labels: Labels;
  critical: boolean;
  hidden: number;
  firing: number;
}

/** What became of one test message. */
export interface TestResult {
  /** The address. */
  destination: string;
  channel: string;
  ok: boolean;
  /** The provider's words. */
  answer: string;
  reason: string | null;
  remedies: Remedies | null;
}
