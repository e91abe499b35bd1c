/** The fields of which the documents are made. */
import { z } from 'zod';
import { formatDuration, parseDuration } from '../alert/duration.ts';
import { isZone } from '../alert/zone.ts';
import { isStorable } from '../http/storable.ts';
import { compileMatchers, matcherFacts } from './matchers.ts';

/** Stands for a secret that is stored: in answers and exports, and in a document for "keep what is stored". */
export const SECRET = '<secret>';

/** The source of this service's own alarms. */
export const OWN_SOURCE = 'monitor-manager';

const visible = /^(?!\s)[^\p{Cc}\p{Surrogate}]*(?<!\s)$/u;

/** Text of any kind that can be stored. */
export const text = (max: number) => z.string().max(max).refine(isStorable, 'no NUL character, and valid Unicode');

/** The name of an object. */
export const objectName = z
  .string()
  .min(1)
  .max(100)
  .regex(visible, 'no control characters, and no space at either end')
  // Whoever asks for the address of one of these folds the path.
  .refine((name) => name !== '.' && name !== '..', 'must not be . or ..');

/** Basic authentication cannot carry a user name with a colon in it (RFC 7617). */
export const sourceName = objectName
  .refine((name) => !name.includes(':'), 'no colon: the name is used for basic authentication')
  .refine((name) => name !== OWN_SOURCE, 'this name is taken by the service itself');

/** Any one-line text. */
export const line = z.string().max(500).regex(visible, 'no control characters, and no space at either end');

/** Stricter than RFC 5321 where a character could change the meaning of a header. */
export const emailAddress = z
  .string()
  .max(254)
  .regex(/^[^\s@<>()[\],;:\\"\p{Cc}]+@[^\s@<>()[\],;:\\"\p{Cc}]+$/u, 'not an e-mail address');

/** WeCom's account id (userid): 1 to 64 of these characters. Not `@all`, which is everybody in the company. */
export const wecomUserid = z.string().regex(/^[A-Za-z0-9][A-Za-z0-9_.@-]{0,63}$/, 'not a WeCom userid');

/** Whom a message to a room mentions; everybody in it only where that is written. */
export const mentioned = z
  .array(z.union([wecomUserid, z.literal('@all')], { error: 'not a WeCom userid, nor @all' }))
  .max(10)
  .transform((ids) => [...new Set(ids)])
  .default([]);

/** WeChat's openid. */
export const openid = z.string().regex(/^[A-Za-z0-9_-]{1,64}$/, 'not a WeChat openid');

export const locale = z.enum(['zh-CN', 'en']).default('zh-CN').describe('Language of the messages');

export const timezone = z
  .string()
  .max(64)
  .refine(isZone, 'not an IANA time zone such as Asia/Shanghai')
  .default('Asia/Shanghai')
  .describe('Time zone of the times in the messages');

/** A time of day that begins something, so before 24:00. */
export const timeOfDay = z
  .string()
  .regex(/^([01]\d|2[0-3]):[0-5]\d$/, 'not a time of day such as 09:00, with two digits each; before 24:00');

/** Times of day such as `09:00`; kept in their order, each once. */
export const timesOfDay = z
  .array(timeOfDay)
  .max(24)
  .transform((times) => [...new Set(times)].sort())
  .default([]);

/** A source's token. Long enough that guessing is hopeless; visible ASCII, so that a header and a path can carry it. */
export const token = z
  .string()
  .max(256)
  .refine((text) => text === SECRET || /^[\x21-\x7e]{16,}$/.test(text), 'at least 16 visible ASCII characters')
  .meta({ writeOnly: true });

/** What polls authenticate with: a bearer token, or the password of `api_user`. */
export const apiToken = z
  .string()
  .max(1024)
  .refine((text) => text === SECRET || /^[\x20-\x7e]+$/.test(text), 'visible ASCII characters')
  .meta({ writeOnly: true });

/** Where something is asked; kept without a slash at its end. */
export const apiUrl = z
  .string()
  .max(500)
  .refine(isPlainUrl, 'an address that starts with http:// or https://, without user, password, query and fragment')
  .overwrite((text) => text.replace(/\/+$/, ''));

/** Credentials have a field of their own, in which nobody can read them. */
function isPlainUrl(text: string): boolean {
  if (!URL.canParse(text) || /[?#\s]/.test(text)) return false;
  const { protocol, username, password } = new URL(text);
  return (protocol === 'http:' || protocol === 'https:') && username + password === '';
}

/** The key of a WeCom group robot; its whole webhook address is taken too. */
export const robotKey = z
  .string()
  .max(512)
  .overwrite((text) => /[?&]key=([^&#]+)/.exec(text)?.[1] ?? text)
  .refine((text) => text === SECRET || /^[A-Za-z0-9_-]{8,128}$/.test(text), 'not the key of a group robot')
  .meta({ writeOnly: true });

/** What two sites share. Long enough that guessing is hopeless. */
export const peerSecret = z
  .string()
  .max(256)
  .refine((text) => text === SECRET || /^[\x21-\x7e]{16,}$/.test(text), 'at least 16 visible ASCII characters')
  .meta({ writeOnly: true });

/** The address of another site. Its user and password would be shown, and a query is nothing that we could add a path to. */
export const peerUrl = z
  .string()
  .max(500)
  .refine(isPeerUrl, 'not an address such as https://mm-b.example.org, without user, password and query')
  .overwrite((text) => text.replace(/\/+$/, ''));

function isPeerUrl(text: string): boolean {
  const url = URL.canParse(text) ? new URL(text) : null;
  if (url === null || !['http:', 'https:'].includes(url.protocol)) return false;
  return url.username + url.password + url.search + url.hash === '' && isStorable(text);
}

/** A duration such as `30s`, kept in its shortest form. */
export const duration = z
  .string('not a duration such as 30s or 1h30m')
  .refine(isDuration, { error: 'not a duration such as 30s or 1h30m', abort: true })
  .overwrite((text) => formatDuration(parseDuration(text)));

function isDuration(text: string): boolean {
  try {
    parseDuration(text);
    return true;
  } catch {
    return false;
  }
}

export const labels = z.record(text(200).min(1), text(4096));

/** A duration between two limits, both included; the message names them. */
export const durationWithin = (least: string, most: string) =>
  duration.refine((value) => {
    const ms = parseDuration(value);
    return ms >= parseDuration(least) && ms <= parseDuration(most);
  }, `must lie between ${least} and ${most}`);

/** A point in time with its offset, kept in UTC. */
export const instant = z.iso
  .datetime({ offset: true, error: 'not a time such as 2026-01-31T08:00:00+08:00', abort: true })
  .overwrite((text) => new Date(text).toISOString());

/** Matchers in Alertmanager's syntax; one entry may hold several. */
export const matchers = z.array(
  z
    .string()
    .max(4096)
    .superRefine((text, context) => {
      const problem = problemWith(text);
      if (problem !== null) context.addIssue({ code: 'custom', message: problem });
    }),
);

function problemWith(text: string): string | null {
  try {
    const found = compileMatchers([text]);
    return found.length === 0 ? 'there is no matcher in it' : null;
  } catch (error) {
    return error instanceof Error ? error.message : 'not a matcher';
  }
}

const matcherObject = z.strictObject({
  name: z.string().min(1),
  value: z.string(),
  isRegex: z.boolean().default(false),
  isEqual: z.boolean().default(true),
});
const oneMatcher = z.union([z.string().max(4096), matcherObject], {
  error: 'not a matcher: write team="db", or Alertmanager\'s { name, value, isRegex, isEqual }',
});

/**
 * The matchers of a silence: strings or Alertmanager's objects, all of which must match; or several such lists, one of which
 * must match. Comes out as lists of `{ name, op, value }`.
 */
export const matcherSets = z
  .union([z.array(oneMatcher).min(1), z.array(z.array(oneMatcher).min(1)).min(1)], {
    error: 'a list of matchers, at least one: write team="db", or Alertmanager\'s { name, value, isRegex, isEqual }',
  })
  .transform((list, context) => {
    const sets = list.every((entry) => Array.isArray(entry)) ? list : [list.flat()];
    try {
      const facts = sets.map((set) => set.flatMap(matcherFacts));
      if (facts.every((set) => compileMatchers(set).some((matcher) => !matcher.matches('')))) return facts;
      context.addIssue({
        code: 'custom',
        message: 'it would match every alert: one matcher must not match an absent label',
      });
    } catch (error) {
      context.addIssue({ code: 'custom', message: error instanceof Error ? error.message : 'not a matcher' });
    }
    return z.NEVER;
  });
