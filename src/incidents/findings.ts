/** What *explain* finds beside the steps that were stored: memberships, what arrived and what did not, and near misses. */
import { z } from 'zod';
import type { Labels } from '../alert/labels.ts';
import type { Stretch } from '../alert/past.ts';
import { formatMatcher } from '../matcher/format.ts';
import type { Matcher } from '../matcher/matcher.ts';
import { labels, time } from './fields.ts';
import type { FindingFacts, Miss, OfAlert, OfGroup } from './finding-facts.ts';
import { en, type FindingWords, zh } from './finding-text.ts';

/** What is found, named. */
export type Finding = { [K in keyof FindingFacts]: { finding: K } & FindingFacts[K] }[keyof FindingFacts];

const kinds = [
  ...(['member', 'on_call', 'no_member', 'fired', 'did_not_fire', 'arrived_later', 'never_arrived'] as const),
  ...(['source', 'near_alert', 'matched_group', 'missed_group', 'no_group'] as const),
] as const satisfies readonly Finding['finding'][];

/** A finding as it is answered. */
export const findingItem = z.object({
  finding: z.enum(kinds),
  from: time.nullable().describe('Since when, or when it happened'),
  to: time.nullable().describe('Until when; null: it goes on'),
  group: z.string().nullable(),
  group_version: z.int().nullable(),
  source: z.string().nullable(),
  fingerprint: z.string().nullable(),
  labels: labels.nullable(),
  text: z.string().describe('One English sentence'),
  text_zh: z.string().describe('The same in Chinese'),
});
export type FindingItem = z.infer<typeof findingItem>;

/** Words a finding. */
export function findingItemOf(finding: Finding): FindingItem {
  const has = finding as Partial<OfGroup & OfAlert & Stretch & { at: Date | null; name: string }>;
  const iso = (date: Date | null | undefined) => date?.toISOString() ?? null;
  return {
    finding: finding.finding,
    from: iso(has.from ?? has.at),
    to: iso(has.to),
    group: has.group ?? null,
    group_version: has.version ?? null,
    source: finding.finding === 'source' ? finding.name : null,
    fingerprint: has.fingerprint ?? null,
    labels: has.labels ?? null,
    text: worded(en, finding),
    text_zh: worded(zh, finding),
  };
}

function worded(words: FindingWords, finding: Finding): string {
  return (words[finding.finding] as (facts: Finding) => string)(finding);
}

/** Why these matchers do not fit a label set. */
export function missesIn(misses: readonly Matcher[], labels: Labels): Miss[] {
  return misses.map((matcher) => ({
    matcher: formatMatcher(matcher),
    has: Object.hasOwn(labels, matcher.name) ? (labels[matcher.name] ?? null) : null,
  }));
}
