import { behindOutbox } from '../alert/outbox.ts';
import {
  countOf,
  inhibitionsOf,
  mutedBy,
  type Sentences,
  type StepFacts,
  silencesOf,
  textOf,
  timeOf,
} from './explain-words.ts';

const channels: Readonly<Record<string, string>> = {
  email: '邮件',
  'wecom-app': '企业微信应用',
  'wecom-robot': '企业微信群',
};
const channelOf = (name: string) => channels[name] ?? name;

/** `li.wei（邮件 li.wei@example.org）`; without the address where it says nothing new. */
function nameOf({ name, channel, address }: NonNullable<StepFacts['destination']>): string {
  const meant = behindOutbox({ channel, address });
  const where = meant.channel === channel ? channelOf(channel) : `发件箱，${channelOf(meant.channel)}`;
  return name === meant.address ? `${name}（${where}）` : `${name}（${where} ${meant.address}）`;
}

const source = (s: StepFacts) => (s.source === null ? '某个来源' : `来源 ${s.source} `);
const who = (s: StepFacts) => (s.destination === null ? '接收方' : ` ${nameOf(s.destination)} `);
const subject = (s: StepFacts) => (s.destination === null ? '接收方' : `${nameOf(s.destination)} `);
const incident = (s: StepFacts) => (s.incidentId === null ? '该事件' : `事件 ${s.incidentId} `);
const group = (s: StepFacts) => (s.group === null ? '某个告警组' : `告警组 ${s.group} `);
const message = (s: StepFacts) => (s.notificationId === null ? '消息' : `消息 ${s.notificationId} `);

const at = (s: StepFacts, key: string, [before, after]: readonly [string, string]) => {
  const time = timeOf(s, key);
  return time === null ? '' : `${before} ${time}${after}`;
};
const since = ['，自', ' 起'] as const;
const answer = (s: StepFacts) => {
  const text = textOf(s, 'answer');
  return text === null ? '' : `（${text}）`;
};
const attempt = (s: StepFacts) => (countOf(s, 'attempt') > 1 ? `第 ${countOf(s, 'attempt')} 次尝试` : '');
const numbers = (s: StepFacts) =>
  `新增 ${countOf(s, 'fresh')}，恢复 ${countOf(s, 'resolved')}，仍在告警 ${countOf(s, 'still_firing')}`;

const silencesText = (s: StepFacts) => {
  const texts = silencesOf(s).map(({ name, interval, until }) => {
    const by = interval === null ? '' : `（时间段 ${interval}）`;
    return `静默${name === null ? '' : ` ${name} `}${by}${until === null ? '' : `，至 ${until}`}`;
  });
  return texts.length === 0 ? null : texts.join('；');
};
const inhibitionsText = (s: StepFacts) => {
  const texts = inhibitionsOf(s).map(
    ({ rule, alert }) =>
      `${alert === null ? '其他告警' : `告警 ${alert} `}${rule === null ? '' : `（抑制规则 ${rule}）`}`,
  );
  return texts.length === 0 ? null : texts.join('、');
};
const leftOut = (s: StepFacts) => {
  const hidden = silencesText(s);
  const inhibited = inhibitionsText(s);
  return [
    hidden === null ? '' : `其余内容正被${hidden}。`,
    inhibited === null ? '' : `${hidden === null ? '其余内容' : '部分内容'}被${inhibited}抑制。`,
  ].join('');
};

const mutedWords = (s: StepFacts) => {
  const interval = mutedBy(s);
  return interval ? `${group(s)}正处于停止通知的时间段 ${interval} 内` : `${group(s)}不在生效时间段内`;
};

/** With what else it shares its message, when it was kept back or gathered. */
const together = (s: StepFacts) => {
  const key = textOf(s, 'together') ?? '';
  if (/^storm\/\d+$/.test(key)) return `，与${group(s)}告警风暴的其他内容合并为一条消息`;
  if (key === 'storm/critical') return '，与同一 3 秒内的其他严重告警合并为一条消息';
  if (key === 'digest') return '，与本次定时汇总的其他内容合并为一条消息';
  return key === '' ? '' : '，与安静时段内的其他内容合并为一条消息';
};

const outboxed = (s: StepFacts) => s.destination?.channel === 'outbox';
const tells = (what: string) => (s: StepFacts) =>
  `${outboxed(s) ? '应' : ''}向${who(s)}发送${incident(s)}的${what}：${numbers(s)}${together(s)}。${leftOut(s)}`;
const waits = (why: string) => (s: StepFacts) => `${subject(s)}暂不通知${at(s, 'until', ['，等到', ''])}：${why}。`;
const silent = (why: string) => (s: StepFacts) => `未通知${who(s)}：${why}。`;

/** What comes of a failed attempt; see `FailureKind` of the channels. */
const consequences: Readonly<Record<string, string>> = {
  permanent: '已放弃发送，并已向管理员告警',
  config: '需要有人修改设置，期间会低频重试',
  in_doubt: '消息可能已送达，会原样再发一次',
};
const failed = (what: string) => (s: StepFacts) => {
  const then = consequences[textOf(s, 'outcome') ?? ''] ?? '稍后如果仍有内容需要通知，将重试';
  return `${message(s)}${attempt(s)}未能发给${who(s)}：${what}${answer(s)}；${then}。`;
};

/** The sentences in Chinese. */
export const zh: Sentences = {
  new_alert: (s) => `${source(s)}首次上报该告警触发${at(s, 'starts_at', since)}。`,
  new_reporter: (s) => `${source(s)}也上报了该告警。`,
  fired_again: (s) => `${source(s)}上报该告警再次触发${at(s, 'starts_at', since)}。`,
  repeated: (s) => `${source(s)}重复上报，内容没有变化。`,
  start_shifted: (s) => `${source(s)}上报的开始时间有变${at(s, 'starts_at', ['，改为', ''])}，仍算同一次触发。`,
  resolved: (s) =>
    s.source === null
      ? `告警已恢复（第 ${countOf(s, 'episode')} 次触发结束）：已有来源上报恢复，且不再有来源上报触发。`
      : `${source(s)}上报该告警已恢复${at(s, 'ends_at', ['，恢复时间', ''])}。`,
  repeated_resolved: (s) => `${source(s)}重复上报恢复，没有变化。`,
  late_firing: (s) => `${source(s)}上报了触发，但这条上报早于已知的恢复时间，告警仍为已恢复。`,
  late_resolved: (s) => `${source(s)}上报的恢复时间早于本次触发的开始时间，告警仍在触发。`,
  resolved_unknown: (s) => `${source(s)}上报了恢复，但此前从未上报过触发。`,
  malformed: (s) => `${source(s)}发来的内容无法识别，已隔离。`,
  found_by_poll: (s) =>
    `主动查询发现${source(s)}的 Alertmanager 中有该告警${at(s, 'since', ['（自', '起）'])}，但一直没有收到上报，已按查询结果补录。`,
  absent_in_polls: (s) =>
    `主动查询发现${source(s)}的各个 Alertmanager 中都已没有该告警${at(s, 'since', ['（自', '起）'])}，但一直没有收到恢复上报，按已恢复处理。`,
  firing: (s) => `告警处于触发状态${at(s, 'since', since)}（第 ${countOf(s, 'episode')} 次触发）。`,
  stale: () => '上报该告警的来源都已停止上报：告警状态变为“来源失联”，事件保持未关闭。',
  expired: () => '该告警长时间无来源上报，状态变为“不再上报”。',
  matched: (s) => `匹配${group(s)}，归入${incident(s)}。`,
  unrouted: (s) => `没有告警组与之匹配，归入内置组 ${s.group ?? 'unrouted'} 的${incident(s)}。`,
  pinned: (s) => `这是 Monitor Manager 自身的告警，指定发往${group(s)}，归入${incident(s)}。`,
  rerouted: (s) => `告警组被修改，该告警移出${incident(s)}；移动本身不发通知。`,
  opened: tells('首条通知'),
  changed: tells('变化通知'),
  repeat: tells('重复提醒'),
  escalated,
  resolved_all: tells('恢复通知'),
  summary: tells('汇总通知（该渠道刚刚配置好）'),
  group_wait: waits('group_wait 期间先汇集同一批告警'),
  group_interval: waits('距该事件上一条消息还不到 group_interval'),
  repeat_interval: waits('没有新变化，到 repeat_interval 时再提醒'),
  already_told: (s) => silent(`对方已经知道${at(s, 'told_at', ['（通知时间', '）'])}`)(s),
  nothing_new: silent('没有新变化'),
  resolved_before_told: silent('还没来得及通知，相关告警就已结束'),
  inhibited: (s) => silent(`要通知的内容被${inhibitionsText(s) ?? '其他告警'}抑制`)(s),
  silenced: (s) => silent(`要通知的内容正被${silencesText(s) ?? '静默'}`)(s),
  muted: (s) => `${subject(s)}暂不通知${at(s, 'until', ['，等到', ''])}：${mutedWords(s)}。`,
  for: waits('持续触发的时间还不到 for'),
  keep_firing_for: waits('告警已结束，但在 keep_firing_for 期间仍算触发'),
  flapping: waits('告警反复触发和恢复（抖动），已通知过抖动，平稳之后再通知'),
  storm: waits('告警组正处于告警风暴，非严重告警定时汇总通知'),
  quiet_hours: waits('告警组正处于安静时段，非严重告警等时段结束后汇总通知'),
  digest: waits('对方设置了定时汇总，非严重告警在汇总时间合并通知'),
  acknowledged,
  new_member: waits('加入告警组时其他人已收到通知，下次变化或提醒时再通知'),
  not_a_member: (s) => {
    const step = countOf(s, 'step');
    if (step > 0) return silent(`只有该告警组升级通知的第 ${step} 级列有对方，而该事件没有升级到这一级`)(s);
    return silent(s.detail['never'] === true ? '对方不是该告警组的成员' : '对方已不是该告警组的成员')(s);
  },
  send_resolved_off: silent('该告警组不发送恢复通知（send_resolved 已关闭）'),
  no_address: silent('对方在该渠道上没有地址'),
  nobody: (s) => `无人收到通知：${group(s)}既没有成员，也没有群。`,
  open_notification: silent('该事件的上一条消息还在发送途中'),
  undeliverable: silent('此前关于它的消息无法送达，且该接收方尚未重新启用'),
  reopened: (s) => `在 group_interval 之内再次触发，${incident(s)}重新打开。`,
  closed: (s) =>
    s.detail['moved'] === true
      ? `${incident(s)}已关闭：告警组的修改把其中的告警移到了其他事件。`
      : `${incident(s)}已关闭：其中的告警都已结束，该通知的也都已通知。`,
  silence_ends: (s) => `提醒${who(s)}：静默即将结束。`,
  silence_ended: (s) => `告知${who(s)}：静默结束后仍在触发的告警。`,
  hand_over: (s) => `${who(s)}开始值班，发送交接卡片。`,
  daily_message: (s) => `向${who(s)}发送每日报平安消息。`,
  storm_over: (s) => `告知${who(s)}：告警风暴已结束。`,
  accepted,
  merged: (s) => `${message(s)}要告诉${who(s)}的内容，已与其他消息合并成一条发送。`,
  rate_limit: (s) =>
    waits(`该接收方的发送频率已达上限${s.detail['unread'] === true ? '，届时再确定要通知的内容' : ''}`)(s),
  retry: (s) => `${message(s)}暂时未被接收，接收方为${who(s)}${answer(s)}；稍后重新判断。`,
  in_doubt: (s) => `${message(s)}${attempt(s)}已发给${who(s)}，但没有收到结果；若一直没有，将原样再发一次。`,
  late_acceptance: (s) =>
    `${message(s)}已被接收，接收方为${who(s)}${answer(s)}；此前它已由另一进程接手，可能会收到两次。`,
  told_directly: (s) =>
    `数据库不可用期间${at(s, 'away_since', ['（自', ' 起）'])}，已由最后通道直接告知${who(s)}${answer(s)}。`,
  network: failed('无法连接服务商'),
  timeout: failed('服务商没有及时响应'),
  provider_busy: failed('服务商繁忙'),
  rate_limited_by_provider: failed('服务商限制了发送频率'),
  bad_credentials: failed('服务商拒绝了我们的凭据'),
  not_allowed: failed('服务商不允许此操作'),
  bad_recipient: failed('服务商查无此接收人'),
  bad_content: failed('服务商拒绝了消息内容'),
  misconfigured: failed('该渠道配置有误'),
  provider_error: failed('服务商返回错误'),
  heartbeat_lost: (s) => `${source(s)}的心跳已长时间中断。`,
  heartbeat_resolved: (s) => `${source(s)}把心跳上报为已恢复，而心跳本应一直触发。`,
  heartbeat_recovered: (s) => `${source(s)}的心跳已恢复。`,
};

/** A step is reached, or somebody is told because one is. */
function escalated(s: StepFacts): string {
  const step = countOf(s, 'step');
  if (s.destination !== null) return tells(`升级通知（第 ${step} 级，因无人认领）`)(s);
  return `${incident(s)}在 ${textOf(s, 'after') ?? '规定时间'} 内无人认领，升级到第 ${step} 级。`;
}

function acknowledged(s: StepFacts): string {
  const by = textOf(s, 'by');
  if (by === null) return silent('事件已被认领，不再重复提醒')(s);
  if (s.detail['taken_back'] === true) return `${by} 取消认领${incident(s)}。`;
  const comment = textOf(s, 'comment');
  return `${by} 认领了${incident(s)}${comment === null ? '' : `（“${comment}”）`}：关闭之前不再重复提醒。`;
}

function accepted(s: StepFacts): string {
  if (outboxed(s)) return `${message(s)}没有发给${who(s)}，只存入了发件箱：该渠道尚未配置。`;
  return `${message(s)}${attempt(s)}已被服务商接收，发给${who(s)}${answer(s)}。`;
}
