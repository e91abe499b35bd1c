import { type Reason, reasons } from '../alert/reason.ts';

/** What can explain the due time of an incident. */
export interface DueFacts {
  closed: boolean;
  acknowledged: boolean;
  dueAt: Date | null;
  /** Null until it has told somebody of a change. */
  lastFlushAt: Date | null;
  /** It holds something that was reported and is not decided yet. */
  undecided: boolean;
  /** What its destinations waited for at the last decisions. */
  waits: readonly { reason: string; until: Date }[];
  /** When silences begin, pause or end next. */
  silencesTurnAt: readonly Date[];
  /** Until when silences hide all of it that fires; null: they do not. */
  hiddenUntil: Date | null;
  /** Others inhibit all of it that fires. */
  inhibited: boolean;
  /** When somebody else may come on call for it; null: nobody will. */
  handOverAt: Date | null;
  /** When the next escalation step is reached unless somebody acknowledges it; null: it counts to none. */
  nextStepAt: Date | null;
  /** When each of its destinations is reminded. */
  remindersAt: readonly Date[];
}

/** When an incident is decided next, and why then. */
export interface NextDue {
  at: Date | null;
  reason: Reason | null;
  text: string;
  text_zh: string;
}

type Words = Pick<NextDue, 'text' | 'text_zh'>;

const words = {
  closed: { text: 'It is closed.', text_zh: '事件已关闭。' },
  idle: {
    text: 'Nothing is due: it is looked at again when something is reported.',
    text_zh: '暂无待办：有新的上报时会再次判断。',
  },
  acknowledged: {
    text: 'It is acknowledged: no reminder is due. What is new in it is told.',
    text_zh: '事件已认领：不再重复提醒；有新变化仍会通知。',
  },
  now: { text: 'It is due now.', text_zh: '正在判断。' },
  group_wait: {
    text: 'The first message waits for group_wait, so that alerts that belong together come together.',
    text_zh: '首条消息等待 group_wait，以便同一批告警一起通知。',
  },
  group_interval: {
    text: 'Changes since the last message are told then (group_interval).',
    text_zh: '上次通知之后的变化，届时一并通知（group_interval）。',
  },
  repeat_interval: {
    text: 'A reminder is due then if it still fires (repeat_interval).',
    text_zh: '届时如果仍在触发，将发送重复提醒（repeat_interval）。',
  },
  new_member: {
    text: 'A new member is told then, or earlier with the next change.',
    text_zh: '新成员届时会收到通知；若之前有变化则提前收到。',
  },
  handOver: {
    text: 'Somebody else comes on call then, and it is looked at again.',
    text_zh: '届时值班交接，将重新判断。',
  },
  escalated: {
    text: 'If nobody has acknowledged it by then, the next are told (escalation).',
    text_zh: '届时如果仍无人认领，将升级通知下一批人（escalation）。',
  },
  silenced: {
    text: 'A silence begins, pauses or ends then, and it is looked at again.',
    text_zh: '届时有静默生效或失效，将重新判断。',
  },
  muted: {
    text: 'A mute time keeps its alert group quiet until then.',
    text_zh: '告警组正处于停止通知的时间段，届时恢复通知。',
  },
  storm: {
    text: 'A storm in its alert group: what is not critical is told together then.',
    text_zh: '告警组正处于告警风暴：届时汇总通知非严重告警。',
  },
  quiet_hours: {
    text: 'Quiet hours of its alert group end then: what is not critical is told together.',
    text_zh: '告警组的安静时段届时结束：汇总通知非严重告警。',
  },
  digest: {
    text: 'The next digest of somebody who gets what is not critical at times of day.',
    text_zh: '届时向设置了定时汇总的人员发送下一次汇总（非严重告警）。',
  },
  for: {
    text: 'It has to fire until then before anybody is told (for).',
    text_zh: '持续触发到届时才会通知（for）。',
  },
  keep_firing_for: {
    text: 'It has ended. That is told then, unless it fires again before (keep_firing_for).',
    text_zh: '告警已结束：如果届时之前没有再次触发，将通知恢复（keep_firing_for）。',
  },
  flapping: {
    text: 'It comes and goes too often. If it is calm by then, its state is told.',
    text_zh: '告警正在抖动：届时如果已经平稳，将通知它的状态。',
  },
  inhibited: {
    text: 'Other alerts inhibit it: it is looked at again when the last of them has ended.',
    text_zh: '正被其他告警抑制：这些告警全部结束后会再次判断。',
  },
  hidden: { text: 'A silence hides it until then.', text_zh: '在此之前处于静默中，不发通知。' },
  expired: {
    text: 'By then an alert that nobody has repeated may count as no longer reported.',
    text_zh: '届时如果仍没有来源重复上报，告警可能视为不再上报。',
  },
} satisfies Record<string, Words>;

/** Explains a due time by what ends at that moment. */
export function nextDue(facts: DueFacts, now: Date): NextDue {
  const { dueAt } = facts;
  if (facts.closed) return { at: null, reason: 'closed', ...words.closed };
  if (dueAt !== null && dueAt <= now) return { at: dueAt, reason: null, ...words.now };
  const reason = dueAt === null ? null : reasonOf(facts, dueAt);
  // What may be "no longer reported" says nothing to anybody, as below.
  if (facts.inhibited && (reason === null || reason === 'expired'))
    return { at: null, reason: 'inhibited', ...words.inhibited };
  if (dueAt === null || reason === null) return { at: null, reason: 'nothing_new', ...words.idle };
  if (facts.acknowledged && (reason === 'expired' || reason === 'repeat_interval')) {
    return { at: null, reason: 'acknowledged', ...words.acknowledged };
  }
  const { handOverAt } = facts;
  if (reason === 'expired' && handOverAt?.getTime() === dueAt.getTime()) {
    return { at: dueAt, reason: 'new_member', ...words.handOver };
  }
  if (reason === 'silenced' && facts.hiddenUntil?.getTime() === dueAt.getTime()) {
    return { at: dueAt, reason, ...words.hidden };
  }
  // A look at what may be "no longer reported" says nothing to anybody: what a reader waits for is the reminder, or the end
  // of the silence that keeps them from one.
  if (reason === 'expired' && facts.hiddenUntil !== null) {
    return { at: facts.hiddenUntil, reason: 'silenced', ...words.hidden };
  }
  const held = reason === 'expired' ? heldBack(facts, dueAt) : null;
  if (held !== null) return { at: held.until, reason: held.reason, ...words[held.reason] };
  const step = reason === 'expired' ? facts.nextStepAt : null;
  if (step !== null && step >= dueAt && !facts.remindersAt.some((at) => at > dueAt && at < step)) {
    return { at: step, reason: 'escalated', ...words.escalated };
  }
  const reminder = reason === 'expired' ? earliest(facts.remindersAt.filter((at) => at > dueAt)) : null;
  if (reminder !== null) return { at: reminder, reason: 'repeat_interval', ...words.repeat_interval };
  return { at: dueAt, reason, ...words[reason] };
}

const heldBackBy = ['muted', 'for', 'keep_firing_for', 'flapping', 'storm', 'quiet_hours', 'digest'] as const;
type HeldBack = (typeof heldBackBy)[number];

/** The policy of its alert group keeps it back until later than that. */
function heldBack({ waits }: DueFacts, dueAt: Date): { reason: HeldBack; until: Date } | null {
  const later = waits.filter(({ until }) => until > dueAt).sort((a, b) => a.until.getTime() - b.until.getTime());
  for (const { reason, until } of later) {
    const known = heldBackBy.find((one) => one === reason);
    if (known !== undefined) return { reason: known, until };
  }
  return null;
}

function earliest(dates: readonly Date[]): Date | null {
  return dates.length === 0 ? null : new Date(Math.min(...dates.map((date) => date.getTime())));
}

type Why = Exclude<
  keyof typeof words,
  'closed' | 'idle' | 'acknowledged' | 'now' | 'hidden' | 'inhibited' | 'handOver'
> &
  Reason;

function reasonOf(facts: DueFacts, dueAt: Date): Why {
  const isThen = (date: Date) => date.getTime() === dueAt.getTime();
  const waited = facts.waits.find((w) => isThen(w.until))?.reason;
  const known = reasons.find((r): r is Why => r === waited && r in words && r !== 'closed');
  if (known !== undefined) return known;
  if (facts.nextStepAt !== null && isThen(facts.nextStepAt)) return 'escalated';
  if (facts.silencesTurnAt.some(isThen)) return 'silenced';
  if (facts.remindersAt.some(isThen)) return 'repeat_interval';
  return facts.lastFlushAt === null && facts.undecided ? 'group_wait' : 'expired';
}
