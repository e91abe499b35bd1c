/** Several buckets that all limit the same destination, as one. Pure. */
import type { LimitName, RateLimit } from '../../channels/channel.ts';
import { type Bucket, taken, tokensAt, tokensNow, wholeTokens } from './bucket.ts';
import type { Allowance } from './pack.ts';

/** A limit and its bucket as it stands. */
export interface Held {
  limit: RateLimit;
  bucket: Bucket;
}

/** Until when a message has to wait, and for which limit. */
export interface Wait {
  at: Date;
  limit: LimitName;
}

/** Whether anything limits at all. */
export function isLimited(held: readonly Held[]): held is readonly [Held, ...Held[]] {
  return held.length > 0;
}

/** How many messages all of the limits allow now. */
export function allowanceOf(held: readonly Held[], now: Date): Omit<Allowance, 'summary'> {
  if (held.length === 0) return { tokens: null, reserved: 0 };
  const left = held.map(({ limit, bucket }) => {
    const tokens = wholeTokens(tokensNow(bucket, limit, now));
    return { tokens, normal: tokens - limit.reserved };
  });
  const tokens = Math.min(...left.map((l) => l.tokens));
  return { tokens, reserved: tokens - Math.min(...left.map((l) => l.normal)) };
}

/** The same limits after some messages. */
export function afterTaking(held: readonly Held[], count: number, now: Date): Held[] {
  return held.map(({ limit, bucket }) => ({ limit, bucket: taken(bucket, limit, count, now) }));
}

/** When all of the limits allow one more message, and which is the last that does. Urgent ones may use the reserves. */
export function waitFor(held: readonly [Held, ...Held[]], urgent: boolean, now: Date): Wait {
  const waits = held.map(({ limit, bucket }): Wait => {
    const wanted = urgent ? 1 : limit.reserved + 1;
    return { at: tokensAt(bucket, wanted, limit, now), limit: limit.name };
  });
  return waits.reduce((last, wait) => (wait.at > last.at ? wait : last));
}

/** Whether the limits let none of these through now: not even the reserve, where one of them is urgent. */
export function letNoneThrough(
  held: readonly Held[],
  waiting: readonly { priority: number }[],
  now: Date,
): held is readonly [Held, ...Held[]] {
  const { tokens, reserved } = allowanceOf(held, now);
  const urgent = waiting.some(({ priority }) => priority > 0);
  return isLimited(held) && tokens !== null && tokens - (urgent ? 0 : reserved) < 1;
}

/** Which of the messages in doubt may be repeated now: each costs what a new one costs. Urgent ones come first. */
export function repeatable<T extends { priority: number }>(
  doubtful: readonly T[],
  { tokens, reserved }: Omit<Allowance, 'summary'>,
): { now: T[]; later: T[] } {
  const allowed = tokens ?? Number.POSITIVE_INFINITY;
  const fits = ({ priority }: T, index: number) => index < (priority > 0 ? allowed : allowed - reserved);
  return { now: doubtful.filter(fits), later: doubtful.filter((d, index) => !fits(d, index)) };
}
