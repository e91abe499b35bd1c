import type { NoticeWords } from './notice-words.ts';

const alerts = (count: number) => (count === 1 ? '1 alert' : `${count} alerts`);

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
};
