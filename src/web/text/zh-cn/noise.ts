import type { Text } from '../en.ts';

const n = (value: number) => value.toLocaleString('zh-CN');

const criticals = ({ later = 0, never }: { later?: number; never: number }) =>
  later + never === 0 ? '严重告警不受影响' : `严重告警有 ${n(later)} 次推迟通知、${n(never)} 次不再通知`;

export const noise: Text['noise'] = {
  title: '噪声',
  lead: '哪些告警产生的消息最多，触发多频繁、持续多短，以及怎样能更安静。',
  since: '时间范围',
  spans: { '1d': '1 天', '7d': '7 天', '14d': '14 天' },
  none: '这段时间没有消息',
  noneHint: '看门狗告警不在此列：任何设置都不能拦住它们。',
  alert: '告警与告警组',
  messages: '消息',
  episodes: '触发次数',
  lasted: '持续时间',
  acknowledged: '认领',
  proposal: '建议',
  median: (time) => `半数不到 ${time}`,
  short: (share) => `${share} 不到 2 分钟`,
  noneEnded: '均未恢复',
  ofIncidents: (acknowledged, incidents) => `${n(incidents)} 个事件中 ${n(acknowledged)} 个`,
  noProposal: '无',
  lasts: (time, { shorter, told, ...rest }) =>
    `持续 ${time}才通知：已通知的 ${n(told)} 次中，有 ${n(shorter)} 次在此之前就已恢复。整个告警组中，${criticals(rest)}。`,
  flapping: (of) =>
    `抖动时减少通知：${n(of.alerts)} 条告警的 ${n(of.quick)} 次触发或恢复，发生在 ${of.within}内已变化超过 ${n(of.changes)} 次之后。整个告警组中，${criticals(of)}。`,
  grouped: (of) => `按 ${of.by} 归并事件，去掉 ${of.drops}：${n(of.incidents)} 个事件会变成 ${n(of.after)} 个。`,
  backtest: '回测',
  edit: '作为草稿编辑',
  managed: '这个告警组来自文件，请在文件中修改。',
  underWay: (share) => `正在重放这段时间：${share}`,
  outcome: (span, messages, of) =>
    `${span}内的全部消息：${n(messages.before)} → ${n(messages.after)}；${criticals(of)}。`,
  draft: '来自噪声报告的建议，尚未保存：',
};
