import type { Text } from '../en.ts';

export const heartbeats: Text['heartbeats'] = {
  title: '心跳',
  lead: '每一行都是一条必须始终触发的告警。一旦中断，说明监控本身出了问题。',
  name: '心跳',
  source: '来源',
  state: '状态',
  last: '最近心跳',
  left: '剩余时间',
  cadence: '间隔',
  timeout: '超时',
  none: '还没有心跳',
  noneHint: '请把 Watchdog 这类始终触发的告警每分钟发送到这里。收到三次后自动启用，无需设置。',
  discovered: '自动发现',
  filter: '筛选心跳',
  overdue: '已超时',
  notArmed: '未启用',
  counts: { lost: '失联', late: '迟到', recovering: '恢复中', ok: '正常', pending: '未启用' },
};
