/** What a replay comes to, counted as its messages are sent. */
import type { AlertTruth } from '../alert/alert.ts';
import { behindOutbox } from '../alert/outbox.ts';
import type { Sent, SentPart } from './deliver.ts';
import { countAt, emptyTimeline, type Timeline } from './timeline.ts';

/** What one person or room gets on one channel. */
export interface Received {
  name: string;
  /** Also while the outbox stands in for it. */
  channel: string;
  kind: 'person' | 'room';
  messages: number;
  /** Reminders among them. */
  reminders: number;
  /** Of the incidents told, those that waited for a rate limit or shared a message because of one. */
  limited: number;
}

/** A critical alert's firing period, and when somebody was told first. */
export interface CriticalTold {
  alert: AlertTruth;
  at: Date;
}

/** The figures of one replay. */
export interface Tally {
  /** By channel and address. */
  received: ReadonlyMap<string, Received>;
  messages: number;
  timeline: Timeline;
  incidents: number;
  /** By alert and start; also those told before and after the time that is looked at. */
  criticals: ReadonlyMap<string, CriticalTold>;
  /** The time that is looked at. */
  from: Date;
  to: Date;
}

/** Counts messages. */
export interface Counter {
  note(sent: Sent): void;
  result(): Tally;
}

/** Counts what is sent from `from` to `to`: what comes before only brings the replay into the state of that time. */
export function createCounter({ from, to }: { from: Date; to: Date }): Counter {
  const received = new Map<string, Received>();
  const criticals = new Map<string, CriticalTold>();
  const incidents = new Set<number>();
  const timeline = emptyTimeline(from, to);
  let messages = 0;

  function of({ destination }: Sent): Received {
    const { name } = destination.address;
    const { channel, address } = behindOutbox(destination.address);
    const key = `${channel} ${address}`;
    const known = received.get(key);
    if (known !== undefined) return known;
    const kind = channel === 'wecom-robot' ? 'room' : 'person';
    const made: Received = { name, channel, kind, messages: 0, reminders: 0, limited: 0 };
    received.set(key, made);
    return made;
  }

  function noteCriticals({ difference }: SentPart, at: Date): void {
    for (const alert of difference.fresh) {
      if (!alert.critical) continue;
      const key = `${alert.fingerprint} ${alert.since.getTime()}`;
      if (!criticals.has(key)) criticals.set(key, { alert, at });
    }
  }

  return {
    note(sent) {
      for (const part of sent.parts) noteCriticals(part, sent.at);
      const at = sent.at.getTime();
      if (at < from.getTime() || at > to.getTime()) return;
      messages += 1;
      countAt(timeline, sent.at);
      const receiver = of(sent);
      receiver.messages += 1;
      if (sent.parts.every((part) => part.kind === 'repeat')) receiver.reminders += 1;
      for (const part of sent.parts) {
        incidents.add(part.incident.id);
        if (part.limited) receiver.limited += 1;
      }
    },
    result: () => ({ received, messages, timeline, incidents: incidents.size, criticals, from, to }),
  };
}
