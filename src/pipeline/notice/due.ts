/** Which notices are due. Pure. */
import type { KeptSilence, Snapshot } from '../../alert/config.ts';
import { dailyLateMs } from '../../alert/daily.ts';
import type { Notice, SilenceNotice } from '../../alert/notice.ts';

/** A notice that is to be made, unless it was. */
export interface DueNotice {
  /** Never used twice. */
  key: string;
  kind: SilenceNotice['kind'];
  silence: KeptSilence;
}

const hour = 3_600_000;
/** Whoever made a shorter silence is still at it, and needs no reminder. */
const longSilenceMs = hour;
/** After a longer absence of ours nobody wants to hear any more that a silence is over. */
const lateMs = 24 * hour;

/** The notices of all silences that are due now, also those that were made long ago. */
export function dueNotices({ silences }: Pick<Snapshot, 'silences'>, now: Date): DueNotice[] {
  return silences.flatMap((silence) => {
    if (silence.notify.length === 0) return [];
    const kind = endsSoon(silence, now) ? 'silence_ends' : endedByItself(silence, now) ? 'silence_ended' : null;
    // With another end it is another matter.
    return kind === null
      ? []
      : [{ kind, silence, key: `silence/${silence.id}/${silence.endsAt.toISOString()}/${kind}` }];
  });
}

/** Whoever has edited it since then knows when it ends. */
function endsSoon({ startsAt, endsAt, remindMs, updatedAt }: KeptSilence, now: Date): boolean {
  if (remindMs === 0 || endsAt.getTime() - startsAt.getTime() <= longSilenceMs) return false;
  const at = new Date(Math.max(startsAt.getTime(), endsAt.getTime() - remindMs));
  return at <= now && now < endsAt && updatedAt < at;
}

/** One that somebody ended was edited at its end. */
function endedByItself({ endsAt, updatedAt }: KeptSilence, now: Date): boolean {
  return endsAt <= now && now.getTime() - endsAt.getTime() < lateMs && updatedAt < endsAt;
}

/** Whether what a notice says still holds: a silence may have been lengthened or ended since, and a shift may be over. */
export function stillHolds(notice: Notice, silences: Snapshot['silences'], now: Date): boolean {
  if (notice.kind === 'hand_over') return notice.until === null || new Date(notice.until) > now;
  if (notice.kind === 'daily_message') return now.getTime() - new Date(notice.dueAt).getTime() < dailyLateMs;
  if (notice.kind === 'silence_ended' || notice.kind === 'storm_over') return true;
  const { id, endsAt } = notice.silence;
  const silence = silences.find((s) => s.id === id);
  return silence !== undefined && silence.endsAt > now && silence.endsAt.toISOString() === endsAt;
}
