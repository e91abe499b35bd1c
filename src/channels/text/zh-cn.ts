/** Simplified Chinese. */
import { beatsZhCN } from './beats-zh-cn.ts';
import { noticeZhCN } from './notice-zh-cn.ts';
import { siteZhCN } from './site-zh-cn.ts';
import type { Counts, Words } from './words.ts';

const units = { day: '天', hour: '小时', minute: '分钟', second: '秒' } as const;
const severities: Readonly<Record<string, string>> = {
  critical: '严重',
  error: '错误',
  warning: '警告',
  info: '提示',
};

function delta({ fresh, again, flapping, resolved, expired, still }: Counts): string {
  const ended = resolved + expired > 0 && fresh + again + flapping + still === 0;
  const parts = [
    fresh > 0 && `新增 ${fresh}`,
    again > 0 && `再次触发 ${again}`,
    flapping > 0 && `抖动 ${flapping}`,
    resolved > 0 && `恢复 ${resolved}`,
    expired > 0 && `已不再上报 ${expired}`,
    still > 0 && `仍在告警 ${still}`,
    ended && (expired > 0 ? '均已结束或不再上报' : '已全部恢复'),
  ];
  return parts.filter(Boolean).join('，') || '无变化';
}

/** The Chinese table. */
export const zhCN: Words = {
  tag: 'zh-CN',
  intl: 'zh-CN',
  delta,
  storm: (group, alerts, since, news) => `告警风暴：${group} 自 ${since} 起已有 ${alerts} 条告警，${news}`,
  stormOver: (group, alerts, duration, news) => `告警风暴结束：${group} 在 ${duration}内共 ${alerts} 条告警，${news}`,
  stormSubject: (group) => `告警风暴 ${group}`,
  stormAdvice: (interval) => `风暴期间，非严重告警每 ${interval}汇总通知一次；严重告警立即通知。`,
  top: (label, values, others) =>
    `按 ${label}：${[...values.map(([value, count]) => `${value} ${count} 条`), ...(others > 0 ? [`其他 ${others} 条`] : [])].join('、')}`,
  afterQuietHours: (news) => `安静时段汇总：${news}`,
  quietHoursSubject: '安静时段汇总',
  digest: (news) => `定时汇总：${news}`,
  digestSubject: '定时汇总',
  reminder: (still) => `重复提醒：仍在告警 ${still}`,
  opened: ({ fresh, again, flapping, still }, incidents) =>
    `当前有 ${incidents} 个未关闭的事件，共 ${fresh + again + flapping + still} 条告警`,
  incidents: (count) => `${count} 个事件`,
  severity: (value) => severities[value.toLowerCase()] ?? value,
  ...beatsZhCN,
  site: siteZhCN,
  test: (site) => `来自 Monitor Manager（站点 ${site}）的测试消息：该渠道工作正常`,
  testSubject: (site) => `[测试] Monitor Manager（站点 ${site}）`,
  since: (time, duration) => `始于 ${time}（已持续 ${duration}）`,
  resolvedAt: (time, duration) => `${time} 恢复（持续 ${duration}）`,
  expiredAt: (time, duration) => `自 ${time} 起不再上报（此前持续 ${duration}）`,
  calmed: '，已不再抖动',
  freshHeading: (count) => `新增（${count}）`,
  againHeading: (count) => `再次触发（${count}）`,
  flappingHeading: (count) => `抖动，平稳前不再通知（${count}）`,
  resolvedHeading: (count) => `已恢复（${count}）`,
  expiredHeading: (count) => `已不再上报（${count}）`,
  stillHeading: (count) => `仍在告警（${count}）`,
  firingHeading: (count) => `触发中（${count}）`,
  lostHeading: (count) => `失联的心跳（${count}）`,
  backHeading: (count) => `已恢复的心跳（${count}）`,
  more: (count) => `……还有 ${count} 条`,
  moreIncidents: (count) => `……还有 ${count} 个事件`,
  allShare: (labels) => `共同标签：${labels}`,
  acknowledgedBy: (name) => `已由 ${name} 认领`,
  escalated: (duration) => `${duration}内无人认领，升级通知到您`,
  alertGroup: (name) => `告警组 ${name}`,
  labelled: (label, url) => `${label}：${url}`,
  incidentLink: '查看事件',
  pageLink: '打开 Monitor Manager',
  sourceLink: '查询语句',
  runbookLink: '处理手册',
  sentBy: (site, zone) => `Monitor Manager，站点 ${site} · 时间均为 ${zone}`,
  notice: noticeZhCN,
  duration: (amounts) => amounts.map(([amount, unit]) => `${amount} ${units[unit]}`).join(' '),
};
