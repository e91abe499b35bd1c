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

/** Tokens in the bucket now. A clock that went back fills nothing and takes nothing. */
export function tokensNow(bucket: Bucket, rate: Rate, now: Date): number {
  if (bucket.tokens === null || bucket.at === null) return rate.burst;
  const elapsedMs = Math.max(0, now.getTime() - bucket.at.getTime());
  return Math.min(rate.burst, bucket.tokens + (elapsedMs / 60_000) * rate.perMinute);
}

/** When the bucket will hold `wanted` tokens. */
export function tokensAt(tokens: number, wanted: number, rate: Rate, now: Date): Date {
  const missing = Math.max(0, Math.min(wanted, rate.burst) - tokens);
  return new Date(now.getTime() + Math.ceil((missing / rate.perMinute) * 60_000));
}
