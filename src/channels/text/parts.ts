/** Which part is gone for several lost heartbeats together. Pure. */
import type { Verdict } from '../../alert/blame.ts';
import type { BeatName } from './words.ts';

/** That of all of them; `unknown` when they differ. */
export function sharedPart(beats: readonly Pick<BeatName, 'part'>[]): Verdict {
  const [first, ...others] = new Set(beats.map(({ part }) => part));
  return first === undefined || others.length > 0 ? 'unknown' : first;
}
