/** How much of its rate limit an address has left. */
import type { DestinationHealth } from '../client/types.ts';
import { useText } from '../text/index.tsx';
import classes from './rate-gauge.module.css';
import { tightest } from './rate-left.ts';

/** Nothing while no limit is in use. */
export function RateGauge({ of: { rate_limits: limits, rate_limited: waiting } }: { of: DestinationHealth }) {
  const { deliveries: words } = useText();
  const limit = tightest(limits);
  if (limit === null) return null;
  const { name, left, burst, per_minute: perMinute } = limit;
  const said = words.rateLeft(left, burst);
  return (
    <span className={classes.gauge} title={words.rateHints[name](burst, perMinute)}>
      <meter min={0} max={burst} value={left} aria-label={said} />
      <span>
        {said}
        {waiting > 0 && ` · ${words.rateLimited(waiting)}`}
      </span>
    </span>
  );
}
