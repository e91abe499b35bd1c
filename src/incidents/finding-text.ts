/** The sentences of findings, in English and in Chinese. */
import type { FindingFacts, Miss } from './finding-facts.ts';

/** One sentence for every finding: a new one without its sentence does not compile. */
export type FindingWords = { readonly [K in keyof FindingFacts]: (facts: FindingFacts[K]) => string };

/** The page shows such times in the zone of the reader. */
const time = (at: Date) => `${at.toISOString().slice(0, 19).replace('T', ' ')} UTC`;
/** A label may be as long as a page. */
const brief = (text: string) => (text.length > 200 ? `${text.slice(0, 199)}…` : text);
const nameOf = ({ labels, fingerprint }: { labels: Readonly<Record<string, string>>; fingerprint: string }) =>
  brief(labels['alertname'] || fingerprint);
/** More of them nobody reads in one sentence. */
const missesAtMost = 5;

const enMisses = (misses: readonly Miss[]) =>
  misses
    .slice(0, missesAtMost)
    .map(
      ({ matcher, has }) => `${brief(matcher)} (${has === null ? 'there is no such label' : `it is "${brief(has)}"`})`,
    )
    .join(' and ');
const enSpan = ({ from, to }: { from: Date; to: Date | null }) =>
  `from ${time(from)} ${to === null ? 'on' : `until ${time(to)}`}`;
const enSaid = (said: FindingFacts['source']['said']) =>
  said === null
    ? ''
    : `; its last news was at ${time(said.at)}: ${said.alertname === null ? 'an alert' : brief(said.alertname)} ${said.ended ? 'ended' : 'fires'}`;

const enMember = ({ group, step }: { group: string; step: number | null }) =>
  step === null ? `Member of alert group ${group}` : `Told by escalation step ${step} of alert group ${group}`;

/** In English. */
export const en: FindingWords = {
  member: (f) => `${enMember(f)}: version ${f.version} named them ${enSpan(f)}.`,
  on_call: (f) =>
    `${enMember(f)} (version ${f.version}): on call by ${
      f.layer === null ? 'an override' : `layer ${f.layer + 1}`
    } of schedule ${f.schedule} (version ${f.scheduleVersion}) ${enSpan(f)}.`,
  no_member: () => 'Not a member of any alert group at that time.',
  fired: (f) => `${nameOf(f)} did fire ${enSpan(f)}; its steps say who was told.`,
  did_not_fire: (f) =>
    `${nameOf(f)} is known, but did not fire at that time${f.firing === null ? '' : `; it did so ${enSpan(f.firing)}`}.`,
  arrived_later: (f) => `${nameOf(f)} was reported for the first time at ${time(f.at)}, which is after that time.`,
  never_arrived: ({ filter, lookedAt }) =>
    lookedAt === null
      ? `It never arrived: no alert that is kept matches ${brief(filter)}.`
      : `It did not arrive, as far as was looked: none of the ${lookedAt} alerts that come nearest matches ${brief(filter)}.`,
  source: (f) => {
    if (f.posted === 'never')
      return `Source ${f.name} had never posted by then${f.next === null ? '' : `; it first did at ${time(f.next)}`}.`;
    if (f.posted === 'unknown') return `Nobody noted then when source ${f.name} posted.`;
    if (f.posted === 'going_on') return `Source ${f.name} had posted within the minute before${enSaid(f.said)}.`;
    const after = f.next === null ? 'and has not since' : `and next at ${time(f.next)}`;
    return `Source ${f.name} had last posted at ${f.at === null ? 'an unknown time' : time(f.at)}, ${after}${enSaid(f.said)}.`;
  },
  near_alert: (f) => `${nameOf(f)} (${f.state}) comes near, but not for ${enMisses(f.misses)}.`,
  matched_group: (f) => `Alert group ${f.group} (version ${f.version}) matches these labels.`,
  missed_group: (f) => `Alert group ${f.group} (version ${f.version}) does not match for ${enMisses(f.misses)}.`,
  no_group: () => 'No alert group matches these labels: they go to the built-in group unrouted.',
};

const zhStates: Readonly<Record<string, string>> = {
  firing: '告警中',
  resolved: '已恢复',
  stale: '来源失联',
  expired: '不再上报',
};
const zhMisses = (misses: readonly Miss[]) =>
  misses
    .slice(0, missesAtMost)
    .map(({ matcher, has }) => `${brief(matcher)}（${has === null ? '没有这个标签' : `实际为“${brief(has)}”`}）`)
    .join('、');
const zhSpan = ({ from, to }: { from: Date; to: Date | null }) =>
  `自 ${time(from)} 起${to === null ? '' : `，至 ${time(to)}`}`;
const zhSaid = (said: FindingFacts['source']['said']) =>
  said === null
    ? ''
    : `；最近一次有新内容的上报在 ${time(said.at)}：${said.alertname === null ? '某条告警' : brief(said.alertname)} ${said.ended ? '恢复' : '触发'}`;

const zhMember = ({ step }: { step: number | null }) => (step === null ? '的成员' : `升级通知第 ${step} 级的成员`);

/** In Chinese. */
export const zh: FindingWords = {
  member: (f) => `告警组 ${f.group} ${zhMember(f)}：第 ${f.version} 版中列有此成员，${zhSpan(f)}。`,
  on_call: (f) =>
    `告警组 ${f.group}（第 ${f.version} 版）${zhMember(f)}：按值班表 ${f.schedule}（第 ${f.scheduleVersion} 版）的${
      f.layer === null ? '临时替班' : `第 ${f.layer + 1} 层`
    }值班，${zhSpan(f)}。`,
  no_member: () => '当时不是任何告警组的成员。',
  fired: (f) => `${nameOf(f)} 当时确实触发，${zhSpan(f)}；是否通知见它的各个步骤。`,
  did_not_fire: (f) =>
    `${nameOf(f)} 是已知告警，但当时没有触发${f.firing === null ? '' : `；它的触发时间：${zhSpan(f.firing)}`}。`,
  arrived_later: (f) => `${nameOf(f)} 首次上报于 ${time(f.at)}，晚于所问的时间。`,
  never_arrived: ({ filter, lookedAt }) =>
    lookedAt === null
      ? `从未收到：现存告警中没有与 ${brief(filter)} 匹配的。`
      : `在查找范围内没有收到：最接近的 ${lookedAt} 条告警中，没有与 ${brief(filter)} 匹配的。`,
  source: (f) => {
    if (f.posted === 'never')
      return `来源 ${f.name} 此前从未上报${f.next === null ? '' : `，首次上报于 ${time(f.next)}`}。`;
    if (f.posted === 'unknown') return `当时没有记录来源 ${f.name} 的上报时间。`;
    if (f.posted === 'going_on') return `来源 ${f.name} 在此前一分钟内有上报${zhSaid(f.said)}。`;
    const after = f.next === null ? '此后再未上报' : `下一次在 ${time(f.next)}`;
    return `来源 ${f.name} 最近一次上报在 ${f.at === null ? '未知时间' : time(f.at)}，${after}${zhSaid(f.said)}。`;
  },
  near_alert: (f) => `${nameOf(f)}（${zhStates[f.state] ?? f.state}）比较接近，但不满足 ${zhMisses(f.misses)}。`,
  matched_group: (f) => `告警组 ${f.group}（第 ${f.version} 版）与这些标签匹配。`,
  missed_group: (f) => `告警组 ${f.group}（第 ${f.version} 版）不匹配：不满足 ${zhMisses(f.misses)}。`,
  no_group: () => '没有告警组与这些标签匹配，会进入内置组 unrouted。',
};
