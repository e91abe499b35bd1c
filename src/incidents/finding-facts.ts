/** What findings say: one entry for each, with what its sentence needs. */
import type { Labels } from '../alert/labels.ts';
import type { Stretch } from '../alert/past.ts';

/** An alert group at one of its versions. */
export interface OfGroup {
  group: string;
  version: number;
}
/** A matcher that a label set does not satisfy, and what it has instead; null: no such label. */
export interface Miss {
  matcher: string;
  has: string | null;
}
/** The alert that it is about. */
export interface OfAlert {
  fingerprint: string;
  labels: Labels;
}

/** What the last posts of a source were at some moment. */
export type Posted = 'since' | 'going_on' | 'never' | 'unknown';

/** Everything that can be found, by its name, with what its sentence needs. */
export interface FindingFacts {
  /** An alert group names them; step: only in this escalation step. */
  member: OfGroup & Stretch & { step: number | null };
  /** They are on call by a schedule of an alert group or of that escalation step; layer null: an override. */
  on_call: OfGroup & Stretch & { step: number | null; schedule: string; scheduleVersion: number; layer: number | null };
  no_member: object;
  /** An alert fired at that time. */
  fired: OfAlert & Stretch;
  /** It is known and did not fire then; `firing`: when it did, null: that is not known any more. */
  did_not_fire: OfAlert & { firing: Stretch | null };
  /** It was reported for the first time after that. */
  arrived_later: OfAlert & { at: Date };
  /** No such alert is known. */
  never_arrived: { filter: string; lookedAt: number | null };
  /** What a source had posted by a moment. */
  source: {
    name: string;
    posted: Posted;
    at: Date | null;
    next: Date | null;
    said: { at: Date; ended: boolean; alertname: string | null } | null;
  };
  /** An alert whose labels are close to those that are asked for. */
  near_alert: OfAlert & { misses: Miss[]; state: string };
  matched_group: OfGroup;
  missed_group: OfGroup & { misses: Miss[] };
  no_group: object;
}
