/** What Monitor Manager's own alarms say. They are stored in English, like everything that is sent as an annotation. */
import { reasonsInChinese, siteSentences } from './site-alarms.ts';

const source = '(?:source (?<source>.+?)(?: \\(site (?<site>.+)\\))?|an unknown source)';
const time = '(?<time>\\S+ \\S+ UTC|an unknown time)';

const sentences: readonly (readonly [english: RegExp, chinese: string])[] = [
  [/^A post of source (?<source>.+?) was refused: (?<why>.+)$/, '来源 {source} 的上报被拒绝：{why}'],
  [
    /^What was refused is not sent again at once: its alerts are missing here until one of its next posts is accepted\.$/,
    '被拒绝的内容不会立即重发：在它之后的上报被接受之前，这里缺少相应的告警。',
  ],
  [
    /^Source (?<source>.+?) posts alerts that cannot be understood: (?<why>.+)$/,
    '来源 {source} 上报了无法识别的告警：{why}',
  ],
  [
    /^They are kept under \/api\/v1\/quarantine; nobody is told of them\.$/,
    '这些告警已隔离，可在来源页面或 /api/v1/quarantine 查看；不会通知任何人。',
  ],
  [/^Alertmanager (?<source>.+) leaves alerts out of its posts$/, 'Alertmanager {source} 的上报中缺少部分告警'],
  [
    /^(?<n>\d+) alerts were cut by max_alerts\. Set max_alerts: 0 in its webhook_configs\.$/,
    '有 {n} 条告警被 max_alerts 截去。请在它的 webhook_configs 中设置 max_alerts: 0。',
  ],
  [/^Messages by (?<channel>\S+) wait for more than 5 minutes$/, '渠道 {channel} 的消息积压已超过 5 分钟'],
  [
    /^(?<n>\d+) messages are due and have not been sent\. See the failed attempts under \/api\/v1\/notifications\.$/,
    '有 {n} 条消息到期未发送。失败原因请看发送记录。',
  ],
  [
    /^Messages by (?<channel>\S+) wait for more than 5 minutes for the limit (?<limit>\S+)$/,
    '渠道 {channel} 的消息因频率上限（{limit}）等待已超过 5 分钟',
  ],
  [
    /^Messages to (?<to>.+) by (?<channel>\S+) wait for more than 5 minutes for the limit (?<limit>\S+)$/,
    '发往 {to}（{channel}）的消息因频率上限（{limit}）等待已超过 5 分钟',
  ],
  [
    /^(?<n>\d+) messages wait; what is new joins them\. Raise the limit in the settings if the provider allows it, or tell less\.$/,
    '有 {n} 条消息在等待，新内容会合并发送。如果服务商允许，请在设置中调高上限；否则请减少通知。',
  ],
  [
    /^Sources (?<a>.+) and (?<b>.+) report equal label sets from different sites$/,
    '来源 {a} 和 {b} 站点不同，却上报了完全相同的标签',
  ],
  [
    /^Give each source labels of its own/,
    '请为每个来源设置各自的标签（例如 site），或在 Prometheus 中设置 external_labels，否则一方的告警会掩盖另一方的同名告警。',
  ],
  [
    /^Alertmanager (?<member>.+) of source (?<source>.+?) does not answer: (?<why>.+)$/,
    '来源 {source} 的 Alertmanager {member} 查询无应答：{why}',
  ],
  [
    /^The Prometheus of source (?<source>.+?) does not answer: (?<why>.+)$/,
    '来源 {source} 的 Prometheus 查询无应答：{why}',
  ],
  [
    /^It is away, or the road from here to it is\. Until it answers, nothing that it does not post is found\.$/,
    '它可能已停止运行，或从这里到它的网络不通。恢复应答之前，无法发现它漏报的内容。',
  ],
  [/^Some incidents cannot be decided$/, '部分事件无法处理'],
  [/^The database of Monitor Manager \(site (?<site>.+)\) is away$/, 'Monitor Manager（站点 {site}）的数据库不可用'],
  [/^The database of Monitor Manager \(site (?<site>.+)\) is back$/, 'Monitor Manager（站点 {site}）的数据库已恢复'],
  [
    /^No write has succeeded: .+\. Until it is back, reports are answered 503/,
    '无法写入数据库。恢复之前，所有上报都以 503 应答，不会通知任何告警；只有心跳失联告警仍由本实例凭内存直接发给紧急联系人。',
  ],
  [
    /^The log of the service names them and says why\. They are tried again every few minutes\.$/,
    '具体事件及原因请看服务日志。系统每隔几分钟会自动重试。',
  ],
  [
    /^Messages to (?<to>.+) by (?<channel>\S+) fail and are tried again$/,
    '发往 {to}（{channel}）的消息发送失败，正在重试',
  ],
  [
    /^Messages to (?<to>.+) by (?<channel>\S+) cannot be delivered and are given up$/,
    '发往 {to}（{channel}）的消息无法送达，已放弃',
  ],
  [/^Source (?<source>.+) posts nothing any more$/, '来源 {source} 已停止上报'],
  [
    /^Its last post came at (?<time>\S+)\. What it reported neither fires nor resolves until it is back\.$/,
    '最近一次上报：{time}。恢复上报之前，它的告警状态保持不变。',
  ],
  [
    /^Its last post came at (?<time>\S+)\. What it reported counts as no longer reported from the end that it named\.$/,
    '最近一次上报：{time}。它的告警到达所给的结束时间后，即视为不再上报。',
  ],
  [/^It is over, or what it was about is no longer configured$/, '问题已结束，或相关配置已删除'],
  [new RegExp(`^Heartbeat (?<beat>.+) from ${source} is lost$`), '{from}的心跳 {beat} 已失联'],
  [
    new RegExp(`^Heartbeat (?<beat>.+) from ${source} is lost: reported as resolved$`),
    '{from}的心跳 {beat} 已失联：被上报为已恢复',
  ],
  [new RegExp(`^Heartbeat (?<beat>.+) from ${source} is back$`), '{from}的心跳 {beat} 已恢复'],
  [new RegExp(`^Heartbeat (?<beat>.+) from ${source} is no longer watched$`), '不再监视{from}的心跳 {beat}'],
  [new RegExp(`^It was missing since ${time} and beats again\\.$`), '自 {time} 起中断，现已恢复。'],
  [
    /^It was still missing when it was deleted or changed in Monitor Manager\.$/,
    '在 Monitor Manager 中被删除或修改时，它仍未恢复。',
  ],
  [
    new RegExp(`^Nobody sees anything of ${source}: heartbeat (?<beat>.+) is lost$`),
    '{from}整体无应答，心跳 {beat} 已失联',
  ],
  [
    new RegExp(
      `^The road from ${source} to here is broken: heartbeat (?<beat>.+) is lost, and still seen by (?<names>.+)$`,
    ),
    '{from}到本站点的链路中断：心跳 {beat} 已失联，{names} 仍能看到它',
  ],
  [
    new RegExp(`^Prometheus of ${source} is gone: heartbeat (?<beat>.+) is lost$`),
    '{from}的 Prometheus 异常，心跳 {beat} 已失联',
  ],
  [
    new RegExp(`^Alertmanager (?<names>.+?) of ${source}, or its road, is gone: heartbeat (?<beat>.+) is lost$`),
    '{from}的 Alertmanager {names} 或其链路异常，心跳 {beat} 已失联',
  ],
  [
    new RegExp(`^No beat has come for (?<span>\\S+); the last one came at ${time}\\. (?<advice>.+)$`),
    '已有 {span} 没有心跳，最近一次：{time}。{meaning}',
  ],
  [
    new RegExp(`^Alertmanager reports it as resolved.*; the last one came at ${time}\\. (?<advice>.+)$`),
    'Alertmanager 把它上报为已恢复，而它本应一直触发：Prometheus 已不再发送它，最近一次：{time}。{meaning}',
  ],
];

/** What a lost heartbeat means and what to look at, by how the English begins. */
const meanings: readonly (readonly [begin: string, chinese: string])[] = [
  [
    'While it is missing',
    '中断期间，那一部分无人监视，其告警都无法送达。请依次检查：Prometheus 是否运行、是否在计算规则；其 Alertmanager 是否运行、Prometheus 能否连上它；该 Alertmanager 能否连上 Monitor Manager（网络、代理、令牌）。',
  ],
  [
    'Nothing that could see it',
    '能看到它的各方都没有应答，因此那里的告警无法送达。请先检查该站点的供电和网络，再检查 Prometheus 和 Alertmanager。',
  ],
  [
    'It is watched',
    '它仍有人监视，但那里的上报无法到达这里。请在其 Alertmanager 上检查：能否连上 Monitor Manager（网络、代理、令牌），路由是否把该心跳发到这里。',
  ],
  [
    'Its Alertmanagers get nothing',
    '其 Alertmanager 收不到它，因此该 Prometheus 的告警都无法送达。请检查该 Prometheus 是否运行、是否在计算规则、能否连上其 Alertmanager。',
  ],
  [
    'Prometheus runs',
    'Prometheus 仍在运行，但其告警无法继续传递，因此无法送达。请检查该 Alertmanager 是否运行，以及到它的链路。',
  ],
];

/** An own alarm's sentence in Chinese; any other text as it is. */
export function ownAlarm(english: string): string {
  for (const [form, chinese] of [...sentences, ...siteSentences]) {
    const found = form.exec(english);
    if (found !== null) return filled(chinese, found.groups ?? {});
  }
  return english;
}

function filled(chinese: string, parts: Readonly<Record<string, string | undefined>>): string {
  const { source: name, site, advice = '', reasons = '' } = parts;
  const meaning = meanings.find(([begin]) => advice.startsWith(begin))?.[1] ?? '';
  const from = name === undefined ? '未知来源' : `来源 ${name}${site === undefined ? ' ' : `（站点 ${site}）`}`;
  const known: Readonly<Record<string, string | undefined>> = {
    ...parts,
    from,
    meaning,
    reasons: reasonsInChinese(reasons),
  };
  return chinese.replace(/\{(\w+)\}/g, (_, key: string) => (known[key] ?? '').replace('an unknown time', '时间不详'));
}
