/** A real SMTP server in this process that keeps every mail and can fail in every way that matters. */
import { once } from 'node:events';
import type { Socket } from 'node:net';
import { setTimeout as pause } from 'node:timers/promises';
import { simpleParser } from 'mailparser';
import type { SMTPServerOptions } from 'smtp-server';
import { SMTPServer } from 'smtp-server';
import type { SmtpFaultControls, SmtpFaults } from './smtp-faults.ts';
import { refusal, startFaults } from './smtp-faults.ts';
import type { EventuallyOptions } from './wait.ts';
import { eventually, freePort } from './wait.ts';

/** One mail that the server has taken. */
export interface ReceivedMail {
  /** Envelope: MAIL FROM. */
  from: string;
  /** Envelope: every accepted RCPT TO. */
  to: string[];
  /** With its angle brackets. */
  messageId: string;
  subject: string;
  text: string;
  html: string;
  /** Lower-cased name to value (unfolded, encoded words as sent); a repeated header keeps its last value. */
  headers: Record<string, string>;
  raw: string;
  receivedAt: Date;
}

export interface SmtpOptions {
  /** AUTH is demanded when given. */
  auth?: { user: string; password: string };
  /** SIZE limit; a larger mail is answered 552. */
  maxBytes?: number;
}

/** One SMTP server. */
export interface SmtpServer extends AsyncDisposable, SmtpFaultControls {
  /** `smtp://127.0.0.1:port`, with user and password when AUTH is on. */
  readonly url: string;
  readonly port: number;
  /** In the order of their arrival. */
  readonly mails: ReceivedMail[];
  /** How many connections have been accepted so far. */
  readonly connections: number;
  /** Refuses connections and drops the open ones, on the same port until `listenAgain`. */
  stopListening(): Promise<void>;
  listenAgain(): Promise<void>;
  /** Resolves with the first mail that `matches`. */
  waitFor(matches: (mail: ReceivedMail) => boolean, options?: EventuallyOptions): Promise<ReceivedMail>;
  /** Forgets mails and faults. */
  clear(): void;
  /** Idempotent. */
  stop(): Promise<void>;
}

/** Starts an SMTP server on a free port. */
export async function startSmtp(options: SmtpOptions = {}): Promise<SmtpServer> {
  const port = await freePort();
  const mails: ReceivedMail[] = [];
  const faults = startFaults();
  const sockets = new Map<number, Socket>();
  let connections = 0;
  let server: SMTPServer | undefined;

  const receive: NonNullable<SMTPServerOptions['onData']> = async (stream, session, done) => {
    try {
      const { held } = faults;
      const raw = Buffer.concat(await stream.toArray());
      if (stream.sizeExceeded) return done(refusal(552, 'message exceeds fixed maximum message size'));
      const refused = faults.refusalAt('data');
      if (refused) return done(refused);
      const { mailFrom, rcptTo } = session.envelope;
      mails.push(
        await parse(
          raw,
          mailFrom ? mailFrom.address : '',
          rcptTo.map(({ address }) => address),
        ),
      );
      if (faults.takeReset()) return void sockets.get(session.remotePort)?.resetAndDestroy();
      // A server that was stopped meanwhile keeps nobody waiting.
      await pause(faults.delayMs, undefined, { ref: false });
      await held;
      done(null, `queued as ${mails.length}`);
    } catch (error) {
      done(error as Error);
    }
  };

  const listen = async () => {
    if (server) return;
    server = new SMTPServer({ ...serverOptions(options, faults), onData: receive });
    server.on('error', () => {});
    server.server.on('connection', (socket: Socket) => {
      connections += 1;
      const key = socket.remotePort ?? 0;
      sockets.set(key, socket);
      socket.once('close', () => sockets.delete(key));
    });
    await once(server.listen(port, '127.0.0.1'), 'listening');
  };
  const stopListening = async () => {
    const closing = server;
    if (!closing) return;
    server = undefined;
    await new Promise<void>((resolve) => {
      closing.close(resolve);
      for (const socket of sockets.values()) socket.resetAndDestroy();
    });
  };
  await listen();
  return {
    url: `smtp://${options.auth ? `${encodeURIComponent(options.auth.user)}:${encodeURIComponent(options.auth.password)}@` : ''}127.0.0.1:${port}`,
    port,
    mails,
    get connections() {
      return connections;
    },
    rejectRecipient: faults.rejectRecipient,
    acceptRecipient: faults.acceptRecipient,
    failNext: faults.failNext,
    resetAfterDot: faults.resetAfterDot,
    delay: faults.delay,
    hold: faults.hold,
    stopListening,
    listenAgain: listen,
    waitFor: (matches, waiting) =>
      eventually(() => mails.find(matches), { describe: () => `a mail (there are ${mails.length})`, ...waiting }),
    clear() {
      mails.length = 0;
      faults.clear();
    },
    stop: stopListening,
    [Symbol.asyncDispose]: stopListening,
  };
}

function serverOptions({ auth, maxBytes }: SmtpOptions, faults: SmtpFaults): SMTPServerOptions {
  return {
    logger: false,
    disableReverseLookup: true,
    disabledCommands: auth ? ['STARTTLS'] : ['STARTTLS', 'AUTH'],
    allowInsecureAuth: true,
    ...(maxBytes === undefined ? {} : { size: maxBytes }),
    onAuth: (given, _session, done) =>
      given.username === auth?.user && given.password === auth?.password
        ? done(null, { user: given.username })
        : done(refusal(535, 'authentication failed')),
    onConnect: (_session, done) => done(faults.refusalAt('connect')),
    onMailFrom: (_address, _session, done) => done(faults.refusalAt('mail')),
    onRcptTo: ({ address }, _session, done) => done(faults.refusalOf(address) ?? faults.refusalAt('rcpt')),
  };
}

async function parse(raw: Buffer, from: string, to: string[]): Promise<ReceivedMail> {
  const mail = await simpleParser(raw);
  return {
    from,
    to,
    messageId: mail.messageId ?? '',
    subject: mail.subject ?? '',
    text: mail.text ?? '',
    html: mail.html || '',
    headers: Object.fromEntries(mail.headerLines.map(({ key, line }) => [key, unfold(line)])),
    raw: raw.toString(),
    receivedAt: new Date(),
  };
}

function unfold(line: string): string {
  return line
    .slice(line.indexOf(':') + 1)
    .replace(/\r?\n\s+/g, ' ')
    .trim();
}
