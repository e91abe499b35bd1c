/** Times as `<input type="datetime-local">` has them: in the zone of the browser, to the minute. Pure but for the zone. */

/** `2026-11-25T13:28`; empty for what is no time. */
export function toLocal(at: string | number): string {
  const date = new Date(at);
  if (Number.isNaN(date.getTime())) return '';
  return new Date(date.getTime() - date.getTimezoneOffset() * 60_000).toISOString().slice(0, 16);
}

/** Milliseconds since 1970; null: it is no time yet. */
export function fromLocal(text: string): number | null {
  const at = text === '' ? Number.NaN : new Date(text).getTime();
  return Number.isNaN(at) ? null : at;
}

/** Says in which zone they are: `Asia/Shanghai (GMT+8)`. */
export function zoneName(at: number): string {
  const { timeZone } = new Intl.DateTimeFormat().resolvedOptions();
  const offset = new Intl.DateTimeFormat('en', { timeZoneName: 'shortOffset' })
    .formatToParts(at)
    .find(({ type }) => type === 'timeZoneName');
  return offset === undefined || offset.value === timeZone ? timeZone : `${timeZone} (${offset.value})`;
}
