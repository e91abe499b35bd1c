/** The state of a replay: what the service keeps in its tables. */
import type { Receipt } from '../alert/alert.ts';
import type { Snapshot } from '../alert/config.ts';
import type { RateLimit } from '../channels/channel.ts';
import type { Matcher } from '../matcher/matcher.ts';
import type { Address } from '../pipeline/converge/audience.ts';
import type { Standing, Truths } from '../pipeline/converge/incident.ts';
import type { StoredAlert } from '../pipeline/converge/load.ts';
import type { ReporterFacts } from '../pipeline/dedupe/derive.ts';
import type { Bucket } from '../pipeline/deliver/bucket.ts';
import type { Placement } from '../pipeline/route/route.ts';
import type { Meeting } from './inhibitions.ts';

/** The configuration that a history is replayed through. */
export interface Configuration {
  /** Its silences are all those of the time that is replayed. */
  snapshot: Snapshot;
  /** An alert that matches all of these is critical. */
  critical: readonly Matcher[];
  /** The channels that can send, by name, with their limits. */
  channels: ReadonlyMap<string, { rateLimits: readonly RateLimit[] }>;
}

/** One alert. */
export interface Replayed {
  stored: StoredAlert;
  /** All of its reporters as one; null until it is heard of. */
  reporter: ReporterFacts | null;
  /** It was heard of, and no decision has looked since. */
  news: boolean;
  /** Where it belongs. */
  slots: readonly Slot[];
  /** Where it inhibits others while it fires. */
  inhibits: readonly Meeting[];
  inhibitable: readonly Meeting[];
  /** It fires, and is written down as inhibiting others. */
  inhibiting: boolean;
  /** Open ones that hold it. */
  incidents: Set<Incident>;
  /** Destinations that were told that it fires, and not yet that it ended. */
  toldTo: Set<number>;
}

/** One alert group and values of `group_by`, with its newest incident, open or closed. */
export interface Slot {
  placement: Placement;
  /** Slots are opened in this order, as by {@link wantedIncidents}. */
  order: string;
  newest: Incident | null;
}

/** What an incident has told one destination. */
export interface Thread {
  joinedAt: Date | null;
  lastAcceptedAt: Date | null;
  /** The digest that it waits for; null: for none. */
  heldUntil: Date | null;
}

/** One incident; times in milliseconds since 1970. */
export interface Incident extends Standing {
  id: number;
  groupKey: string;
  alerts: Set<Replayed>;
  /** By fingerprint, the newest episode that has been counted towards a storm. */
  counted: Map<string, number>;
  /** Something critical fired when it was decided last. */
  critical: boolean;
  threads: Map<number, Thread>;
  /** Unfinished notifications by destination. */
  open: Map<number, Notification>;
  closedAt: number | null;
  /** Its own timer. */
  dueAt: number;
  /** The earliest mark that reports have left. */
  markedAt: number;
  /** The earliest of those marks that say that something critical has begun. */
  urgentAt: number;
  /** Marks do not count before. */
  lookAgainAt: number;
  /** For when it stands in the queue. */
  queuedAt: number;
  /** Keys of what inhibits some of its alerts. */
  waitsFor: Set<string>;
  /** What was true when it was last looked at. */
  seen: { at: number; changes: number; truths: Truths } | null;
}

/** A message that waits to be sent. */
export interface Notification {
  id: number;
  incident: Incident;
  destination: Destination;
  reason: string;
  priority: number;
  nextAt: number;
  /** Those that share it are told in one message. */
  together: string | null;
  createdAt: Date;
  /** It waits, or waited, for a rate limit. */
  limited: boolean;
}

/** One address on one channel. */
export interface Destination {
  id: number;
  address: Address;
  limits: readonly RateLimit[];
  /** Of the limits that are its own. */
  buckets: Map<string, Bucket>;
  receipts: Map<string, Receipt>;
  pending: Set<Notification>;
  queuedAt: number;
}

/** No time at all. */
export const never = Number.POSITIVE_INFINITY;

/** When an incident has to be decided. */
export function dueAt({ dueAt: own, markedAt, lookAgainAt }: Incident): number {
  return Math.min(own, Math.max(markedAt, lookAgainAt));
}

/** How an incident that is due stands among the others: those with something critical first, then the longest due. */
export function placeOf(incident: Incident, now: number): { urgent: boolean; since: number } {
  const { dueAt: own, markedAt, lookAgainAt, urgentAt, critical, lane } = incident;
  const marked = markedAt <= now && lookAgainAt <= now;
  return {
    urgent: (own <= now && critical) || (marked && (urgentAt <= now || lane === 'watchdog')),
    since: Math.min(own, marked ? markedAt : never),
  };
}
