import type { Silence } from '../alert/config.ts';
import type { Labels } from '../alert/labels.ts';
import { activityOf } from '../alert/silence.ts';
import { type Suppress, suppressAt, suppressedFrom } from '../pipeline/converge/suppress.ts';
import { never } from './world.ts';

/** What silences do from one moment until one of them begins, pauses or ends. */
export interface Silenced {
  suppress: Suppress;
  from: ReturnType<typeof suppressedFrom>;
}

/**
 * Looks at the silences once for each time between two of their changes, and at each alert once in that time; to be asked for
 * ever later moments.
 */
export function createSilenced(silences: readonly Silence[]): (now: Date) => Silenced {
  let known: Silenced | null = null;
  let until = 0;
  return (now) => {
    if (known !== null && now.getTime() < until) return known;
    const changes = silences.map((silence) => activityOf(silence, now).until?.getTime() ?? never);
    until = changes.reduce((first, at) => Math.min(first, at), never);
    known = { suppress: once(suppressAt(silences, now)), from: once(suppressedFrom(silences, now)) };
    return known;
  };
}

/** Asks once about each label set; an alert keeps its own, and its lane. */
function once<A extends Readonly<{ labels: Labels }>, T>(ask: (alert: A) => T): (alert: A) => T {
  const answers = new Map<Labels, T>();
  return (alert) => {
    const known = answers.get(alert.labels);
    if (known !== undefined) return known;
    const answer = ask(alert);
    answers.set(alert.labels, answer);
    return answer;
  };
}
