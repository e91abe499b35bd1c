/** A time in which we were away: it counts against nobody (rule 2). */
export interface Outage {
  from: Date;
  to: Date;
}

/**
 * How much of `from`..`to` we were there to observe: its length minus its overlap with `outages`, which may overlap each
 * other and come in any order. 0 when `from` lies after `to`, so a time from the future is "just now".
 */
export function observedMs(from: Date, to: Date, outages: readonly Outage[]): number {
  const end = to.getTime();
  let seen = from.getTime();
  let observed = 0;
  for (const outage of [...outages].sort((a, b) => a.from.getTime() - b.from.getTime())) {
    if (outage.from.getTime() >= end) break;
    observed += Math.max(0, outage.from.getTime() - seen);
    seen = Math.max(seen, outage.to.getTime());
  }
  return observed + Math.max(0, end - seen);
}
