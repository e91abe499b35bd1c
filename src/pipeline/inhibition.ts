/** What inhibition rules make of one alert. Pure. */
import { hash } from 'node:crypto';
import type { Lane } from '../alert/alert.ts';
import type { InhibitionRule } from '../alert/config.ts';
import type { Labels } from '../alert/labels.ts';
import { matchesAll } from '../matcher/compile.ts';

/** Where an alert stands in a rule: alerts with the same place are equal in what the rule compares. */
export interface Place {
  rule: InhibitionRule;
  equalKey: string;
  /**
   * It matches both sides. As in Alertmanager, such alerts do not inhibit each other: else two of them, or one alone, would
   * hide themselves.
   */
  bothSides: boolean;
}

type Subject = Readonly<{ labels: Labels; lane: Lane }>;

/** The rules by which an alert inhibits others while it fires. */
export function inhibitsBy(rules: readonly InhibitionRule[], { labels }: Subject): Place[] {
  return placesOf(rules, labels, 'source');
}

/** The rules by which others inhibit an alert. A watchdog alarm passes every gate (rule 11): nothing inhibits it. */
export function inhibitableBy(rules: readonly InhibitionRule[], { labels, lane }: Subject): Place[] {
  return lane === 'watchdog' ? [] : placesOf(rules, labels, 'target');
}

const none: Place[] = [];

function placesOf(rules: readonly InhibitionRule[], labels: Labels, side: 'source' | 'target'): Place[] {
  // In a storm each alert comes by, and most have no rules to meet.
  if (rules.length === 0) return none;
  const other = side === 'source' ? 'target' : 'source';
  return rules
    .filter((rule) => matchesAll(rule[side], labels))
    .map((rule) => ({ rule, equalKey: equalKey(rule, labels), bothSides: matchesAll(rule[other], labels) }));
}

/** A label that is missing is equal to one that is empty. */
function equalKey({ equal }: InhibitionRule, labels: Labels): string {
  const values = equal.map((name) => (Object.hasOwn(labels, name) ? labels[name] : ''));
  return hash('sha256', JSON.stringify(values)).slice(0, 32);
}
