/** What the form of a silence holds, and the body that it makes. */
import { joinedSets, type SilenceDraft, setsOf } from '../../client/silences.ts';
import type { Silence } from '../../client/types.ts';
import { durationMs } from '../../parts/duration.ts';
import { fromLocal, toLocal } from '../../parts/local-time.ts';
import { readMatcher } from '../../parts/matcher.ts';
import { type MatcherRow, textsOf } from '../../parts/matcher-rows.tsx';

/** One list of matchers. */
export interface MatcherSet {
  key: number;
  rows: MatcherRow[];
}

/** How its end is said: one of these durations, another one, or a time. */
export const spans = ['1h', '4h', '24h', '7d', 'other', 'until'] as const;
export type Span = (typeof spans)[number];

export interface SilenceFields {
  sets: MatcherSet[];
  later: boolean;
  starts: string;
  span: Span;
  duration: string;
  ends: string;
  comment: string;
  /** Names of time intervals. */
  intervals: string[];
  /** Names of contacts; none: whoever made it. */
  notify: string[];
  remind: string;
}

const usualRemind = '15m';

const emptyRow: MatcherRow = { key: 0, name: '', op: '=', value: '' };

/** Matchers as rows; what is none yet stays as the name of a label, for whoever looks at it. */
export function setOf(matchers: readonly string[], key: number): MatcherSet {
  const rows = matchers.map((text, at) => ({ key: at, ...(readMatcher(text) ?? { ...emptyRow, name: text }) }));
  return { key, rows: rows.length === 0 ? [emptyRow] : rows };
}

/** A new one, for these matchers; or again as one that was. */
export function newFields(sets: readonly string[][], like: Silence | undefined, now: number): SilenceFields {
  return {
    sets: (sets.length === 0 ? [[]] : sets).map(setOf),
    ...{ later: false, starts: toLocal(now), span: '1h', duration: '', ends: toLocal(now + 3_600_000) },
    comment: like?.comment ?? '',
    intervals: like?.time_intervals ?? [],
    notify: like?.notify ?? [],
    remind: like?.remind ?? usualRemind,
  };
}

export function fieldsOf(silence: Silence): SilenceFields {
  return {
    sets: setsOf(silence).map(setOf),
    ...{ later: true, starts: toLocal(silence.starts_at), span: 'until', duration: '', ends: toLocal(silence.ends_at) },
    comment: silence.comment,
    intervals: silence.time_intervals,
    notify: silence.notify ?? [],
    remind: silence.remind,
  };
}

/** Lists that have matchers, as texts. */
export function setTexts({ sets }: Pick<SilenceFields, 'sets'>): string[][] {
  return sets.map(({ rows }) => textsOf(rows)).filter((set) => set.length > 0);
}

/** When it would begin. */
export function startOf({ later, starts }: SilenceFields, now: number): number {
  return later ? (fromLocal(starts) ?? now) : now;
}

/** When it would end; null: nobody knows yet. */
export function endOf(fields: SilenceFields, now: number): number | null {
  if (fields.span === 'until') return fromLocal(fields.ends);
  const ms = durationMs(fields.span === 'other' ? fields.duration.trim() : fields.span);
  return ms === null || ms === 0 ? null : Math.max(now, startOf(fields, now)) + ms;
}

/** An input knows no seconds: a time that nobody touched stays as it was. */
function timeOf(typed: string, stored: string | undefined): string | undefined {
  if (stored !== undefined && typed === toLocal(stored)) return stored;
  const at = fromLocal(typed);
  return at === null ? undefined : new Date(at).toISOString();
}

/** @param stored the silence that it replaces */
export function draftOf(fields: SilenceFields, stored: Silence | null, now: number): SilenceDraft {
  const starts = fields.later ? timeOf(fields.starts, stored?.starts_at) : undefined;
  const until = fields.span === 'until' ? timeOf(fields.ends, stored?.ends_at) : undefined;
  const duration = fields.span === 'other' ? fields.duration.trim() : fields.span;
  const end = stored === null ? null : endOf(fields, now);
  return {
    ...(stored?.name === undefined ? {} : { name: stored.name }),
    ...(stored === null ? {} : { created_by: stored.created_by }),
    matchers: joinedSets(setTexts(fields)),
    ...(starts === undefined ? {} : { starts_at: starts }),
    // One that is under way counts from now; the service would count from its start.
    ...(fields.span === 'until' ? { ends_at: until } : end === null ? { duration } : { ends_at: iso(end) }),
    comment: fields.comment.trim(),
    time_intervals: fields.intervals,
    // Without a name the service asks for whoever made it; that nobody be told, only a file can say.
    notify: fields.notify.length > 0 || stored?.notify?.length === 0 ? fields.notify : null,
    remind: fields.remind.trim(),
  };
}

const iso = (at: number) => new Date(at).toISOString();
