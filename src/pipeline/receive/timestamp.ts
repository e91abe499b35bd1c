const form = /^(\d{4})-(\d\d)-(\d\d)[Tt](\d\d):(\d\d):(\d\d)(?:\.(\d+))?(?:[Zz]|([+-])(\d\d):(\d\d))$/;

/**
 * Reads an RFC 3339 time with any number of decimals (cut to milliseconds) and any offset.
 *
 * @returns null when it is no such time, or after the year 9999; `'zero'` for Go's zero time, which means "none"
 */
export function parseTimestamp(text: string): Date | 'zero' | null {
  const match = form.exec(text);
  if (match === null) return null;
  const field = (i: number) => Number(match[i] ?? 0);
  const [year, month, day, hour, minute, second] = [field(1), field(2), field(3), field(4), field(5), field(6)];
  const date = new Date(0);
  date.setUTCFullYear(year, month - 1, day);
  if (date.getUTCMonth() !== month - 1 || date.getUTCDate() !== day) return null;
  if (hour > 23 || minute > 59 || second > 59 || field(9) > 23 || field(10) > 59) return null;
  const offsetMinutes = (match[8] === '-' ? -1 : 1) * (field(9) * 60 + field(10));
  date.setUTCHours(hour, minute - offsetMinutes, second, Number((match[7] ?? '').slice(0, 3).padEnd(3, '0')));
  const utcYear = date.getUTCFullYear();
  // Go's zero time is in the year 1; written with an offset it may fall into the year before.
  if (utcYear <= 1) return 'zero';
  return utcYear > 9999 ? null : date;
}
