import { dailyEn } from './daily-en.ts';
import type { NoticeWords } from './notice-words.ts';

const alerts = (count: number) => (count === 1 ? '1 alert' : `${count} alerts`);

const some = (count: number, what: string) => `${count} ${what}${count === 1 ? '' : 's'}`;

/** Notices in English. */
export const noticeEn: NoticeWords = {
  silenceEnds: (time, left) => `A silence ends at ${time}, in ${left}`,
  silenceEnded: (firing) =>
    `A silence has ended: ${alerts(firing)} that it hid still ${firing === 1 ? 'fires' : 'fire'}`,
  silenceSubject: (what, comment) => `[SILENCE] ${what}: ${comment}`,
  endsAt: (time) => `ends at ${time}`,
  endedFiring: (firing) => `has ended, ${firing} still firing`,
  because: (comment) => `Silenced because: ${comment}`,
  hides: (matchers) => `Hides ${matchers}`,
  nothingHidden: 'Nothing that it hides fires just now.',
  hiddenHeading: (count) => `Firing, and told when it ends (${count})`,
  silenceLink: 'Open silence',
  stormOver: (group, count, duration) => `The storm in ${group} is over: ${alerts(count)} in ${duration}`,
  stormOverSubject: (group, count, firing) =>
    `[STORM OVER] ${group}: ${alerts(count)}, ${firing === 0 ? 'none still firing' : `${firing} still firing`}`,
  afterStorm: 'From now on alerts are told as usual again.',
  onCall: (schedule, until) => `You are on call: ${schedule}${until === null ? '' : `, until ${until}`}`,
  onCallSubject: (schedule, until, counts) =>
    `[ON CALL] ${schedule}${until === null ? '' : ` until ${until}`}: ${counts.charAt(0).toLowerCase()}${counts.slice(1)}`,
  takesOver: (from) => (from === null ? 'Nobody was on call before you' : `You take over from ${from}`),
  cardCounts: ({ incidents, flapping, silences, failed, heartbeats }) => {
    const parts = [
      incidents > 0 && some(incidents, 'open incident'),
      flapping > 0 && some(flapping, 'flapping alert'),
      silences > 0 && `${some(silences, 'silence')} ending in your shift`,
      failed > 0 && `${failed} ${failed === 1 ? 'address' : 'addresses'} not reached`,
      heartbeats > 0 && `${some(heartbeats, 'heartbeat')} missing`,
    ];
    return parts.filter(Boolean).join(', ') || 'Nothing is open';
  },
  openIncidents: (count) => `Open incidents (${count})`,
  endingSilences: (count) => `Silences that end in your shift (${count})`,
  failedMessages: (count) => `Not reached in the last day (${count})`,
  badHeartbeats: (count) => `Heartbeats (${count})`,
  heartbeat: (state) => ({ late: 'late', lost: 'lost', recovering: 'coming back' })[state],
  daily: dailyEn,
};
