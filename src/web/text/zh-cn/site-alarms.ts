/** What alarms about other sites say; see own-alarms.ts. */
const last = '\\(last answer (?<last>.+?); now: (?<now>.+)\\)';
const whileDown = '其间只有它收到的告警无法送达。请依次检查：主机、网络、进程（日志与 /-/ready）。';
const clocks = '其中一方的时间有误，消息中的时间和定时安排会受影响。请检查两边的时间同步（NTP）。';

/** Why a site cannot do its work, by what it says in English. */
const reasons: Readonly<Record<string, string>> = {
  'its database takes no write': '数据库无法写入',
  'its periodic work has stopped': '定时任务已停止',
  'messages wait there that nobody sends': '有消息积压未发送',
  'none of its channels reaches anybody': '所有渠道都无法送达',
  'its look for trouble of its own has stopped': '自检已停止',
  'it is stopping': '正在停止',
  'it cannot read its own state in time': '无法及时读取自身状态',
};

/** Such reasons, one after the other. */
export function reasonsInChinese(english: string): string {
  return english
    .split('; ')
    .map((reason) => reasons[reason] ?? reason)
    .join('；');
}

export const siteSentences: readonly (readonly [english: RegExp, chinese: string])[] = [
  [/^Site (?<a>.+) is down$/, '站点 {a} 已失联'],
  [/^Site (?<a>.+) does not answer: it is down, or the road to it$/, '站点 {a} 无应答：站点本身或通往它的网络已中断'],
  [/^Site (?<a>.+) has not returned from an announced restart$/, '站点 {a} 按计划重启后未恢复'],
  [/^Site (?<a>.+) answers, but cannot do its work$/, '站点 {a} 有应答，但无法正常工作'],
  [/^Site (?<a>.+) is cut off from the other sites$/, '站点 {a} 与其他站点断开'],
  [/^The road between the sites (?<a>.+) and (?<b>.+) is broken$/, '站点 {a} 与 {b} 之间的网络中断'],
  [/^The clocks of the sites (?<a>.+) and (?<b>.+) differ by (?<span>.+)$/, '站点 {a} 与 {b} 的时钟相差 {span}'],
  [/^Site (?<a>.+) answers again$/, '站点 {a} 已恢复应答'],
  [/^Site (?<a>.+) can do its work again$/, '站点 {a} 已恢复正常工作'],
  [/^Site (?<a>.+) reaches the other sites again$/, '站点 {a} 已重新连上其他站点'],
  [/^The road between the sites (?<a>.+) and (?<b>.+) works again$/, '站点 {a} 与 {b} 之间的网络已恢复'],
  [/^The clocks of the sites (?<a>.+) and (?<b>.+) agree again$/, '站点 {a} 与 {b} 的时钟已一致'],
  [/^How site (?<a>.+) fares is not known any more$/, '已无法得知站点 {a} 的状况'],
  [/^Site (?<a>.+) is no longer watched$/, '不再监视站点 {a}'],
  [
    new RegExp(`^(?<a>.+) does not answer (?<b>.+) ${last}, but it answers (?<c>.+)\\. It is alive`),
    '{a} 不应答 {b}（最近一次应答：{last}；现在：{now}），但应答 {c}。它在运行，请检查这两个站点之间的网络。',
  ],
  [
    new RegExp(`^(?<a>.+) does not answer (?<b>.+) ${last}\\. There is no other site`),
    `{a} 不应答 {b}（最近一次应答：{last}；现在：{now}），没有其他站点可以询问。${whileDown}`,
  ],
  [
    new RegExp(`^(?<a>.+) answers neither (?<b>.+) ${last} nor (?<c>.+?)\\. While it is down`),
    `{a} 既不应答 {b}（最近一次应答：{last}；现在：{now}），也不应答 {c}。${whileDown}`,
  ],
  [
    /^It said at (?<when>.+) that it stops, and has not answered (?<b>.+) since\. While it is down/,
    `它在 {when} 通知将停止，此后一直没有应答 {b}。${whileDown}`,
  ],
  [
    /^It says why: (?<reasons>.+)\. Alerts that only it gets may reach nobody\./,
    '原因（它的自述）：{reasons}。只有它收到的告警可能无法送达。请看它的 /-/ready 与日志。',
  ],
  [
    /^Why is not known here\. Alerts that only it gets may reach nobody\./,
    '原因不明，请看它的 /-/ready 与日志。只有它收到的告警可能无法送达。',
  ],
  [/^The clock of (?<a>.+) is ahead of that of (?<b>.+?)\. Times in messages/, `{a} 的时钟比 {b} 快。${clocks}`],
  [/^The clock of (?<a>.+) is behind that of (?<b>.+?)\. Times in messages/, `{a} 的时钟比 {b} 慢。${clocks}`],
  [
    /^(?<a>.+) gets no answer from (?<b>.+?)\. .+ Nobody there is accused\./,
    '{a} 收不到 {b} 的应答，更可能是 {a} 自身的网络问题，因此不视为对方失联。请检查 {a} 的网络；恢复之前，这里的消息可能延迟。',
  ],
];
