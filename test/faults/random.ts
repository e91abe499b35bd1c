/** Random numbers that a failed run can be repeated with. */

/** A generator of numbers in [0, 1) from `MM_SEED`, or from the time; `seed` is what to print. */
export function seededRandom(): { seed: number; next: () => number } {
  const seed = Number(process.env['MM_SEED'] ?? Date.now() % 1_000_000);
  let state = seed;
  // mulberry32
  const next = () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
  return { seed, next };
}
