/** A token bucket, as its row stores it; null = never used, so full. */
export interface Bucket {
  tokens: number | null;
  at: Date | null;
}

/** The speed at which a bucket fills. */
export interface Rate {
  burst: number;
  perMinute: number;
}

export const fullBucket: Bucket = { tokens: null, at: null };

/** How far the clocks of replicas may be apart; more than that is a clock that was set back. */
const skewMs = 60_000;

/** Tokens in the bucket now. A clock that went back fills nothing and takes nothing. */
export function tokensNow(bucket: Bucket, rate: Rate, now: Date): number {
  if (bucket.tokens === null || bucket.at === null) return rate.burst;
  const elapsedMs = Math.max(0, now.getTime() - bucket.at.getTime());
  return Math.min(rate.burst, bucket.tokens + (elapsedMs / 60_000) * rate.perMinute);
}

/** Whole tokens, forgiving what a computer loses when it adds fractions. */
export function wholeTokens(tokens: number): number {
  return Math.floor(tokens + 1e-9);
}

/**
 * The bucket after some tokens were taken. Its time never goes back by what replicas' clocks are apart: one that is late
 * would else have the same seconds filled in twice.
 */
export function taken(bucket: Bucket, rate: Rate, count: number, now: Date): Bucket {
  const ahead = bucket.at === null ? 0 : bucket.at.getTime() - now.getTime();
  const at = ahead > 0 && ahead <= skewMs ? bucket.at : now;
  return { tokens: tokensNow(bucket, rate, now) - count, at };
}

/** When the bucket will hold `wanted` tokens. */
export function tokensAt(bucket: Bucket, wanted: number, rate: Rate, now: Date): Date {
  const missing = Math.max(0, Math.min(wanted, rate.burst) - tokensNow(bucket, rate, now));
  const from = Math.max(now.getTime(), bucket.at?.getTime() ?? 0);
  return new Date(missing === 0 ? now : from + Math.ceil((missing / rate.perMinute) * 60_000));
}
