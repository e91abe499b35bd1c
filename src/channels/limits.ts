/** What the settings say of rates, as token buckets. Pure. */
import type { LimitName, RateLimit } from './channel.ts';

/** The rate of one destination, as the settings give it. */
export interface OwnRate {
  burst: number;
  perMinute: number;
  /** The most in any hour; null = no such limit. */
  perHour: number | null;
  reserved: number;
}

/** The buckets that each destination has for itself. */
export function ownLimits(rate: OwnRate | null): RateLimit[] {
  if (rate === null) return [];
  const { burst, perMinute, perHour, reserved } = rate;
  const minute: RateLimit = { name: 'minute', shared: false, burst, perMinute, reserved };
  if (perHour === null) return [minute];
  return [minute, { name: 'hour', shared: false, ...atMost(perHour, 60, reserved / burst) }];
}

/** The part of a shared bucket that is kept for critical and watchdog messages. */
const sharedReserve = 0.25;

/** The bucket of all destinations together, none without a limit. */
export function sharedLimit(
  name: Extract<LimitName, 'smtp_relay' | 'wecom_app'>,
  most: number | null,
  windowMinutes: number,
): RateLimit[] {
  return most === null ? [] : [{ name, shared: true, ...atMost(most, windowMinutes, sharedReserve) }];
}

/**
 * A bucket that lets through at most `most` messages in any window of this length: half of them may come at once, and
 * the other half flows in during the window.
 */
function atMost(most: number, windowMinutes: number, reserve: number) {
  const burst = Math.max(1, Math.floor(most / 2));
  const perMinute = Math.max(1, most - burst) / windowMinutes;
  return { burst, perMinute, reserved: Math.min(burst - 1, Math.ceil(burst * reserve)) };
}
