/** One silence of the list: why, what it hides, until when, and who made it. */
import { useInViewport } from '@mantine/hooks';
import { useQuery } from '@tanstack/react-query';
import { Link } from 'wouter';
import { previewQuery, setsOf, stateOf } from '../../client/silences.ts';
import type { Silence } from '../../client/types.ts';
import { ManagedBadge } from '../../parts/managed.tsx';
import { MatcherSetChips } from '../../parts/matcher-sets.tsx';
import { useNow } from '../../parts/time.tsx';
import { Brief } from '../../parts/value.tsx';
import { useText } from '../../text/index.tsx';
import { SilenceActions } from './actions.tsx';
import { Lasts, SilenceStateBadge } from './lasts.tsx';
import { Recurring } from './recurs.tsx';
import classes from './silence-card.module.css';

export function SilenceCard({ silence, current }: { silence: Silence; current: boolean }) {
  const { silences: words } = useText();
  const { id, comment, created_by } = silence;
  return (
    <article className={classes.card} data-current={current}>
      <div className={classes.body}>
        <div className={classes.head}>
          <SilenceStateBadge silence={silence} />
          <Link href={`/silences/${id}`} className={classes.title}>
            <Brief max={160}>{comment}</Brief>
          </Link>
          <ManagedBadge object={silence} />
        </div>
        <MatcherSetChips sets={setsOf(silence)} brief />
        <Recurring silence={silence} />
        <div className={classes.facts}>
          <Lasts silence={silence} />
          <span>
            <Brief max={60}>{words.by(created_by)}</Brief>
          </span>
          <HidesNow silence={silence} />
        </div>
      </div>
      <SilenceActions silence={silence} />
    </article>
  );
}

/** Counted while somebody looks at it. */
function HidesNow({ silence }: { silence: Silence }) {
  const { silences: words } = useText();
  const { ref, inViewport } = useInViewport<HTMLSpanElement>();
  const state = stateOf(silence, useNow(5_000));
  const { data } = useQuery({
    ...previewQuery(setsOf(silence), silence.id),
    enabled: inViewport && state !== 'expired',
  });
  if (state === 'expired') return null;
  const hides = state === 'active' && silence.active_now ? words.active : words.pending;
  const counts = data === undefined ? '' : hides(data.alerts.total, data.alerts.critical);
  return <span ref={ref}>{counts}</span>;
}
