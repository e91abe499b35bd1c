/** What the silence of a peer means. Pure: what others and we ourselves were found to say goes in. */
import type { Sight, Verdict } from './status.ts';
import type { ThirdSays, WayOut } from './view.ts';

/** Another peer, and what it said when it was asked about the silent one. */
export interface Third {
  peer: string;
  says: ThirdSays;
  /** How the silent one sees us, if that peer reaches it. */
  sight: Sight | null;
  /** Whether it gave no answer to our own last probe. */
  silent: boolean;
  /** Whether it was known to be down before. */
  down: boolean;
}

/** What we found of ourselves. */
export interface SelfFacts {
  /** How late the last round of our own probes was. */
  lagMs: number;
  database: boolean;
  wayOut: WayOut;
}

/**
 * Who cannot trust itself accuses nobody: not_now. When all who answered until now fall silent together, it is we who are
 * cut off, whatever our way out says; when nobody is left to ask, our way out decides.
 */
export function judge(thirds: readonly Third[], self: SelfFacts, rules: { intervalMs: number }): Verdict | 'not_now' {
  if (!self.database || self.lagMs > Math.max(1_000, rules.intervalMs)) return 'not_now';
  if (thirds.some(({ says }) => says === 'reaches')) return 'road';
  if (thirds.some(({ says, silent }) => says === 'does_not' || !silent)) return 'down';
  if (thirds.some(({ down }) => !down)) return 'cut_off';
  return self.wayOut === 'closed' ? 'cut_off' : 'down';
}
