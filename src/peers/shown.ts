/** What is said of peers: by the API, and by the daily message. Pure. */
import type { z } from 'zod';
import type { DailyLine } from '../alert/notice.ts';
import { isUnread, noEvidence, type PeerRow } from './rows.ts';
import type { PeerState, Verdict } from './status.ts';
import type { peerViewSchema } from './view.ts';

export type PeerViewBody = z.infer<typeof peerViewSchema>;

/** @param ownHash of our own configuration; null: not known */
export function viewOf(row: PeerRow | undefined, ownHash: string | null): PeerViewBody {
  const theirs = row === undefined || isUnread(row) ? null : (row.status?.config_hash ?? null);
  return {
    state: row?.state ?? 'unknown',
    verdict: row?.verdict ?? null,
    since: row?.since?.toISOString() ?? null,
    told: row?.told ?? [],
    evidence: row?.evidence ?? noEvidence,
    status: row?.status ?? null,
    config_match: theirs === null || ownHash === null ? null : theirs === ownHash,
    clock_offset_ms: row?.clockOffsetMs ?? null,
  };
}

const states: Readonly<Record<PeerState, DailyLine['words']>> = {
  unknown: { en: 'has not answered yet', 'zh-CN': '尚未应答' },
  up: { en: 'answers', 'zh-CN': '正常' },
  suspect: { en: 'does not answer reliably', 'zh-CN': '应答不稳定' },
  down: { en: 'is down', 'zh-CN': '已失联' },
  leaving: { en: 'is restarting, as announced', 'zh-CN': '正在按计划重启' },
};
const verdictWords: Partial<Record<Verdict, DailyLine['words']>> = {
  road: { en: 'cannot be reached from here, but from other sites', 'zh-CN': '本站无法到达，其他站点可以到达' },
  cut_off: { en: 'cannot be reached: this site is cut off', 'zh-CN': '无法到达：本站已与外部断开' },
};
const unread = { en: 'answers, but is not understood here', 'zh-CN': '有应答，但本站无法识别其内容' };
const notReady = { en: 'answers, but cannot do its work', 'zh-CN': '有应答，但无法正常工作' };

/** How one other site fares, in a line. */
export function dailyLine(row: PeerRow): DailyLine {
  const { name, state, verdict, status } = row;
  const answers = state === 'up' || state === 'suspect';
  const limping = answers && status !== null && !status.ready ? notReady : null;
  const odd = isUnread(row) ? unread : limping;
  const words = (verdict === null ? undefined : verdictWords[verdict]) ?? odd ?? states[state];
  return {
    well: (state === 'up' || state === 'leaving') && odd === null,
    words: { en: `${name} ${words.en}`, 'zh-CN': `${name} ${words['zh-CN']}` },
  };
}
