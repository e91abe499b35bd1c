/** Alert groups as the API has them. A test compares these with the schemas of the server. */
import type { AlertState, Kept, Labels } from './types.ts';

export interface Policy {
  group_by: string[];
  group_wait: string;
  group_interval: string;
  repeat_interval: string;
  send_resolved: boolean;
  for: string;
  keep_firing_for: string;
  flapping: { changes: number; within: string } | null;
  storm: { alerts: number; within: string; interval: string } | null;
  quiet_time_intervals: string[];
  mute_time_intervals: string[];
  active_time_intervals: string[];
}

/** Who is told next when nobody has acknowledged an incident for so long: names. */
export interface EscalationStep {
  after: string;
  members: string[];
  schedules: string[];
  robots: string[];
}

/** An alert group as it is saved. */
export interface AlertGroupBody {
  name: string;
  matchers: string[];
  continue: boolean;
  members: string[];
  /** Names: whoever is on call by one of these is a member at that time. */
  schedules: string[];
  channels: string[];
  robots: string[];
  escalation: EscalationStep[];
  policy: Policy;
}

export type Builtin = 'unrouted' | 'self' | 'watchdog';

export interface AlertGroup extends Omit<AlertGroupBody, 'policy'>, Kept {
  /** That of a built-in alert group is empty until somebody edits it. */
  policy: Partial<Policy>;
  builtin: Builtin | null;
}

/** What can be a member; rooms have neither address. */
export interface Reachable {
  name: string;
  email?: string | null;
  wecom?: string | null;
}

/** The page-made ones, first match first, and the version of that order. */
export interface Order {
  names: string[];
  etag: string | null;
}

export type Change = 'gains' | 'keeps' | 'loses' | 'shadowed';

/** How many alerts. */
export interface Tally {
  open: number;
  ended: number;
}

export interface PreviewedAlert {
  fingerprint: string;
  labels: Labels;
  state: AlertState;
  since: string;
  ended_at: string | null;
  critical: boolean;
  open: boolean;
  silenced: boolean;
  change: Change;
  today: string[];
  after: string[];
}

export interface PreviewedMessage {
  parts: number;
  content: { subject: string | null; text: string; html: string | null; format: string | null };
  bytes: { subject: number; text: number; html: number };
}

/** What the members on one channel in one language would be sent. */
export interface PreviewedChannel {
  channel: string;
  locale: string;
  timezone: string;
  reaches: string[];
  configured: boolean;
  limit_bytes: number | null;
  messages: number;
  waiting: number;
  shown: PreviewedMessage[];
}

/** What a draft would do. */
export interface GroupPreview {
  position: number;
  reach: { from: string; to: string; reaches_back_to: string; examined: number; capped: boolean };
  counts: Record<Change, Tally>;
  groups: { name: string; today: Tally; after: Tally }[];
  alerts: PreviewedAlert[];
  sample: 'open' | 'recent' | 'example';
  incidents: number;
  channels: PreviewedChannel[];
}

export interface PreviewRequest {
  draft: AlertGroupBody;
  /** The alert group that it replaces. */
  key?: string;
  /** How many of the others come before it. */
  position?: number;
}
