/** Times as people read them: how long ago, and on hover when exactly, in the time zone of the browser. */
import { useSyncExternalStore } from 'react';
import { serverNow } from '../client/server-time.ts';
import { type Text, useText } from '../text/index.tsx';

const listeners = new Set<() => void>();
let timer: ReturnType<typeof setInterval> | undefined;
let tick = serverNow();

function subscribe(tell: () => void): () => void {
  listeners.add(tell);
  timer ??= setInterval(() => {
    tick = serverNow();
    for (const one of listeners) one();
  }, 1_000);
  return () => {
    listeners.delete(tell);
    if (listeners.size > 0) return;
    clearInterval(timer);
    timer = undefined;
  };
}

/** The time of the service in steps; a component that uses it is drawn again when the step is over. */
export function useNow(stepMs = 1_000): number {
  return useSyncExternalStore(subscribe, () => tick - (tick % stepMs));
}

const units = [
  ['d', 86_400_000],
  ['h', 3_600_000],
  ['m', 60_000],
  ['s', 1_000],
] as const;

/** `2 h 5 min`: the two largest units that say something. Pure. */
export function span(ms: number, { time }: Text): string {
  const left = Math.max(0, Math.round(ms / 1_000) * 1_000);
  const at = units.findIndex(([, size]) => left >= size);
  if (at === -1) return `0${time.unit.s}`;
  const shown = units.slice(at, at >= 2 ? at + 1 : at + 2);
  let rest = left;
  const parts = shown.flatMap(([unit, size]) => {
    const n = Math.floor(rest / size);
    rest -= n * size;
    return n === 0 ? [] : [`${n}${time.unit[unit]}`];
  });
  return parts.join(' ');
}

/** `2026-11-25 13:28:41`, which nobody reads wrongly. */
const plain = new Intl.DateTimeFormat('sv-SE', { dateStyle: 'short', timeStyle: 'medium' });

/** Date and time with the zone. */
export function absolute(at: string | number, { tag }: Text): string {
  const date = new Date(at);
  const zone = new Intl.DateTimeFormat(tag, { timeZoneName: 'short' })
    .formatToParts(date)
    .find(({ type }) => type === 'timeZoneName');
  return `${plain.format(date)} ${zone?.value ?? ''}`;
}

/** The time of day; with the date when it is another one. */
export function clock(at: string | number, { time: words }: Text, seconds = false): string {
  const date = new Date(at);
  const today = date.toDateString() === new Date(serverNow()).toDateString();
  const [day = '', time = ''] = plain.format(date).split(' ');
  const shown = seconds ? time : time.slice(0, 5);
  return today ? shown : words.onDay(day, shown);
}

/** The server words its times in UTC; here they become those of the reader. */
export function withLocalTimes(words: string): string {
  return words.replace(/\b(\d{4}-\d\d-\d\d) (\d\d:\d\d:\d\d) UTC\b/g, (_, day, time) =>
    plain.format(new Date(`${day}T${time}Z`)),
  );
}

/** `4 min ago`, or `in 2 h`. */
export function Ago({ at }: { at: string }) {
  const text = useText();
  const now = useNow(5_000);
  const ms = now - Date.parse(at);
  const words =
    Math.abs(ms) < 10_000 ? text.time.now : (ms > 0 ? text.time.ago : text.time.in)(span(Math.abs(ms), text));
  return (
    <time dateTime={at} title={absolute(at, text)}>
      {words}
    </time>
  );
}
