/** When messages go out: the time that is looked at in equal parts, on the hour where a part is one. Pure. */

const minuteMs = 60_000;
const hourMs = 60 * minuteMs;

/** Lengths of a part that people think in; a week has hours, a fortnight pairs of them. */
const stepsMs = [minuteMs, 5 * minuteMs, 15 * minuteMs, ...[1, 2, 3, 6, 12, 24, 48].map((hours) => hours * hourMs)];
/** A plot shows no more of them apart. */
const partsAtMost = 190;

/** How many messages went out in each part. */
export interface Timeline {
  /** When the first part begins: at the beginning of the time, or before. */
  startsAt: Date;
  stepMs: number;
  messages: number[];
}

/** The time in parts, without a message in them. */
export function emptyTimeline(from: Date, to: Date): Timeline {
  const spanMs = to.getTime() - from.getTime();
  const stepMs = stepsMs.find((step) => spanMs / step <= partsAtMost) ?? Math.ceil(spanMs / partsAtMost);
  const first = Math.floor(from.getTime() / stepMs);
  const last = Math.floor(to.getTime() / stepMs);
  return { startsAt: new Date(first * stepMs), stepMs, messages: Array.from({ length: last - first + 1 }, () => 0) };
}

/** Counts a message that went out at `at`, which lies in that time. */
export function countAt({ startsAt, stepMs, messages }: Timeline, at: Date): void {
  const part = Math.floor((at.getTime() - startsAt.getTime()) / stepMs);
  messages[part] = (messages[part] ?? 0) + 1;
}
