/** In what we differ from Alertmanager on purpose, each difference by its name; docs/alertmanager-api.md has the reasons. */
import { compileMatchers } from '../../src/groups/matchers.ts';
import { matchesAll } from '../../src/matcher/compile.ts';
import type { Company, Labels, Played } from './cases.ts';
import { type LastWords, textOf } from './side.ts';

/** What one webhook said: of which alerts, and in which state. */
export type Said = readonly { labels: Labels; status: string }[];

/**
 * Alertmanager names what has ended beside what is new, also to a receiver that never heard that it fired. We tell the end
 * of nothing that was not told.
 */
export function withoutEndsOfTheUntold(lastWords: Map<string, string>, receiver: string, said: Said): void {
  for (const { labels, status } of said) {
    const key = `${receiver} ${textOf(labels)}`;
    if (status === 'firing' || lastWords.has(key)) lastWords.set(key, status);
  }
}

/**
 * An alert may belong to several routes of one receiver, and a route may be carried over as several alert groups: what they
 * show of the same receiver, group labels and alert is one.
 */
export function oncePerReceiver(lines: readonly string[]): string[] {
  return [...new Set(lines)];
}

/**
 * Alertmanager forgets an end that comes while an alert is silenced or inhibited, or is the last of a group of which nothing
 * else was left to tell. We tell it once nothing holds it back. So of an alert that was held back before its end
 * could be told, we may have told the end where Alertmanager has not.
 */
export function withoutForgottenEnds(
  theirs: LastWords,
  ours: LastWords,
  companies: readonly Company[],
  phase: number,
): LastWords {
  const held = new Set(
    companies.flatMap((one) =>
      one.alerts.filter((alert) => wasHeldBack(one, alert, phase)).map((a) => textOf(a.labels)),
    ),
  );
  const forgotten = (key: string) => held.has(key.slice(key.indexOf(' ') + 1)) && ours.get(key) === 'resolved';
  return new Map([...theirs].map(([key, state]) => [key, forgotten(key) ? 'resolved' : state]));
}

/**
 * Its last firing that ended was held back in one of its phases or since. Should it fire again, then nobody has been told of
 * that: it has been held back all the time.
 */
function wasHeldBack(company: Company, { labels, fires }: Played, phase: number): boolean {
  const held = (from: number, to: number) =>
    Array.from({ length: to - from + 1 }, (_, n) => isHeldBack(company, labels, from + n));
  const begin = (last: number) => fires.slice(0, last).lastIndexOf(false) + 1;
  const again = fires[phase] ? begin(phase) : phase + 1;
  const last = fires.slice(0, again).lastIndexOf(true);
  if (last < 0 || !held(again, phase).every(Boolean)) return false;
  return held(begin(last), Math.min(again, phase)).some(Boolean);
}

function isHeldBack({ silences, rules, alerts }: Company, labels: Labels, phase: number): boolean {
  const fits = (texts: readonly string[], of: Labels) => matchesAll(compileMatchers(texts), of);
  const silenced = silences.some((s) => s.from <= phase && (s.to === null || phase < s.to) && fits(s.matchers, labels));
  if (silenced) return true;
  return rules.some(
    ({ source, target, equal }) =>
      fits(target, labels) &&
      alerts.some(
        (other) =>
          other.fires[phase] &&
          fits(source, other.labels) &&
          equal.every((name) => (other.labels[name] ?? '') === (labels[name] ?? '')) &&
          !(fits(source, labels) && fits(target, other.labels)),
      ),
  );
}
