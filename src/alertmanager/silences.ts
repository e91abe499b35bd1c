/** Silences in the words of Alertmanager's API v2. Pure. */

import type { z } from 'zod';
import { HttpProblem } from '../http/problem.ts';
import { matchesAll } from '../matcher/compile.ts';
import { toApiMatcher } from '../matcher/format.ts';
import type { Matcher } from '../matcher/matcher.ts';
import { parseMatcher } from '../matcher/parse.ts';
import type { GettableSilence, postableSilence } from './fields.ts';

/** A silence as our own API answers it. */
export interface ShownSilence {
  id: number | string;
  name?: string | undefined;
  /** Of several sets, or of the only one. */
  matchers: readonly string[] | readonly (readonly string[])[];
  starts_at: string;
  ends_at: string;
  time_intervals: readonly string[];
  notify: readonly string[] | null;
  remind: string;
  created_by: string;
  comment: string;
  state: 'pending' | 'active' | 'expired';
  active_now: boolean;
  updated_at: string;
}

/**
 * One silence for each set of matchers: Alertmanager's have one. The first has the id of ours, others `ID.2`, `ID.3`; to end
 * any of them ends ours. One that recurs and pauses just now is pending.
 */
export function toApiSilences(silence: ShownSilence): GettableSilence[] {
  const state = silence.state === 'active' && !silence.active_now ? 'pending' : silence.state;
  return setsOf(silence).map((set, n) => ({
    id: n === 0 ? String(silence.id) : `${silence.id}.${n + 1}`,
    status: { state },
    updatedAt: silence.updated_at,
    matchers: set.map((text) => toApiMatcher(parseMatcher(text).matcher)),
    startsAt: silence.starts_at,
    endsAt: silence.ends_at,
    createdBy: silence.created_by,
    comment: silence.comment,
  }));
}

function setsOf({ matchers }: ShownSilence): (readonly string[])[] {
  return matchers.every((one) => typeof one === 'string') ? [matchers as readonly string[]] : [...matchers];
}

/** The id of our silence that an id of the API stands for. */
export function ownId(id: string): string {
  return id.replace(/\.\d+$/, '');
}

/** Our silence for one that was sent; a new one does not begin in the past. */
export function fromApiSilence(sent: z.infer<typeof postableSilence>, now: Date): Record<string, unknown> {
  if (new Date(sent.endsAt) <= now) throw new HttpProblem(400, "end time can't be in the past");
  const begins = !sent.id && new Date(sent.startsAt) < now ? now.toISOString() : sent.startsAt;
  return {
    matchers: sent.matchers,
    starts_at: begins,
    ends_at: sent.endsAt,
    created_by: lineOf(sent.createdBy) || undefined,
    // Alertmanager takes any text, and none; ours is a line.
    comment: lineOf(sent.comment) || 'no comment',
  };
}

function lineOf(text: string): string {
  return [...text.replace(/\s+/g, ' ').trim()].slice(0, 500).join('').trim();
}

/**
 * What the API cannot say of a silence must not be lost by changing it there.
 * @throws HttpProblem 400
 */
export function keepWhatIsUnsaid(body: Record<string, unknown>, before: ShownSilence): Record<string, unknown> {
  const several = setsOf(before).length > 1;
  if (several || before.time_intervals.length > 0) {
    const what = several ? 'has several sets of matchers' : 'recurs by time intervals';
    throw new HttpProblem(400, `silence ${before.id} ${what}: change it in Monitor Manager`);
  }
  const { name, notify, remind } = before;
  return { ...body, notify, remind, ...(name === undefined ? {} : { name }) };
}

/** As Alertmanager filters: by the patterns of its matchers, as if they were labels. */
export function silenceFits({ matchers }: GettableSilence, filters: readonly Matcher[]): boolean {
  return matchesAll(filters, Object.fromEntries(matchers.map(({ name, value }) => [name, value])));
}

const order = ['active', 'pending', 'expired'];

/** As Alertmanager sorts: active ones by their end, pending ones by their start, expired ones the last first. */
export function bySilenceState(a: GettableSilence, b: GettableSilence): number {
  const [left, right] = [a, b].map(({ status }) => order.indexOf(status.state));
  if (left !== right) return (left ?? 0) - (right ?? 0);
  if (a.status.state === 'pending') return Date.parse(a.startsAt) - Date.parse(b.startsAt);
  const ends = Date.parse(a.endsAt) - Date.parse(b.endsAt);
  return a.status.state === 'expired' ? -ends : ends;
}
