/** What the SMTP test server was told to do wrong. */
/** The step at which a mail is refused. */
export type SmtpStep = 'connect' | 'mail' | 'rcpt' | 'data';

type Refusal = Error & { responseCode: number };

/** How a test makes the server fail. */
export interface SmtpFaultControls {
  /** Answers RCPT TO for this address with `code` (default 550) until `acceptRecipient` or `clear`. */
  rejectRecipient(address: string, code?: number, text?: string): void;
  acceptRecipient(address: string): void;
  /** Refuses the next `times` tries at that step. */
  failNext(times: number, fault: { at: SmtpStep; code: number; text?: string }): void;
  /** The next `times` mails are taken and kept, but the connection is reset instead of answering 250. */
  resetAfterDot(times: number): void;
  /** Keeps each mail, but waits this long before it answers the end of DATA. */
  delay(ms: number): void;
  /** Keeps each mail that arrives from now on, and answers the end of its DATA once what this returns is called. */
  hold(): () => void;
  /** Forgets all faults (and, on the server, all mails). */
  clear(): void;
}

/** The controls, and how the server takes the faults that are due. */
export interface SmtpFaults extends SmtpFaultControls {
  readonly delayMs: number;
  /** Resolves when the answers to mails that arrive now are no longer held back. */
  readonly held: Promise<void>;
  /** The refusal that is due for this recipient, or null. */
  refusalOf(address: string): Refusal | null;
  /** Takes one refusal that is due at this step, or null. */
  refusalAt(step: SmtpStep): Refusal | null;
  /** Whether this mail's connection is to be reset; counts it. */
  takeReset(): boolean;
}

/** Starts with no faults. */
export function startFaults(): SmtpFaults {
  const recipients = new Map<string, Refusal>();
  const steps: { at: SmtpStep; refusal: Refusal; left: number }[] = [];
  let resets = 0;
  let delayMs = 0;
  let held = Promise.resolve();
  return {
    get delayMs() {
      return delayMs;
    },
    get held() {
      return held;
    },
    rejectRecipient: (address, code = 550, text = '5.1.1 no such user') =>
      void recipients.set(address.toLowerCase(), refusal(code, text)),
    acceptRecipient: (address) => void recipients.delete(address.toLowerCase()),
    failNext: (times, { at, code, text = 'told to fail' }) =>
      void steps.push({ at, refusal: refusal(code, text), left: times }),
    resetAfterDot: (times) => {
      resets = times;
    },
    delay: (ms) => {
      delayMs = ms;
    },
    hold() {
      let letGo = () => {};
      held = new Promise((resolve) => {
        letGo = resolve;
      });
      return letGo;
    },
    clear() {
      recipients.clear();
      steps.length = 0;
      resets = 0;
      delayMs = 0;
      held = Promise.resolve();
    },
    refusalOf: (address) => recipients.get(address.toLowerCase()) ?? null,
    refusalAt(step) {
      const due = steps.find(({ at, left }) => at === step && left > 0);
      if (due) due.left -= 1;
      return due?.refusal ?? null;
    },
    takeReset() {
      if (resets === 0) return false;
      resets -= 1;
      return true;
    },
  };
}

/** An error that smtp-server answers with this code and text. */
export function refusal(responseCode: number, text: string): Refusal {
  return Object.assign(new Error(text), { responseCode });
}
