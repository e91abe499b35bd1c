/** What a channel is: one folder and one line in `channels/index.ts`. */
import type { Message } from '../alert/message.ts';
import type { Reason } from '../alert/reason.ts';

/** Every channel that a destination can be on. `outbox` keeps what could not be sent for lack of settings. */
export type ChannelName = 'email' | 'wecom-app' | 'wecom-robot' | 'outbox';

/** The frozen bytes of one message: JSON, so that the row can hold it and a repeat is byte-identical. */
export type Content = { readonly [key: string]: unknown; readonly summary: string };

/** Provider's words for an accepted message, kept in the attempt. Never holds a secret. */
export interface Answer {
  /** For example `250 2.0.0 queued as 1234` or `errcode 0 ok msgid abc`. */
  text: string;
  /** What to do so that it reaches somebody, where it does not. */
  remedy?: string;
}

/** Every limit, by what it holds for: each destination's minute and hour; the mail relay and the WeCom application as a whole. */
export const limitNames = ['minute', 'hour', 'smtp_relay', 'wecom_app'] as const;
export type LimitName = (typeof limitNames)[number];

/** A token bucket: in any time T no more than `burst` + `perMinute` x T messages are begun. */
export interface RateLimit {
  name: LimitName;
  /** One bucket for all destinations of the channel; else each destination has its own. */
  shared: boolean;
  /** Messages that may follow each other at once. */
  burst: number;
  perMinute: number;
  /** Of `burst`, kept back for critical and watchdog messages. */
  reserved: number;
}

/** A way to reach a destination. */
export interface Channel {
  readonly name: ChannelName;
  /** All hold at the same time; none = no limit of ours. */
  readonly rateLimits: readonly RateLimit[];
  /**
   * Words the message for this channel. Pure. Never throws for long or odd content: it lists fewer alerts and
   * says how many more there are, and always keeps the counts, the severity and the link.
   */
  render(message: Message): Content;
  /**
   * Sends frozen content once, within its own time-outs (all in all under 25 s).
   * @throws DeliveryError for anything but a provider's clear yes.
   */
  send(content: Content, to: { address: string; messageId: string; repeat: boolean }): Promise<Answer>;
  close(): Promise<void>;
}

/**
 * What to do after a failed send.
 * transient: definitely not delivered now; decide again after a back-off.
 * limited:   the provider asks to wait `retryAfterMs`; then as transient.
 * config:    somebody must change a setting; alarm now, try again slowly.
 * permanent: this message to this address will never arrive; receipt `undeliverable` and alarm.
 * in_doubt:  it may have arrived; the same bytes again.
 */
export type FailureKind = 'transient' | 'limited' | 'config' | 'permanent' | 'in_doubt';

/** The one shape of a failed send. Its message is shown to people: no secret, no URL query. */
export class DeliveryError extends Error {
  readonly kind: FailureKind;
  readonly reason: Reason;
  /** What the provider said, redacted: `550 5.1.1 no such user`, `errcode 60020 not allow to access from your ip`. */
  readonly answer: string;
  /** What a person can do about it, one sentence, or null. */
  readonly remedy: string | null;
  readonly retryAfterMs: number | null;

  constructor(
    message: string,
    facts: {
      kind: FailureKind;
      reason: Reason;
      answer?: string;
      remedy?: string;
      retryAfterMs?: number;
      cause?: unknown;
    },
  ) {
    super(message, { cause: facts.cause });
    this.name = 'DeliveryError';
    this.kind = facts.kind;
    this.reason = facts.reason;
    this.answer = facts.answer ?? message;
    this.remedy = facts.remedy ?? null;
    this.retryAfterMs = facts.retryAfterMs ?? null;
  }
}
