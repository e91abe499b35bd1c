const second = 1000;
const minute = 60 * second;
const hour = 60 * minute;
const day = 24 * hour;

/** Prometheus's units in the order in which they must stand; `exact` ones are printed only when nothing remains. */
const units = [
  { name: 'y', ms: 365 * day, exact: true },
  { name: 'w', ms: 7 * day, exact: true },
  { name: 'd', ms: day, exact: false },
  { name: 'h', ms: hour, exact: false },
  { name: 'm', ms: minute, exact: false },
  { name: 's', ms: second, exact: false },
  { name: 'ms', ms: 1, exact: false },
] as const;

/** What Go's time.Duration holds, 2^63 - 1 nanoseconds: about 292 years. */
const maxMs = 9_223_372_036_854;

const form = /^(?:(\d+)y)?(?:(\d+)w)?(?:(\d+)d)?(?:(\d+)h)?(?:(\d+)m)?(?:(\d+)s)?(?:(\d+)ms)?$/;

/** A text that is not a Prometheus duration. The message is one sentence for the person who wrote it. */
export class DurationError extends Error {
  override readonly name = 'DurationError';
}

/**
 * Reads a Prometheus duration such as `30s`, `1h30m`, `1d` or `0`: whole numbers, each unit at most once, from large
 * to small, y=365d and w=7d.
 *
 * @returns milliseconds
 * @throws DurationError
 */
export function parseDuration(text: string): number {
  if (text === '0') return 0;
  const match = form.exec(text);
  if (text === '' || match === null) throw new DurationError(explain(text));
  const ms = units.reduce((sum, unit, i) => sum + Number(match[i + 1] ?? 0) * unit.ms, 0);
  if (ms > maxMs) throw new DurationError('A duration must not be longer than 292 years.');
  return ms;
}

/** The likeliest of the usual mistakes, told without repeating the text, which may be long. */
function explain(text: string): string {
  if (text.trim() === '') return 'A duration must not be empty; write for example 30s, 5m or 1h30m.';
  if (/^\d+$/.test(text)) return `A duration needs a unit: y, w, d, h, m, s or ms, as in ${text.slice(0, 9)}s.`;
  if (text.startsWith('-')) return 'A duration must not be negative.';
  if (/\d[.,]\d/.test(text)) return 'A duration has whole numbers only: write 1h30m instead of 1.5h.';
  if (/^(?:\d+(?:ms|[ywdhms]))+$/.test(text)) {
    return 'A duration has each unit at most once, from large to small: y, w, d, h, m, s, ms.';
  }
  return 'A duration is written like 30s, 5m, 1h30m or 1d; the units are y, w, d, h, m, s and ms.';
}

/**
 * Prints milliseconds the way Prometheus does: `1h30m`, `0s`, and `90d` rather than `12w6d`.
 *
 * @throws RangeError for what is no duration: negative, fractional, or longer than 292 years
 */
export function formatDuration(ms: number): string {
  if (!Number.isInteger(ms) || ms < 0 || ms > maxMs) throw new RangeError(`not a duration in milliseconds: ${ms}`);
  if (ms === 0) return '0s';
  let rest = ms;
  let text = '';
  for (const unit of units) {
    if (rest < unit.ms || (unit.exact && rest % unit.ms !== 0)) continue;
    text += `${Math.floor(rest / unit.ms)}${unit.name}`;
    rest %= unit.ms;
  }
  return text;
}
