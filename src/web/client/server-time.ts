/** The time of the service. The clock of a phone or laptop may be wrong, and "2 minutes ago" must not be. */
let offsetMs = 0;
let answered = Date.now();

/** Headers carry whole seconds, and answers take time: less than this is no difference. */
const toleranceMs = 5_000;

/** @param date the `Date` header of an answer */
export function noteServerTime(date: string | null): void {
  const at = date === null ? Number.NaN : Date.parse(date);
  if (Number.isNaN(at)) return;
  const difference = at - Date.now();
  offsetMs = Math.abs(difference) > toleranceMs ? difference : 0;
}

/** Notes that the service has answered just now. */
export function noteAnswer(): void {
  answered = Date.now();
}

/** When it last did, by the clock of the browser. */
export function lastAnswer(): number {
  return answered;
}

/** Milliseconds since 1970 by the clock of the service. */
export function serverNow(): number {
  return Date.now() + offsetMs;
}
