/** What a failed mail means. Source: RFC 5321 section 4.2.1, and nodemailer's error codes. */
import type { NodemailerError } from 'nodemailer';
import type { Reason } from '../../alert/reason.ts';
import { DeliveryError, type FailureKind } from '../channel.ts';
import { redact } from '../redact.ts';

/** How far a mail had got when it failed. */
export interface Progress {
  /** The last byte, and so perhaps the final dot, was on its way to the server. */
  bodySent: boolean;
}

type Verdict = { kind: FailureKind; reason: Reason; remedy?: string };

const credentials: Verdict = {
  kind: 'config',
  reason: 'bad_credentials',
  remedy: 'The mail server refuses the user name or password: check them in the SMTP settings.',
};
const senderRefused: Verdict = {
  kind: 'config',
  reason: 'not_allowed',
  remedy: 'The mail server refuses the sender address: check the from setting, and whether this user may send as it.',
};
const tlsRefused: Verdict = {
  kind: 'config',
  reason: 'misconfigured',
  remedy: 'No trusted TLS connection to the mail server: check smtp:// or smtps://, the port and the certificate.',
};
const recipientRefused: Verdict = {
  kind: 'permanent',
  reason: 'bad_recipient',
  remedy: "The mail server does not accept this recipient: check the contact's e-mail address.",
};
const relayRefused: Verdict = {
  kind: 'permanent',
  reason: 'not_allowed',
  remedy: 'The mail server refuses to send to this address: check whether it may relay for us.',
};
const sessionRefused: Verdict = {
  kind: 'config',
  reason: 'not_allowed',
  remedy: 'The mail server does not talk to this machine: check its allow list and block lists, and the host and port.',
};
const unreachable =
  'No mail server answers at this address: check the host and the port of SMTP_URL, and whether a firewall is between.';
const tlsCodes = /CERT|SELF_SIGNED|UNABLE_TO|ERR_SSL|ERR_TLS|EPROTO/;

/** Steps at which a refusal says something about this machine, and nothing about any one mail. */
const sessionSteps: ReadonlySet<string> = new Set(['', 'CONN', 'EHLO', 'HELO', 'LHLO']);

/** 5xx is for good, but for 503 (the session's fault), missing authentication, and what every mail would meet. */
function refused(code: number, command: string, answer: string): Verdict {
  if (code < 500 || code === 503)
    return { kind: 'transient', reason: code === 421 ? 'provider_busy' : 'provider_error' };
  if (code === 530 || code === 534 || code === 535 || code === 538) return credentials;
  if (sessionSteps.has(command)) return sessionRefused;
  if (command === 'MAIL FROM' && code !== 552) return senderRefused;
  if (command !== 'RCPT TO') return { kind: 'permanent', reason: 'bad_content' };
  return /\b5\.7\.\d+\b|relay/i.test(answer) ? relayRefused : recipientRefused;
}

/** No answer from the server. After the last byte nobody knows whether the mail arrived. */
function unanswered(error: NodemailerError, progress: Progress): Verdict {
  const timedOut = error.code === 'ETIMEDOUT' || error.code === 'EABORT';
  const reason = timedOut ? 'timeout' : 'network';
  if (progress.bodySent) return { kind: 'in_doubt', reason };
  if (error.code === 'ENOAUTH') return credentials;
  if (error.code === 'EREQUIRETLS' || error.code === 'ECONFIG') return tlsRefused;
  if (error.code === 'EENVELOPE') return { kind: 'permanent', reason: 'bad_recipient' };
  const closed = /closed unexpectedly/i.test(error.message);
  if ((error.code === 'ETLS' && !closed) || tlsCodes.test(error.originalCode ?? '')) return tlsRefused;
  return { kind: 'transient', reason, ...(closed ? {} : { remedy: unreachable }) };
}

/** Maps any failure of a mail; `secrets` never appear in the result. */
export function mailError(error: NodemailerError, progress: Progress, secrets: readonly string[]): DeliveryError {
  const { code = error.name, responseCode, command = '' } = error;
  const answer = redact(error.response ?? error.message, secrets);
  const deniedLogin = code === 'EAUTH' && !(responseCode && responseCode < 500);
  const noTls = code === 'ETLS' && responseCode !== undefined && responseCode >= 500;
  const answered = responseCode ? refused(responseCode, command, answer) : unanswered(error, progress);
  const verdict = deniedLogin ? credentials : noTls ? tlsRefused : answered;
  const where = command !== '' && command !== 'CONN' ? ` at ${command.split(' ', 1)[0]}` : '';
  return new DeliveryError(redact(`${code}${where}: ${answer}`, secrets), { ...verdict, answer });
}
