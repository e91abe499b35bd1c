/** Tells one emergency contact directly, and remembers what was told. */
import { createHash } from 'node:crypto';
import type { Alarm } from '../alert/alarm.ts';
import type { DirectAttempt, LastRoadNotice, ToldDirectly } from '../alert/last-road.ts';
import type { Message } from '../alert/message.ts';
import type { Reason } from '../alert/reason.ts';
import { episodeKey, type Failures, nextStep, rate, tryAgainAt } from './decide.ts';
import type { Closed } from './outage.ts';

/** Frozen bytes of a message. */
type Content = { readonly [key: string]: unknown; readonly summary: string };

/** Somebody to tell, and the channel to do it on. */
export interface EmergencyDestination
  extends Pick<ToldDirectly, 'channel' | 'address' | 'name' | 'locale' | 'timezone'> {
  render(message: Message): Content;
  /** @throws what {@link SpeakerParts.failureOf} knows */
  send(content: Content, to: { address: string; messageId: string; repeat: boolean }): Promise<{ text: string }>;
}

/** A failed send, as channels report it. */
export interface Failure {
  kind: string;
  reason: Reason;
  /** Redacted. */
  answer: string;
  retryAfterMs: number | null;
}

export interface SpeakerParts {
  /** Names this process: two replicas tell the same alarm in two messages. */
  replica: string;
  sender: { site: string; externalUrl: string; mailDomain: string };
  now: () => Date;
  failureOf: (error: unknown) => Failure;
  count: (channel: string, result: 'sent' | 'failed' | 'given_up') => void;
  log: Record<'info' | 'warn' | 'error', (facts: object, text: string) => void>;
  /** A provider has accepted it. */
  onTold: (told: ToldDirectly) => void;
}

interface Open {
  alarms: readonly Alarm[];
  awaySince: Date;
  messageId: string;
  content: Content;
  /** The first, and the last ones. */
  attempts: DirectAttempt[];
  failures: Failures;
  nextAt: Date;
}

/** More episodes than these are never remembered; the oldest are forgotten first. */
const settledAtMost = 1_000;
/** More attempts of one message than these are not remembered. */
const attemptsAtMost = 20;
/** So many alarms one message names; what is over it counts. */
const namedAtMost = 50;

export interface Speaker {
  /** Begins to send what is due, unless it is still sending. */
  speak(alarms: readonly Alarm[], closed: Closed): void;
  /** Resolves when nothing is being sent. */
  quiet(): Promise<void>;
  /** Gives up what could not be sent: the ordinary road is open, and tells it. */
  drop(): void;
}

export function createSpeaker(parts: SpeakerParts, to: EmergencyDestination): Speaker {
  const { log, now } = parts;
  let settled = new Set<string>();
  let open: Open | null = null;
  let begunAt: Date[] = [];
  let busy: Promise<void> | null = null;
  const about = { channel: to.channel, to: to.address };

  async function step(alarms: readonly Alarm[], closed: Closed): Promise<void> {
    const at = now();
    // What it says was so in an outage that is over; what is still out is said anew.
    if (open !== null && open.awaySince.getTime() !== closed.since.getTime()) open = null;
    const next = nextStep(alarms, { settled, open, begunAt }, at);
    if (next.kind === 'wait') return;
    if (next.kind === 'send') {
      open = freeze(parts, to, next.alarms, closed, at);
      begunAt = [...begunAt, at].slice(-rate.messages);
    }
    if (open !== null) await attempt(open);
  }

  async function attempt(message: Open): Promise<void> {
    const startedAt = now();
    const repeat = message.failures.doubts > 0;
    try {
      const { text } = await to.send(message.content, { address: to.address, messageId: message.messageId, repeat });
      accepted(message, { startedAt, finishedAt: now(), outcome: 'accepted', reason: 'told_directly', answer: text });
    } catch (error) {
      failed(message, startedAt, parts.failureOf(error));
    }
  }

  function accepted(message: Open, last: DirectAttempt): void {
    const { alarms, awaySince, messageId, content, attempts } = message;
    const { channel, address, name, locale, timezone } = to;
    settle(message);
    parts.count(channel, 'sent');
    log.warn({ ...about, alarms: namesOf(alarms) }, 'told by the last road');
    parts.onTold({
      ...{ channel, address, name, locale, timezone, messageId, content, alarms, awaySince },
      attempts: [...attempts, last],
    });
  }

  function failed(message: Open, startedAt: Date, { kind, reason, answer, retryAfterMs }: Failure): void {
    const finishedAt = now();
    const { attempts, failures } = message;
    if (attempts.length === attemptsAtMost) attempts.splice(1, 1);
    attempts.push({ startedAt, finishedAt, outcome: kind, reason, answer });
    failures.count++;
    if (kind === 'in_doubt') failures.doubts++;
    const again = tryAgainAt({ kind, retryAfterMs }, failures, finishedAt);
    parts.count(to.channel, again === null ? 'given_up' : 'failed');
    log.error({ ...about, alarms: namesOf(message.alarms), reason, answer, again }, 'the last road failed to tell');
    if (again === null) settle(message);
    else message.nextAt = again;
  }

  function settle(message: Open): void {
    if (open === message) open = null;
    settled = new Set([...settled, ...message.alarms.map(episodeKey)].slice(-settledAtMost));
  }

  return {
    speak(alarms, closed) {
      busy ??= step(alarms, closed)
        .catch((error: unknown) => log.error({ ...about, err: error }, 'the last road could not word a message'))
        .finally(() => {
          busy = null;
        });
    },
    quiet: async () => busy ?? undefined,
    drop() {
      open = null;
    },
  };
}

function namesOf(alarms: readonly Alarm[]): (string | undefined)[] {
  return alarms.slice(0, namedAtMost).map(({ labels }) => labels['alertname']);
}

function freeze(
  { sender, replica }: SpeakerParts,
  to: EmergencyDestination,
  alarms: readonly Alarm[],
  closed: Closed,
  now: Date,
): Open {
  const idOf = (...names: unknown[]) => {
    const identity = JSON.stringify([replica, to.channel, to.address, ...names]);
    return `<mm.last-road.${createHash('sha256').update(identity).digest('hex').slice(0, 32)}@${sender.mailDomain}>`;
  };
  const messageId = idOf('message', alarms.map(episodeKey));
  const threadId = idOf('thread', closed.since.getTime());
  const notice: LastRoadNotice = {
    kind: 'last_road',
    alarms: alarms.map(({ labels, annotations, startsAt }) => ({ labels, annotations, since: startsAt.toISOString() })),
    trouble: closed.trouble,
    awaySince: closed.since.toISOString(),
  };
  const { site, externalUrl } = sender;
  const content = to.render({
    ...{ messageId, threadId, parts: [], notice, site, externalUrl, sentAt: now, occasion: null },
    ...{ locale: to.locale, timezone: to.timezone },
  });
  return {
    alarms,
    awaySince: closed.since,
    messageId,
    content,
    attempts: [],
    failures: { count: 0, doubts: 0 },
    nextAt: now,
  };
}
