import { dailyZhCN } from './daily-zh-cn.ts';
import type { NoticeWords } from './notice-words.ts';

/** Notices in Chinese. */
export const noticeZhCN: NoticeWords = {
  silenceEnds: (time, left) => `静默将于 ${time} 结束（还有 ${left}）`,
  silenceEnded: (firing) => `静默已结束：其中 ${firing} 条仍在告警`,
  silenceSubject: (what, comment) => `[静默] ${what}：${comment}`,
  endsAt: (time) => `${time} 结束`,
  endedFiring: (firing) => `已结束，仍在告警 ${firing} 条`,
  because: (comment) => `静默原因：${comment}`,
  hides: (matchers) => `静默范围：${matchers}`,
  nothingHidden: '目前没有被它静默的告警在触发。',
  hiddenHeading: (count) => `触发中，静默结束后将通知（${count}）`,
  silenceLink: '查看静默',
  stormOver: (group, count, duration) => `告警风暴结束：${group} 在 ${duration}内共 ${count} 条告警`,
  stormOverSubject: (group, count, firing) =>
    `[风暴结束] ${group}：共 ${count} 条告警，${firing === 0 ? '已全部恢复' : `仍在告警 ${firing} 条`}`,
  afterStorm: '此后告警恢复正常通知。',
  onCall: (schedule, until) => `您已开始值班：${schedule}${until === null ? '' : `，至 ${until}`}`,
  onCallSubject: (schedule, until, counts) => `[值班] ${schedule}${until === null ? '' : `，至 ${until}`}：${counts}`,
  takesOver: (from) => (from === null ? '此前无人值班' : `交班人：${from}`),
  cardCounts: ({ incidents, flapping, silences, failed, heartbeats }) => {
    const parts = [
      incidents > 0 && `未关闭的事件 ${incidents} 个`,
      flapping > 0 && `抖动的告警 ${flapping} 条`,
      silences > 0 && `班内结束的静默 ${silences} 个`,
      failed > 0 && `消息未能送达 ${failed} 处`,
      heartbeats > 0 && `异常的心跳 ${heartbeats} 个`,
    ];
    return parts.filter(Boolean).join('，') || '目前一切正常';
  },
  openIncidents: (count) => `未关闭的事件（${count}）`,
  endingSilences: (count) => `班内结束的静默（${count}）`,
  failedMessages: (count) => `最近一天未能送达（${count}）`,
  badHeartbeats: (count) => `异常的心跳（${count}）`,
  heartbeat: (state) => ({ late: '迟到', lost: '失联', recovering: '恢复中' })[state],
  daily: dailyZhCN,
};
