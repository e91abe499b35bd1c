import type { Source, SourceActivity } from '../../client/types.ts';
import { Badge, type Level } from '../../parts/badge.tsx';
import { Ago } from '../../parts/time.tsx';
import { Value } from '../../parts/value.tsx';
import { useText } from '../../text/index.tsx';

const levels: Readonly<Record<SourceActivity['state'], Level>> = { ok: 'ok', quiet: 'critical', never: 'none' };

export function SourceState({ source: { activity } }: { source: Source }) {
  const { sources: words } = useText();
  const state = activity?.state ?? 'never';
  return <Badge level={levels[state]}>{words.states[state]}</Badge>;
}

export function LastPost({ source: { activity } }: { source: Source }) {
  const { common } = useText();
  return activity === null || activity.last_post_at === null ? common.never : <Ago at={activity.last_post_at} />;
}

export function Rate({ source: { activity } }: { source: Source }) {
  const { sources: words, common } = useText();
  if (activity === null) return common.unknown;
  const rounded = (n: number) => Math.round(n * 10) / 10;
  return (
    <span title={words.rateHint}>
      {words.rates(rounded(activity.posts_per_minute), rounded(activity.alerts_per_minute))}
    </span>
  );
}

export function LastError({ source: { activity } }: { source: Source }) {
  const { sources: words } = useText();
  if (activity === null || activity.last_error === null || activity.last_error_at === null) return words.noError;
  return (
    <>
      <Ago at={activity.last_error_at} /> · <Value max={160}>{activity.last_error}</Value>
    </>
  );
}
