/**
 * A body that is not an Alertmanager webhook. The message is one line that helps, without anything of the body: it ends
 * up in Alertmanager's log.
 */
export class BadPayload extends Error {
  override readonly name = 'BadPayload';
}

/**
 * Why one alert of an otherwise good request cannot be understood. A value and not an error: a body of 32 MB holds
 * 15 million malformed alerts, and errors for them would take minutes.
 */
export class Malformed {
  readonly reason: string;

  constructor(reason: string) {
    this.reason = reason;
  }
}
