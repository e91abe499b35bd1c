import type { Text } from '../en.ts';

const critical = (n: number) => (n === 0 ? '' : `，其中严重 ${n} 条`);

export const silences: Text['silences'] = {
  title: '静默',
  lead: '符合条件的告警暂时不通知任何人。监控失联的报警不受静默影响。',
  add: '新建静默',
  state: '状态',
  states: { active: '生效中', pending: '未开始', expired: '已结束' },
  counted: (state, n) => `${state}（${n}）`,
  none: { active: '当前没有静默', pending: '没有尚未开始的静默', expired: '最近 7 天没有结束的静默' },
  noneHint: '所有告警都会按告警组通知。',
  by: (name) => `由 ${name} 创建`,
  until: (time) => `至 ${time}`,
  fromTo: (from, to) => `${from} 至 ${to}`,
  endedAt: (time) => `已于 ${time} 结束`,
  active: (n, bad) => `目前静默 ${n} 条告警${critical(bad)}`,
  pending: (n, bad) => `按目前情况会静默 ${n} 条告警${critical(bad)}`,
  end: '立即结束',
  endTitle: '立即结束这条静默？',
  endHint: '被它静默的告警将恢复通知。这条静默仍保留在“已结束”中。',
  endHintManaged: '被它静默的告警将恢复通知。它由文件维护：只要文件里还有，下次 apply 会重新创建。',
  ended: '静默已结束',
  extend: '延长',
  byHours: (n) => `${n} 小时`,
  untilTime: '到指定时间…',
  extended: (time) => `已静默，至 ${time}`,
  notPast: '请选择将来的时间。',
  again: '再次静默',
  ends: '结束',
  who: '创建人',
};
