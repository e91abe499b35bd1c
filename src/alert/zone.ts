/** Offsets of IANA time zones, from the runtime's own data; each year of a zone is looked up once. Pure. */

/** A stretch of time in which a zone keeps one offset. */
export interface Stretch {
  /** Milliseconds since 1970, the first that belongs to it. */
  from: number;
  /** The first that no longer does. The offset need not change there. */
  until: number;
  /** What is added to UTC, in milliseconds. */
  offset: number;
}

const week = 7 * 24 * 3_600_000;

/** Whether this names a zone that the runtime knows. Offsets such as `+08:00` are none. */
export function isZone(name: string): boolean {
  if (!/^[A-Za-z]/.test(name)) return false;
  try {
    new Intl.DateTimeFormat('en', { timeZone: name });
    return true;
  } catch {
    return false;
  }
}

/** The zone of this machine. */
export function localZone(): string {
  return new Intl.DateTimeFormat().resolvedOptions().timeZone;
}

/** The stretch that a moment lies in; it never reaches beyond the year (in UTC). */
export function stretchAt(zone: string, at: number): Stretch {
  return stretchesOf(zone, new Date(at).getUTCFullYear()).find((s) => at < s.until) as Stretch;
}

const years = new Map<string, readonly Stretch[]>();

function stretchesOf(zone: string, year: number): readonly Stretch[] {
  const key = `${zone} ${year}`;
  const known = years.get(key) ?? findStretches(zone, year);
  years.set(key, known);
  return known;
}

/** No zone changes its offset and changes it back within a week. */
function findStretches(zone: string, year: number): Stretch[] {
  const offsetAt = offsets(zone);
  const end = Date.UTC(year + 1, 0, 1);
  const found: Stretch[] = [];
  let from = Date.UTC(year, 0, 1);
  let offset = offsetAt(from);
  for (let at = from; at < end; ) {
    const next = Math.min(at + week, end);
    // The last moment of the year, not the first of the next one, which may have an offset of its own.
    const look = next === end ? end - 1 : next;
    if (offsetAt(look) === offset) {
      at = next;
      continue;
    }
    at = changeBetween(at, look, (ms) => offsetAt(ms) === offset);
    found.push({ from, until: at, offset });
    from = at;
    offset = offsetAt(at);
  }
  return [...found, { from, until: end, offset }];
}

/** The first millisecond at which `holds` no longer holds; it does at `left`, and not at `right`. */
function changeBetween(left: number, right: number, holds: (ms: number) => boolean): number {
  let [low, high] = [left, right];
  while (high - low > 1) {
    const middle = Math.floor((low + high) / 2);
    if (holds(middle)) low = middle;
    else high = middle;
  }
  return high;
}

/** The offset of a zone at a moment, as the runtime tells it. */
function offsets(zone: string): (ms: number) => number {
  const format = new Intl.DateTimeFormat('en-US', {
    timeZone: zone,
    hourCycle: 'h23',
    ...({ year: 'numeric', month: 'numeric', day: 'numeric' } as const),
    ...({ hour: 'numeric', minute: 'numeric', second: 'numeric' } as const),
  });
  return (ms) => {
    const parts = new Map(format.formatToParts(ms).map(({ type, value }) => [type, Number(value)]));
    const of = (type: Intl.DateTimeFormatPartTypes) => parts.get(type) ?? 0;
    const local = Date.UTC(of('year'), of('month') - 1, of('day'), of('hour'), of('minute'), of('second'));
    return local - Math.floor(ms / 1000) * 1000;
  };
}
