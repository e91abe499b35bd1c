/** In which state a silence is, and for how long. */
import { stateOf } from '../../client/silences.ts';
import type { Silence, SilenceState } from '../../client/types.ts';
import { Badge, type Level } from '../../parts/badge.tsx';
import { Ago, absolute, clock, useNow } from '../../parts/time.tsx';
import { useText } from '../../text/index.tsx';

const levels: Readonly<Record<SilenceState, Level>> = { active: 'info', pending: 'warning', expired: 'none' };

export function SilenceStateBadge({ silence }: { silence: Silence }) {
  const { silences: words } = useText();
  const state = stateOf(silence, useNow(5_000));
  if (state === 'active' && !silence.active_now) return <Badge level="none">{words.pauses}</Badge>;
  return <Badge level={levels[state]}>{words.states[state]}</Badge>;
}

/** `until 14:05 (in 2 h)` */
export function Lasts({ silence }: { silence: Silence }) {
  const text = useText();
  const { silences: words } = text;
  const state = stateOf(silence, useNow(5_000));
  const { starts_at, ends_at } = silence;
  const at = state === 'pending' ? starts_at : ends_at;
  const from = clock(starts_at, text);
  const to = clock(ends_at, text);
  const said = { pending: words.fromTo(from, to), active: words.until(to), expired: words.endedAt(to) }[state];
  return (
    <span title={`${absolute(starts_at, text)} – ${absolute(ends_at, text)}`}>
      {said} (<Ago at={at} />)
    </span>
  );
}
