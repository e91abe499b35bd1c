/** A strip's pieces with both their ends, and what of them is worth a word. Pure. */
import type { HeartbeatStream, StripState } from '../../client/types.ts';

/** Times in milliseconds since 1970. */
export interface Piece {
  from: number;
  to: number;
  state: StripState;
}

/** @param end of the last piece */
export function piecesOf(day: HeartbeatStream['last_day'], end: number): Piece[] {
  return day
    .map(({ from, state }, i) => ({ from: Date.parse(from), to: Date.parse(day[i + 1]?.from ?? '') || end, state }))
    .filter(({ from, to }) => to > from);
}

const worth: readonly StripState[] = ['lost', 'recovering', 'late', 'away', 'none'];

/** How long it was in each state that is not plainly good, the worst first. */
export function toldOf(pieces: readonly Piece[]): { state: StripState; ms: number }[] {
  return worth.flatMap((state) => {
    const ms = pieces.filter((piece) => piece.state === state).reduce((sum, { from, to }) => sum + to - from, 0);
    return ms === 0 ? [] : [{ state, ms }];
  });
}
