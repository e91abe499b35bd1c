import type { Text } from '../en.ts';

const number = (n: number) => n.toLocaleString('zh-CN', { maximumFractionDigits: 1 });

export const deliveries: Text['deliveries'] = {
  title: '发送记录',
  lead: '发往每个地址的每条消息，最新的在前。',
  search: '姓名、地址、回应或消息 ID',
  channel: '渠道',
  state: '状态',
  outbox: '发件箱',
  outboxFor: (channel) => `发件箱（${channel}）`,
  list: '消息列表',
  to: '收件人',
  what: '消息',
  answer: '回应',
  when: '时间',
  none: '还没有消息',
  noneFilter: '没有符合的消息',
  retry: '立即重试',
  retried: '正在重新发送',
  attempts: (n) => `尝试 ${n} 次`,
  nextTry: (time) => `${time} 重试`,
  remedy: '处理办法',
  incident: (id) => `事件 ${id}`,
  test: '测试消息',
  content: '消息内容',
  tries: '发送过程',
  notWorded: '发送时才生成内容。',
  show: '查看消息内容和发送过程',
  hide: '收起',
  noAnswer: '尚无回应',
  kept: '留在发件箱',
  nearLimits: '接近频率上限',
  rateLeft: (left, of) => `目前还可发送 ${number(left)} / ${number(of)} 条`,
  rateLimited: (n) => `${number(n)} 条因频率上限等待，新内容会合并发送`,
  rateHints: {
    minute: (burst, perMinute) => `此地址的上限：可连续发送 ${number(burst)} 条，每分钟恢复 ${number(perMinute)} 条。`,
    hour: (burst, perMinute) =>
      `此地址的每小时上限：可连续发送 ${number(burst)} 条，每小时恢复 ${number(perMinute * 60)} 条。`,
    smtp_relay: (burst, perMinute) =>
      `邮件服务器的上限（所有地址合计）：可连续发送 ${number(burst)} 条，每分钟恢复 ${number(perMinute)} 条。`,
    wecom_app: (burst, perMinute) =>
      `企业微信应用的上限（所有成员合计）：可连续发送 ${number(burst)} 条，每小时恢复 ${number(perMinute * 60)} 条。`,
  },
};
