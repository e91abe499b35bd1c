/** The kinds of settings: each turns what the file or the environment says into the value that the service uses. */
import { isIP } from 'node:net';
import { z } from 'zod';
import { DurationError, parseDuration } from '../alert/duration.ts';
import { makeMatcher } from '../matcher/compile.ts';
import { MatcherError } from '../matcher/error.ts';
import { parseMatchers } from '../matcher/parse.ts';
import { parseSize } from './units.ts';

/** What the reference says about one setting. */
export interface SettingFacts {
  /** One or two sentences for the admin. */
  doc: string;
  /** Environment variable that overrides it. */
  env?: string;
  /** Also read from the file named by `<key>_file` and `<ENV>_FILE`, and never shown. */
  secret?: boolean;
  /** What to show as the default where it is computed. */
  computed?: string;
}

/** Every setting of the schema is registered here; what is not registered is a section. */
export const settingFacts = z.registry<SettingFacts>();

/** Makes `schema` a setting. */
export function setting<S extends z.ZodType>(schema: S, facts: SettingFacts): S {
  settingFacts.add(schema, facts);
  return schema;
}

/** A group of settings. */
export function section<S extends z.ZodRawShape>(shape: S) {
  return z.strictObject(shape).prefault({} as z.input<z.ZodObject<S, z.core.$strict>>);
}

/** A string in which `parse` finds a value; null = it does not. `expected` completes "must be …" and never has the text. */
export function text<T>(parse: (text: string) => T | null, expected: string) {
  return z.string(`must be ${expected}`).transform((value, context) => {
    const parsed = parse(value);
    if (parsed !== null) return parsed;
    context.addIssue({ code: 'custom', message: `must be ${expected}` });
    return z.NEVER;
  });
}

/** Milliseconds, written as `30s`. */
export const duration = () => text(durationOf, 'a duration like 30s, 5m or 1h30m');

function durationOf(value: string): number | null {
  try {
    return parseDuration(value);
  } catch (error) {
    if (error instanceof DurationError) return null;
    throw error;
  }
}

/** The same between two limits, both included, written as `10s`. */
export const durationWithin = (least: string, most: string) =>
  duration().refine((ms) => ms >= parseDuration(least) && ms <= parseDuration(most), {
    error: `must lie between ${least} and ${most}`,
  });

/** What {@link network} takes, in words. */
export const NETWORKS = 'an address, a network such as 10.0.0.0/8, or loopback, linklocal or uniquelocal';

/** Addresses as express's `trust proxy` takes them. */
export function network(value: string): string | null {
  if (['loopback', 'linklocal', 'uniquelocal'].includes(value)) return value;
  const [address = '', bits, ...rest] = value.split('/');
  const most = { 0: -1, 4: 32, 6: 128 }[isIP(address)] ?? -1;
  const good =
    rest.length === 0 && most > 0 && (bits === undefined || (/^\d{1,3}$/.test(bits) && Number(bits) <= most));
  return good ? value : null;
}

/** Bytes, written as `32MB`. */
export const size = () =>
  z.preprocess((raw) => (typeof raw === 'number' ? String(raw) : raw), text(parseSize, 'a size like 32MB or 512KiB'));

/** A URL with one of the given protocols, such as `smtp:`. The text of a bad one is never repeated: it may hold a password. */
export function url(...protocols: readonly string[]) {
  return urlAs((value) => value.replace(/\/+$/, ''), protocols);
}

/** The same to the letter: to somebody else a slash at the end may make another address. */
export function exactUrl(...protocols: readonly string[]) {
  return urlAs((value) => value, protocols);
}

function urlAs(write: (value: string) => string, protocols: readonly string[]) {
  const starts = protocols.map((protocol) => `${protocol}//`).join(' or ');
  return text((value) => {
    const parsed = URL.canParse(value) ? new URL(value) : null;
    const good = parsed !== null && protocols.includes(parsed.protocol) && decodes(parsed.username + parsed.password);
    return good ? write(value) : null;
  }, `a URL that starts with ${starts}; a % in its user or password is written %25`);
}

/** Whoever uses the URL decodes these, and fails where that is impossible. */
function decodes(credentials: string): boolean {
  try {
    decodeURIComponent(credentials);
    return true;
  } catch {
    return false;
  }
}

/** A sender: `user@host`, or `Name <user@host>`. */
export const mailbox = () =>
  text(
    (value) => (/^(?:[^<>\r\n]*<[^\s<>@]+@[^\s<>@]+>|[^\s<>@]+@[^\s<>@]+)$/.test(value.trim()) ? value.trim() : null),
    'an address, or "Name <address>"',
  );

/** Matchers in Alertmanager's syntax. */
export const matcherText = () => compiling((value) => parseMatchers(value));

/** A regular expression as matchers have it. */
export const regexText = () => compiling((value) => makeMatcher('label', '=~', value));

/** Text that `compile` accepts; it stays text. @param compile throws MatcherError */
function compiling(compile: (value: string) => unknown) {
  return z
    .string()
    .trim()
    .min(1, 'must not be empty')
    .superRefine((value, context) => {
      try {
        compile(value);
      } catch (error) {
        if (!(error instanceof MatcherError)) throw error;
        context.addIssue({ code: 'custom', message: error.message });
      }
    });
}

/** Where to listen. */
export interface ListenAddress {
  host: string;
  port: number;
}

/** `0.0.0.0:8080`, `[::]:8080` or `:8080`. */
export function parseListen(value: string): ListenAddress | null {
  const match = /^(\[[0-9a-fA-F:.]+\]|[^:\s[\]]*):(\d{1,5})$/.exec(value);
  const port = Number(match?.[2]);
  if (match === null || port > 65_535) return null;
  return { host: match[1]?.replace(/^\[|\]$/g, '') || '0.0.0.0', port };
}

/** Who is told when nothing else works. */
export interface EmergencyContact {
  channel: 'email' | 'wecom-app' | 'wecom-robot';
  /** E-mail address, WeCom userid, or the robot's key, which is a secret. */
  address: string;
}

/** By scheme. A userid is neither `@all`, which is everybody in the company, nor several joined by `|`. */
const emergencyForms: Readonly<Record<string, { channel: EmergencyContact['channel']; address: RegExp }>> = {
  mailto: { channel: 'email', address: /^[^@\s<>()[\],;:\\"]+@[^@\s<>()[\],;:\\"]+$/ },
  wecom: { channel: 'wecom-app', address: /^[A-Za-z0-9][A-Za-z0-9_.@-]{0,63}$/ },
  robot: { channel: 'wecom-robot', address: /^[A-Za-z0-9_-]{1,128}$/ },
};

/** `mailto:li.wei@example.org`, `wecom:LiWei` or `robot:KEY`; for a robot its whole webhook address is taken too. */
export function parseEmergencyContact(value: string): EmergencyContact | null {
  const match = /^([a-z]+):(\S+)$/.exec(value);
  const form = emergencyForms[match?.[1] ?? ''];
  const given = match?.[2] ?? '';
  const address = form?.channel === 'wecom-robot' ? (/[?&]key=([^&#]+)/.exec(given)?.[1] ?? given) : given;
  return form?.address.test(address) ? { channel: form.channel, address } : null;
}

/** How fast one destination may be told, in any minute and in any hour; null = no limit. */
export const rateLimit = () =>
  z
    .strictObject({
      burst: z.number().int().min(1),
      per_minute: z.number().positive(),
      per_hour: z.number().int().min(1).nullable().prefault(null),
      reserved: z.number().int().min(0).prefault(0),
    })
    .refine((limit) => limit.reserved < limit.burst, 'reserved must be smaller than burst')
    .transform(({ burst, per_minute: perMinute, per_hour: perHour, reserved }) => ({
      ...{ burst, perMinute, perHour, reserved },
    }))
    .nullable();

const givenRoles = ['viewer', 'responder', 'editor', 'admin'] as const;

/** Which role a value gives, for example a group that an identity provider tells. */
export interface RoleOfValue {
  value: string;
  role: (typeof givenRoles)[number];
}

/** `sre=editor, on-call=responder`. */
export function parseRoles(text: string): RoleOfValue[] | null {
  const pairs = text.split(',').map((pair) => /^\s*(.+?)\s*=\s*(\w+)\s*$/.exec(pair));
  const good = pairs.flatMap((pair) => {
    const role = givenRoles.find((one) => one === pair?.[2]);
    return pair?.[1] === undefined || role === undefined ? [] : [{ value: pair[1], role }];
  });
  return good.length === pairs.length ? good : null;
}
