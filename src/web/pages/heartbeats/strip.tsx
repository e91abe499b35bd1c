/** What one stream has been through in the last day, as a strip that ends now. */
import type { HeartbeatStream, StripState } from '../../client/types.ts';
import { clock, span } from '../../parts/time.tsx';
import { type Text, useText } from '../../text/index.tsx';
import classes from './strip.module.css';
import { piecesOf, toldOf } from './strip-pieces.ts';

/** Taller is worse, so that it is read without colours too. Of 10. */
const heights: Readonly<Record<StripState, number>> = {
  ...{ lost: 10, recovering: 7, late: 7, away: 10, ok: 4, pending: 2, none: 1 },
};
const minute = 60_000;

/** @param at when the answer was made: the end of the strip */
export function Strip({ stream: { last_day: day }, at }: { stream: HeartbeatStream; at: number }) {
  const text = useText();
  const pieces = piecesOf(day, at);
  const [first] = pieces;
  if (first === undefined) return null;
  const x = (time: number) => (time - first.from) / minute;
  return (
    <svg
      className={classes.strip}
      viewBox={`0 0 ${x(at)} 10`}
      preserveAspectRatio="none"
      role="img"
      aria-label={text.heartbeats.lastDay(inWords(pieces, text))}
    >
      {pieces.map(({ from, to, state }) => (
        <rect
          key={from}
          data-state={state}
          x={x(from)}
          width={x(to) - x(from)}
          y={10 - heights[state]}
          height={heights[state]}
        >
          <title>{`${clock(from, text)} – ${clock(to, text)} · ${text.heartbeats.strip[state]}`}</title>
        </rect>
      ))}
    </svg>
  );
}

/** What was not as it should be, and how long. */
function inWords(pieces: ReturnType<typeof piecesOf>, text: Text): string {
  const { strip, wholeDay, troubles } = text.heartbeats;
  const told = toldOf(pieces);
  return told.length === 0 ? wholeDay : troubles(told.map(({ state, ms }) => `${strip[state]} ${span(ms, text)}`));
}
