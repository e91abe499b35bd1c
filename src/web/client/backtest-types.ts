/** Backtests as the API has them. A test compares these with the schemas of the server. */
import type { Labels } from './types.ts';

/** A figure as it is, and as the draft would make it. */
export interface BeforeAfter {
  before: number;
  after: number;
}

/** One person or room on one channel. */
export interface Receiver {
  name: string;
  channel: string;
  kind: 'person' | 'room';
  messages: BeforeAfter;
  reminders: BeforeAfter;
  limited: BeforeAfter;
  stops: boolean;
}

/** A critical alert that would be told later, or never: then `would_be_told_at` is null. */
export interface CriticalChange {
  fingerprint: string;
  labels: Labels;
  starts_at: string;
  told_at: string;
  would_be_told_at: string | null;
}

/** Messages over time, in parts of the same length. */
export interface Timeline {
  starts_at: string;
  step_ms: number;
  before: number[];
  after: number[];
}

export interface Comparison {
  messages: BeforeAfter;
  incidents: BeforeAfter;
  limited: BeforeAfter;
  timeline: Timeline;
  /** Those that change most first. */
  receivers: Receiver[];
  criticals: { told: BeforeAfter; later: number; never: number; sooner: number; examples: CriticalChange[] };
}

export interface Backtest {
  id: string;
  state: 'waiting' | 'running' | 'done' | 'failed';
  /** From 0 to 1. */
  progress: number;
  from: string;
  to: string;
  changes: number | null;
  /** Null: no change is kept, or they are not read yet. */
  known_since: string | null;
  error: string | null;
  result: Comparison | null;
}

/** What is tried: a document as the text of its file, or one alert group. */
export type Trial = { document: string } | { alert_group: { draft: object; key?: string } };

export type BacktestRequest = Trial & { since: string };
