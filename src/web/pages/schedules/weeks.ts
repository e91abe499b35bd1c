/** The shifts of two weeks, cut into what is drawn for each. Pure but for the zone of the browser. */
import type { Shift } from '../../client/schedule-types.ts';

/** A piece of a week that somebody is on call, or nobody. */
export interface Piece {
  /** Null: nobody is. */
  contact: string | null;
  from: number;
  until: number;
  /** Where it begins and how much of the week it is, in per cent. */
  left: number;
  width: number;
}

export interface Week {
  /** When each of its days begins. */
  days: number[];
  pieces: Piece[];
}

const daysOfWeek = 7;

/** When the days begin that are shown, and when the last ends: from midnight before `now`, by the clock of the browser. */
export function daysFrom(now: number, weeks: number): number[] {
  const date = new Date(now);
  return Array.from({ length: weeks * daysOfWeek + 1 }, (_, n) =>
    new Date(date.getFullYear(), date.getMonth(), date.getDate() + n).getTime(),
  );
}

/** @param days from {@link daysFrom} */
export function weeksOf(days: readonly number[], shifts: readonly Shift[]): Week[] {
  const weeks: Week[] = [];
  for (let n = 0; n + daysOfWeek < days.length; n += daysOfWeek) {
    const [from, until] = [days[n] as number, days[n + daysOfWeek] as number];
    weeks.push({ days: days.slice(n, n + daysOfWeek), pieces: piecesOf(withGaps(shifts, from, until), from, until) });
  }
  return weeks;
}

/** When nobody is on call, in order. */
export function gapsIn(shifts: readonly Shift[], from: number, until: number): { from: number; until: number }[] {
  return withGaps(shifts, from, until)
    .filter(({ contact }) => contact === null)
    .map((gap) => ({ from: gap.from, until: gap.until }));
}

type Bare = Pick<Piece, 'contact' | 'from' | 'until'>;

function withGaps(shifts: readonly Shift[], from: number, until: number): Bare[] {
  const pieces: Bare[] = [];
  let at = from;
  for (const { contact, starts_at, ends_at } of shifts) {
    const [start, end] = [Math.max(Date.parse(starts_at), from), Math.min(Date.parse(ends_at), until)];
    if (end <= start) continue;
    if (start > at) pieces.push({ contact: null, from: at, until: start });
    pieces.push({ contact, from: start, until: end });
    at = end;
  }
  if (at < until) pieces.push({ contact: null, from: at, until });
  return pieces;
}

function piecesOf(pieces: readonly Bare[], from: number, until: number): Piece[] {
  const share = (ms: number) => (ms / (until - from)) * 100;
  return pieces.map((piece) => ({ ...piece, left: share(piece.from - from), width: share(piece.until - piece.from) }));
}
