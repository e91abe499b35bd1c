/** How much each source posts, counted in memory: by this replica, over the last minutes. */

/** Counts posts and alerts of each source. */
export interface Rates {
  note(sourceId: number, alerts: number, now: Date): void;
  of(sourceId: number, now: Date): { since: Date; postsPerMinute: number; alertsPerMinute: number };
}

const minute = 60_000;
/** Alertmanager repeats every few minutes, so one minute would show nothing most of the time. */
const minutes = 10;

/** @param startedAt before that nothing was counted */
export function createRates(startedAt: Date): Rates {
  const bySource = new Map<number, Map<number, { posts: number; alerts: number }>>();
  return {
    note(sourceId, alerts, now) {
      const slots = bySource.get(sourceId) ?? new Map<number, { posts: number; alerts: number }>();
      bySource.set(sourceId, slots);
      const slot = Math.floor(now.getTime() / minute);
      const counted = slots.get(slot) ?? { posts: 0, alerts: 0 };
      slots.set(slot, { posts: counted.posts + 1, alerts: counted.alerts + alerts });
      for (const old of slots.keys()) if (old <= slot - minutes) slots.delete(old);
    },
    of(sourceId, now) {
      const slot = Math.floor(now.getTime() / minute);
      const since = new Date(Math.max(startedAt.getTime(), (slot - minutes + 1) * minute));
      const counted = [...(bySource.get(sourceId) ?? [])].filter(([at]) => at > slot - minutes).map(([, c]) => c);
      const sum = (key: 'posts' | 'alerts') => counted.reduce((all, c) => all + c[key], 0);
      const per = Math.max(1, (now.getTime() - since.getTime()) / minute);
      const rounded = (n: number) => Math.round((n / per) * 100) / 100;
      return { since, postsPerMinute: rounded(sum('posts')), alertsPerMinute: rounded(sum('alerts')) };
    },
  };
}
