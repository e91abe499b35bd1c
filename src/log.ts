/** The log: JSON lines on stdout, or text for people; secrets never get through. */
import { type Logger, type LoggerOptions, pino } from 'pino';

export type { Logger } from 'pino';

/** How to log. */
export interface LogOptions {
  level: 'trace' | 'debug' | 'info' | 'warn' | 'error' | 'fatal' | 'silent';
  /** `auto`: text when `out` is a terminal. */
  format: 'auto' | 'json' | 'text';
  /** Where lines go; usually `process.stdout`. */
  out: { write(line: string): unknown; readonly isTTY?: boolean };
}

/** What stands in the place of a secret. */
const MASK = '***';

const secretKey = /(authorization|cookie|token|secret|password|passwd|passphrase)$|^key$|(api|robot)_?key$/i;

/** A secret key and its text in a JSON line. */
const secretPair =
  /("(?:[^"\\]*(?:authorization|cookie|token|secret|password|passwd|passphrase|(?:api|robot)_?key)|key)":)"(?:[^"\\]|\\.)*"/gi;

/** Each keeps its first group and masks what follows. */
const secretTexts: readonly RegExp[] = [
  // Providers take these in the query of a URL.
  /([?&](?:access_token|corpsecret|key|token|secret|password)=)[^&\s"'<>#\\]+/gi,
  // postgres://user:password@host, https://token@host
  /(\b[a-z][a-z0-9+.-]*:\/\/[^\s"'/:@\\]*:)[^\s"'/\\]*(?=@)/gi,
  /(\b[a-z][a-z0-9+.-]*:\/\/)[^\s"'/:@\\]+(?=@)/gi,
  /(\/api\/v1\/webhooks\/alertmanager\/)[^\s"'/?#\\]+/gi,
  /(\b(?:bearer|basic)\s+)[a-z0-9._~+/=-]{8,}/gi,
];

/** Masks what is secret in a URL, or in the URLs and credentials of any text. */
export function redactUrl(text: string): string {
  return secretTexts.reduce((masked, pattern) => masked.replace(pattern, `$1${MASK}`), text);
}

/** A copy of logged fields with the values of keys like `token` or `password` masked, at any depth up to eight. */
function redactFields(fields: Record<string, unknown>, depth = 8): Record<string, unknown> {
  return Object.fromEntries(Object.entries(fields).map(([key, value]) => [key, redactField(key, value, depth)]));
}

function redactField(key: string, value: unknown, depth: number): unknown {
  if (secretKey.test(key) && value !== null && value !== undefined) return MASK;
  if (Array.isArray(value)) return depth === 0 ? '…' : value.map((item) => redactField('', item, depth - 1));
  if (!isPlain(value)) return value;
  return depth === 0 ? '…' : redactFields(value, depth - 1);
}

function isPlain(value: unknown): value is Record<string, unknown> {
  if (typeof value !== 'object' || value === null) return false;
  const prototype: unknown = Object.getPrototypeOf(value);
  return prototype === Object.prototype || prototype === null;
}

const options: LoggerOptions = {
  base: null,
  timestamp: pino.stdTimeFunctions.isoTime,
  formatters: {
    level: (level) => ({ level }),
    log: (fields) => redactFields(fields),
  },
  serializers: { err: (error: Error) => redactFields({ ...pino.stdSerializers.err(error) }) },
  // The last step sees the finished line: no message, no stack and no child's binding, which skip the formatters, gets past it.
  hooks: { streamWrite: (line) => redactUrl(line.replace(secretPair, `$1"${MASK}"`)) },
};

/** Opens the log. */
export function createLogger({ level, format, out }: LogOptions): Logger {
  const asText = format === 'text' || (format === 'auto' && out.isTTY === true);
  const write = asText ? (line: string) => out.write(textLine(line)) : (line: string) => out.write(line);
  return pino({ ...options, level }, { write });
}

/** `12:00:01.234 WARN  message key=value`, and the stack of an error under it. */
function textLine(line: string): string {
  const { time, level, msg, err, ...fields } = JSON.parse(line) as Record<string, unknown>;
  const clock = String(time).slice(11, 23);
  const rest = Object.entries(fields).map(
    ([key, value]) => ` ${key}=${typeof value === 'string' ? value : JSON.stringify(value)}`,
  );
  return `${clock} ${String(level).toUpperCase().padEnd(5)} ${msg ?? ''}${rest.join('')}${stackOf(err)}\n`;
}

function stackOf(err: unknown): string {
  if (err === undefined) return '';
  const stack = isPlain(err) ? (err['stack'] ?? err['message']) : err;
  return `\n  ${String(stack).replaceAll('\n', '\n  ')}`;
}
