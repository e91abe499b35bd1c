/** Durations as Prometheus writes them: `30s`, `1h30m`. The service has the last word on what is one. */
const form = /^(?:(\d+)y)?(?:(\d+)w)?(?:(\d+)d)?(?:(\d+)h)?(?:(\d+)m)?(?:(\d+)s)?(?:(\d+)ms)?$/;
const sizes = [365 * 86_400_000, 7 * 86_400_000, 86_400_000, 3_600_000, 60_000, 1_000, 1];

/** Milliseconds; null: it is none. */
export function durationMs(text: string): number | null {
  if (text === '0') return 0;
  const found = text === '' ? null : form.exec(text);
  return found === null ? null : sizes.reduce((sum, size, i) => sum + Number(found[i + 1] ?? 0) * size, 0);
}
