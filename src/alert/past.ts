/** What admins had edited at some time in the past: the versions that were in force then. */
import type { Matcher } from '../matcher/matcher.ts';
import type { Schedule } from './on-call.ts';

/** A stretch of time; the end does not belong to it. Null: it goes on. */
export interface Stretch {
  from: Date;
  to: Date | null;
}

/** A version of something that has a name, from its edit to the next one. */
export interface Version extends Stretch {
  name: string;
  version: number;
}

/** Whom an alert group or one of its escalation steps tells, by name. */
export interface PastAudience {
  members: readonly string[];
  schedules: readonly string[];
  robots: readonly string[];
}

/** A version of an alert group. */
export interface PastGroup extends Version, PastAudience {
  id: number;
  matchers: readonly Matcher[];
  channels: readonly string[];
  escalation: readonly PastAudience[];
}

/** A version of a schedule. */
export interface PastSchedule extends Version {
  schedule: Schedule;
}

/** A version of a contact or a room; of a room both addresses are null. */
export interface PastPerson extends Version {
  kind: 'contact' | 'robot';
  email: string | null;
  wecom: string | null;
}

/** The versions that were in force within a stretch of time, each in the order of time. */
export interface Past {
  groups: readonly PastGroup[];
  schedules: readonly PastSchedule[];
  /** Of the one who is asked about. */
  person: readonly PastPerson[];
}
