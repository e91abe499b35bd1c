/** What the sentences of *explain* are made of. */
import { behindOutbox } from '../alert/outbox.ts';
import type { Reason } from '../alert/reason.ts';

export type Stage = 'receive' | 'dedupe' | 'route' | 'converge' | 'deliver' | 'watchdog';

/** What a sentence can speak of. Names arrive as text, null where the step has none. */
export interface StepFacts {
  stage: Stage;
  reason: Reason;
  source: string | null;
  incidentId: string | null;
  group: string | null;
  /** Who, on which channel, at which address. */
  destination: { name: string; channel: string; address: string } | null;
  notificationId: string | null;
  detail: Readonly<Record<string, unknown>>;
}

/** One sentence for every reason: a new one without its sentence does not compile. */
export type Sentences = Readonly<Record<Reason, (step: StepFacts) => string>>;

/** A text of the detail, or null. */
export function textOf(step: StepFacts, key: string): string | null {
  const value = step.detail[key];
  return typeof value === 'string' && value !== '' ? value : null;
}

/** A number of the detail, 0 without one. */
export function countOf(step: StepFacts, key: string): number {
  const value = step.detail[key];
  return typeof value === 'number' ? value : 0;
}

/** A time of the detail as people read it, in UTC, or null. */
export function timeOf(step: StepFacts, key: string): string | null {
  const value = textOf(step, key);
  const date = value === null ? null : new Date(value);
  if (date === null || Number.isNaN(date.getTime())) return null;
  return `${date.toISOString().slice(0, 19).replace('T', ' ')} UTC`;
}

/** A silence that a step names. */
export interface SilenceWords {
  /** Its name, or else its comment; null: it has none that is known. */
  name: string | null;
  /** The time interval by which it hid just then. */
  interval: string | null;
  until: string | null;
}

/** The silences of the detail. */
export function silencesOf({ detail: { silences } }: StepFacts): SilenceWords[] {
  if (!Array.isArray(silences)) return [];
  return silences.map((detail: Record<string, unknown>) => {
    const step = { detail } as StepFacts;
    const comment = textOf(step, 'comment');
    const name = textOf(step, 'name') ?? (comment === null ? null : `“${comment}”`);
    return { name, interval: textOf(step, 'time_interval'), until: timeOf(step, 'until') };
  });
}

/** What inhibits, and by which rule. */
export interface InhibitionWords {
  rule: string | null;
  /** The name of the alert, or else its fingerprint. */
  alert: string | null;
}

/** The inhibitions of the detail. */
export function inhibitionsOf({ detail: { inhibited_by: all } }: StepFacts): InhibitionWords[] {
  if (!Array.isArray(all)) return [];
  return all.map((detail: Record<string, unknown>) => {
    const step = { detail } as StepFacts;
    return { rule: textOf(step, 'rule'), alert: textOf(step, 'name') ?? textOf(step, 'inhibitor') };
  });
}

/** The mute time of the detail: its name, null outside of the active times; undefined: the detail has none. */
export function mutedBy({ detail: { muted } }: StepFacts): string | null | undefined {
  return muted === undefined ? undefined : textOf({ detail: muted } as StepFacts, 'time_interval');
}

/** `li.wei (email li.wei@example.org)`; without the address where it says nothing new. */
export function nameOf({ name, channel, address }: NonNullable<StepFacts['destination']>): string {
  const meant = behindOutbox({ channel, address });
  const where = meant.channel === channel ? channel : `outbox, ${meant.channel}`;
  return name === meant.address ? `${name} (${where})` : `${name} (${where} ${meant.address})`;
}
