/**
 * Who is on call when (值班表). Layers and overrides have the meaning that PagerDuty gives them: each layer goes round by itself, a
 * later layer wins over those before it wherever it has somebody, and an override wins over all layers. Pure.
 */
import { beginningOf, type Rotation, type Turn, turnAt } from './rotation.ts';
import { isActive, nextChange, type TimeInterval } from './time-interval.ts';

/** One round of contacts. */
export interface Layer extends Rotation {
  /** Somebody is on call by this layer only while it is active; null: all the time. */
  only: TimeInterval | null;
}

/** Somebody stands in, or nobody is on call, for a while. */
export interface Override {
  /** Name of a contact; null: nobody is on call. */
  contact: string | null;
  startsAt: Date;
  /** Does not belong to it. */
  endsAt: Date;
}

/** When which contact is on call. */
export interface Schedule {
  name: string;
  /** An IANA time zone: whose clock the hand-overs go by. */
  timezone: string;
  /** The later wins. */
  layers: readonly Layer[];
  /** The later wins. */
  overrides: readonly Override[];
}

/** Somebody is on call for a while. */
export interface Shift {
  contact: string;
  startsAt: Date;
  endsAt: Date;
}

/** A turn of one layer, or an override. */
interface Claim extends Turn {
  /** Which layer, from 0 on; null: it is an override. */
  layer: number | null;
}

/** A shift with what it is by. */
export interface Duty extends Shift, Pick<Claim, 'layer'> {}

/** Who is on call around a moment, and why. */
interface Span {
  /** The turn, or the override, that decides; null: nobody is on call. */
  by: Claim | null;
  /** When that may change; infinite: never. */
  until: number;
}

/** Names of those who are on call at a moment: one, or nobody. */
export function onCallAt(schedule: Schedule, at: Date): string[] {
  const { by } = spanAt(schedule, at.getTime());
  return by === null ? [] : [by.contact];
}

/** Until when those who are on call at a moment certainly stay the same; null: for good. */
export function stableUntil(schedule: Schedule, at: Date): Date | null {
  return dateOrNull(spanAt(schedule, at.getTime()).until);
}

/** The next moment after `at`, and before `until`, at which somebody else is on call, or nobody; null: there is none. */
export function nextHandOver(schedule: Schedule, at: Date, until: Date): Date | null {
  const end = until.getTime();
  let span = spanAt(schedule, at.getTime());
  const contact = span.by?.contact;
  while (span.until < end) {
    const next = span.until;
    span = spanAt(schedule, next);
    if (span.by?.contact !== contact) return new Date(next);
  }
  return null;
}

/** Who is on call from one moment to another, in order, without the times when nobody is. One who stays has one shift. */
export function shifts(schedule: Schedule, from: Date, to: Date): Shift[] {
  const merged: Shift[] = [];
  for (const piece of piecesIn(schedule, from.getTime(), to.getTime())) {
    const last = merged.at(-1);
    const startsAt = new Date(Math.max(piece.from, from.getTime()));
    const endsAt = new Date(Math.min(piece.until, to.getTime()));
    if (last?.contact === piece.contact && last.endsAt.getTime() === startsAt.getTime()) last.endsAt = endsAt;
    else merged.push({ contact: piece.contact, startsAt, endsAt });
  }
  return merged;
}

/**
 * The same by turns: somebody whose next turn follows their own has two, and those that reach beyond either end are whole. So each
 * begins at the same moment whenever it is asked for.
 */
export function wholeShifts(schedule: Schedule, from: Date, to: Date): Shift[] {
  return duties(schedule, from, to).map(({ layer: _, ...shift }) => shift);
}

/** {@link wholeShifts}, each with the layer or the override that it is by. */
export function duties(schedule: Schedule, from: Date, to: Date): Duty[] {
  const first = spanAt(schedule, from.getTime()).by?.from ?? from.getTime();
  return piecesIn(schedule, first, to.getTime())
    .filter((piece) => piece.until > from.getTime())
    .map(({ contact, from, until, layer }) => ({ contact, startsAt: new Date(from), endsAt: new Date(until), layer }));
}

/** Stretches within one turn or override, in order; the last may reach beyond `to`. */
function piecesIn(schedule: Schedule, from: number, to: number): Claim[] {
  const pieces: Claim[] = [];
  let last: Claim | null = null;
  for (let at = from; at < to; ) {
    const { by, until } = spanAt(schedule, at);
    const piece = pieces.at(-1);
    if (piece !== undefined && by !== null && same(by, last)) piece.until = until;
    else if (by !== null) pieces.push({ ...by, from: at, until });
    last = by;
    at = until;
  }
  return pieces;
}

function same(one: Turn, other: Turn | null): boolean {
  return one.contact === other?.contact && one.from === other.from && one.until === other.until;
}

function spanAt(schedule: Schedule, at: number): Span {
  const { override, until } = overrideAt(schedule.overrides, at);
  if (override === null) return spanOfLayers(schedule, at, until);
  const { contact, startsAt, endsAt } = override;
  const by = contact === null ? null : { contact, from: startsAt.getTime(), until: endsAt.getTime(), layer: null };
  return { by, until };
}

/** The last of the overrides that are in force, and when another begins or one ends. */
function overrideAt(overrides: readonly Override[], at: number): { override: Override | null; until: number } {
  let override: Override | null = null;
  let until = Number.POSITIVE_INFINITY;
  for (const one of overrides) {
    const [from, end] = [one.startsAt.getTime(), one.endsAt.getTime()];
    if (from <= at && at < end) override = one;
    for (const turn of [from, end]) if (turn > at && turn < until) until = turn;
  }
  return { override, until };
}

function spanOfLayers({ timezone, layers }: Schedule, at: number, end: number): Span {
  let until = end;
  for (const [index, layer] of [...layers.entries()].reverse()) {
    const span = spanOfLayer(timezone, layer, at);
    until = Math.min(until, span.until);
    if (span.by !== null) return { by: { ...span.by, layer: index }, until };
  }
  return { by: null, until };
}

function spanOfLayer(zone: string, layer: Layer, at: number): { by: Turn | null; until: number } {
  const turn = turnAt(zone, layer, at);
  if (turn === null) return { by: null, until: beginningOf(zone, layer) };
  if (layer.only === null) return { by: turn, until: turn.until };
  const change = nextChange(layer.only, new Date(at), new Date(turn.until));
  return { by: isActive(layer.only, new Date(at)) ? turn : null, until: change?.getTime() ?? turn.until };
}

function dateOrNull(ms: number): Date | null {
  return Number.isFinite(ms) ? new Date(ms) : null;
}
