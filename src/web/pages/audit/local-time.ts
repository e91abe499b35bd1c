/** Times between a field of the browser, which knows the local time only, and the address, which has UTC. */

/** `2026-11-25T13:28`, empty for what is no time. */
export function toInput(utc: string): string {
  const date = new Date(utc);
  if (Number.isNaN(date.getTime())) return '';
  return new Date(date.getTime() - date.getTimezoneOffset() * 60_000).toISOString().slice(0, 16);
}

/** The other way round. */
export function fromInput(local: string): string {
  const date = new Date(local);
  return Number.isNaN(date.getTime()) ? '' : date.toISOString();
}
