/** Addresses that get their messages later, or soon will, because of a rate limit. */
import { useQuery } from '@tanstack/react-query';
import { whileSignedIn } from '../../client/credential.ts';
import { destinationsQuery } from '../../client/people.ts';
import { DestinationName } from '../../parts/destination.tsx';
import { RateGauge } from '../../parts/rate-gauge.tsx';
import { nearLimit } from '../../parts/rate-left.ts';
import { useText } from '../../text/index.tsx';
import classes from './near-limits.module.css';

const shownAtMost = 8;

/** Nothing while every address has enough left. */
export function NearLimits() {
  const { deliveries: words } = useText();
  const { data } = useQuery({ ...destinationsQuery, refetchInterval: () => whileSignedIn(30_000) });
  const near = nearLimit(data ?? []).slice(0, shownAtMost);
  if (near.length === 0) return null;
  return (
    <section aria-label={words.nearLimits}>
      <ul className={classes.list}>
        {near.map((one) => (
          <li key={one.id}>
            <DestinationName destination={one} /> <RateGauge of={one} />
          </li>
        ))}
      </ul>
    </section>
  );
}
