/** Which limit of an address says most. Pure. */
import type { DestinationHealth, RateLimit } from '../client/types.ts';

const share = ({ left, burst }: RateLimit) => left / burst;

/** The limit with the least left; null while all of them are full. */
export function tightest(limits: readonly RateLimit[]): RateLimit | null {
  const used = limits.filter(({ left, burst }) => left < burst);
  return used.reduce<RateLimit | null>(
    (least, one) => (least === null || share(one) < share(least) ? one : least),
    null,
  );
}

/** The addresses whose limit is felt or soon will be, those with most messages that wait first. */
export function nearLimit(destinations: readonly DestinationHealth[]): DestinationHealth[] {
  const near = destinations.filter(({ rate_limits: limits, rate_limited: waiting }) => {
    const limit = tightest(limits);
    return limit !== null && (waiting > 0 || share(limit) < 0.5);
  });
  return near.sort((a, b) => b.rate_limited - a.rate_limited);
}
