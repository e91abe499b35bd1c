import type { NoticeWords } from './notice-words.ts';

/** Notices in Chinese. */
export const noticeZhCN: NoticeWords = {
  silenceEnds: (time, left) => `静默将于 ${time} 结束（还有 ${left}）`,
  silenceEnded: (firing) => `静默已结束：其中 ${firing} 条告警仍在触发`,
  silenceSubject: (what, comment) => `[静默] ${what}：${comment}`,
  endsAt: (time) => `${time} 结束`,
  endedFiring: (firing) => `已结束，仍在触发 ${firing} 条`,
  because: (comment) => `静默原因：${comment}`,
  hides: (matchers) => `静默范围：${matchers}`,
  nothingHidden: '目前没有被它静默的告警在触发。',
  hiddenHeading: (count) => `触发中，静默结束后将通知（${count}）`,
  silenceLink: '查看静默',
};
