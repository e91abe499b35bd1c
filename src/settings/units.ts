/** Sizes as people write them in settings. */

const sizes: Readonly<Record<string, number>> = { '': 1, kB: 1_000, MB: 1_000_000, KiB: 1024, MiB: 1024 ** 2 };

/** Bytes of `32MB`, `512KiB` or `1000`; null when the text is no size. */
export function parseSize(text: string): number | null {
  const match = /^(\d+) ?([a-zA-Z]*)$/.exec(text);
  const factor = sizes[match?.[2] ?? '?'];
  return match === null || factor === undefined ? null : Number(match[1]) * factor;
}
