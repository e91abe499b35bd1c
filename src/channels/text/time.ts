/** Times as the reader's own wall clock shows them. */
import type { Words } from './words.ts';

/** Formats the times of one message. */
export interface Times {
  /** Name of the zone with its offset, for example `Asia/Shanghai (GMT+8)`. */
  readonly zone: string;
  /** Time of day to the second; with the date when it is not the day on which the message was written. */
  at(time: Date): string;
  /** From one moment to another in the two largest units. */
  between(from: Date, to: Date): string;
  /** So many milliseconds, the same way. */
  lasting(ms: number): string;
}

const steps = [
  [86_400, 'day'],
  [3_600, 'hour'],
  [60, 'minute'],
  [1, 'second'],
] as const;

function amounts(totalSeconds: number) {
  let rest = Math.max(0, Math.round(totalSeconds));
  const largest = steps.findIndex(([seconds]) => rest >= seconds);
  if (largest === -1) return [[0, 'second']] as const;
  return steps
    .slice(largest, largest + 2)
    .map(([seconds, unit]) => {
      const amount = Math.floor(rest / seconds);
      rest -= amount * seconds;
      return [amount, unit] as const;
    })
    .filter(([amount]) => amount > 0);
}

/** The zone if Intl knows it, else UTC: a mistyped zone must not cost a message. */
function knownZone(zone: string): string {
  try {
    return new Intl.DateTimeFormat('en', { timeZone: zone }).resolvedOptions().timeZone;
  } catch {
    return 'UTC';
  }
}

/**
 * The formatter of one message.
 * @param timezone IANA name; an unknown one becomes UTC
 * @param sentAt decides which times need their date
 */
export function timesOf(words: Words, timezone: string, sentAt: Date): Times {
  const timeZone = knownZone(timezone);
  const clock = { timeZone, hour: '2-digit', minute: '2-digit', second: '2-digit', hourCycle: 'h23' } as const;
  const time = new Intl.DateTimeFormat(words.intl, clock);
  const day = new Intl.DateTimeFormat(words.intl, { timeZone, year: 'numeric', month: 'short', day: 'numeric' });
  const offset = new Intl.DateTimeFormat(words.intl, { timeZone, timeZoneName: 'shortOffset' });
  const today = day.format(sentAt);
  const offsetName = offset.formatToParts(sentAt).find((part) => part.type === 'timeZoneName')?.value ?? 'UTC';
  return {
    zone: timeZone === 'UTC' ? 'UTC' : `${timeZone} (${offsetName})`,
    at: (moment) => {
      const date = day.format(moment);
      return date === today ? time.format(moment) : `${date} ${time.format(moment)}`;
    },
    between: (from, to) => words.duration(amounts((to.getTime() - from.getTime()) / 1000)),
    lasting: (ms) => words.duration(amounts(ms / 1000)),
  };
}
