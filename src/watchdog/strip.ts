/** A stream's last day as a strip: what it was in each five minutes. Pure. */
import type { Outage } from '../alert/outage.ts';
import type { StreamState } from './decide.ts';

/** What a piece of a strip says: the state of the stream, `away` while we were not there to see, `none` before its first beat. */
export const stripStates = ['lost', 'recovering', 'late', 'away', 'ok', 'pending', 'none'] as const;
export type StripState = (typeof stripStates)[number];

/** One change of a stream's state. */
export interface StateChange {
  at: Date;
  was: StreamState;
  state: StreamState;
}

/** From when on the strip shows this, until the next piece or the end. */
export interface StripPiece {
  from: Date;
  state: StripState;
}

/** How much a strip shows, and how finely: of what happened in one step the worst is shown, however short it was. */
export const stripMs = 24 * 3_600_000;
export const stripStepMs = 5 * 60_000;

/** What a strip is made of. */
export interface StripFacts {
  /** Of this stream, of the last day, the earliest first. */
  changes: readonly StateChange[];
  state: StreamState;
  /** Null: it has never beaten. */
  firstBeatAt: Date | null;
  outages: readonly Outage[];
}

interface Span {
  from: number;
  to: number;
  state: StripState;
}

/** The last day before `now`, the earliest piece first; neighbours differ. Steps begin at full five minutes. */
export function stripOf(facts: StripFacts, now: Date): StripPiece[] {
  const end = now.getTime();
  const begin = Math.floor((end - stripMs) / stripStepMs) * stripStepMs;
  const spans = spansOf(facts, begin, end);
  const pieces: StripPiece[] = [];
  for (let at = begin; at < end; at += stripStepMs) {
    const state = worst(spans, at, Math.min(at + stripStepMs, end));
    if (pieces.at(-1)?.state !== state) pieces.push({ from: new Date(at), state });
  }
  return pieces;
}

function spansOf({ changes, state, firstBeatAt, outages }: StripFacts, begin: number, end: number): Span[] {
  const spans: Span[] = [];
  let from = firstBeatAt === null ? end : Math.max(begin, firstBeatAt.getTime());
  for (const change of changes) {
    spans.push({ from, to: change.at.getTime(), state: change.was });
    from = Math.max(from, change.at.getTime());
  }
  spans.push({ from, to: end, state });
  const away = outages.map((outage) => ({
    from: outage.from.getTime(),
    to: outage.to.getTime(),
    state: 'away' as const,
  }));
  return [...spans, ...away];
}

function worst(spans: readonly Span[], from: number, to: number): StripState {
  const within = new Set(spans.filter((span) => span.from < to && span.to > from).map((span) => span.state));
  return stripStates.find((state) => within.has(state)) ?? 'none';
}
