/** Whom a test message is for; `channel` narrows it to one channel, null = all of them. */
export interface TestTarget {
  kind: 'contact' | 'robot' | 'alert_group';
  name: string;
  channel: string | null;
}

/** What became of one test message. */
export interface TestResult {
  /** The address. */
  destination: string;
  channel: string;
  ok: boolean;
  /** The provider's words, redacted. */
  answer: string;
  reason: string | null;
  /** What a person can do about it, or null. */
  remedy: string | null;
}
