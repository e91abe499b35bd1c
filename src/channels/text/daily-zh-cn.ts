import type { DailyWords } from './daily-words.ts';

const channels: Readonly<Record<string, string>> = {
  email: '邮件',
  'wecom-app': '企业微信应用',
  'wecom-robot': '企业微信群',
};
const channelName = (channel: string) => channels[channel] ?? channel;
const mark = (late: boolean) => (late ? '（延迟发送）' : '');

/** Daily messages in Chinese. */
export const dailyZhCN: DailyWords = {
  well: (site) => `${site} 一切正常`,
  unwell: (site, what) => `${site} 有异常：${what}`,
  wellSubject: (site, late) => `[每日报平安] ${site} 一切正常${mark(late)}`,
  unwellSubject: (site, what, late) => `[每日报平安] ${site} 有异常：${what}${mark(late)}`,
  troubles: ({ own, heartbeats, sources, failed, kept, sites }) => {
    const parts = [
      own > 0 && 'Monitor Manager 自身异常',
      heartbeats > 0 && `心跳异常 ${heartbeats} 个`,
      sites > 0 && `其他站点异常 ${sites} 个`,
      sources > 0 && `来源无数据 ${sources} 个`,
      failed > 0 && `消息未能送达 ${failed} 条`,
      kept > 0 && `消息未发出 ${kept} 条`,
    ];
    return parts.filter(Boolean).join('，');
  },
  late: (due, found) => `延迟发送：原定 ${due} 发送，内容截至 ${found}`,
  absence: '本消息每天发送一次。如果某天没有收到，说明 Monitor Manager 或通知链路出了故障，请立即检查。',
  unwellHeading: (count) => `异常（${count}）`,
  own: (reason, failing) =>
    ({
      schedule_late: 'Monitor Manager 的定时检查已停止：心跳中断将无人发现',
      backlog: '有消息到期超过 5 分钟仍未发送',
      channel_failing: `${failing.length === 0 ? '某个渠道' : failing.map(channelName).join('、')}已超过 5 分钟没有成功发送任何消息`,
      self_check: 'Monitor Manager 未能完成自检',
    })[reason],
  heartbeats: (total, missing) => `心跳（共 ${total} 个${missing === 0 ? '' : `，异常 ${missing} 个`}）`,
  noHeartbeats: '没有监视任何心跳：Prometheus 失联时将无人发现',
  heartbeat: (state) => ({ pending: '尚未启用', ok: '正常', late: '迟到', lost: '失联', recovering: '恢复中' })[state],
  lastBeat: (time) => `最近心跳 ${time}`,
  sources: (total, quiet) => `来源（共 ${total} 个${quiet === 0 ? '' : `，无数据 ${quiet} 个`}）`,
  noSources: '没有配置任何来源：收不到任何告警',
  source: (state) => ({ ok: '正常上报', quiet: '长时间无数据', never: '从未上报' })[state],
  lastPost: (time) => `最近上报 ${time}`,
  sites: (count) => `其他站点（${count}）`,
  yesterday: (date) => `昨天（${date}）`,
  began: (alerts, incidents) => `新告警 ${alerts} 条，新事件 ${incidents} 个`,
  messages: (channel, sent, failed) =>
    `${channelName(channel)}：已发送 ${sent} 条${failed > 0 ? `，未能送达 ${failed} 条` : ''}`,
  kept: (count) => `发件箱：留存 ${count} 条，未发给任何人（渠道未配置）`,
  noMessages: '没有发送任何消息',
  undelivered: (count) => `昨天有 ${count} 条消息未能送达`,
  keptYesterday: (count) => `昨天有 ${count} 条消息未发给任何人：渠道未配置，消息只留存在发件箱`,
  away: (count, lasted) => `Monitor Manager 自身中断 ${count} 次，共 ${lasted}`,
  onCall: '当前值班',
  nobody: '无人值班',
  names: (names) => names.join('、'),
};
