/** Which daily messages are due. Pure. */
import type { DailyMessage, Snapshot } from '../../alert/config.ts';
import { type Day, lastDaily } from '../../alert/daily.ts';

/** A daily message that is to be made, unless it was. */
export interface DueDaily {
  /**
   * Never used twice: one for each day of the calendar, whatever becomes of the clocks. An edit to a later time of the same
   * day makes it another one, because that time is promised as the next.
   */
  key: string;
  message: DailyMessage;
  at: Date;
  /** What it counts. */
  yesterday: Day;
}

/** Those whose time of day has come, or came some hours ago while nobody was here; an edit counts from then on. */
export function dueDailies({ dailyMessages }: Pick<Snapshot, 'dailyMessages'>, now: Date): DueDaily[] {
  return dailyMessages.flatMap((message) => {
    const last = lastDaily(message.time, now);
    if (last === null || last.at <= message.editedAt) return [];
    const { minute, zone } = message.time;
    const key = `daily/${message.name}/${last.date}/${minute} ${zone}`;
    return [{ key, message, at: last.at, yesterday: last.before }];
  });
}
