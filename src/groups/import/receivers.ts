/** Whom a receiver tells, as far as we can tell them too. */
import { type Addresses, isTemplate, mailAddresses, userids } from './addresses.ts';
import { flagOf, ImportError, listOf, mapOf, type Note, otherKeys, quoted, type Raw, textOf } from './raw.ts';

/** What of a receiver is carried over. */
export interface Audience {
  receiver: string;
  emails: readonly string[];
  userids: readonly string[];
  /** Null: nobody says. */
  sendResolved: boolean | null;
}

/** What one entry of a receiver comes to. */
interface Entry {
  emails: readonly string[];
  userids: readonly string[];
  sendResolved: boolean;
}

/** Where an entry stands, and who hears of it. */
interface Place {
  place: string;
  note: Note;
}

/**
 * The receivers by name.
 * @throws ImportError when one has no name, or two have the same
 */
export function receiversByName(raw: unknown): Map<string, Raw> {
  const found = new Map<string, Raw>();
  for (const [i, one] of listOf(raw, 'receivers').entries()) {
    const receiver = mapOf(one, `receivers[${i}]`);
    const name = textOf(receiver['name'], `receivers[${i}].name`);
    if (name === null || name === '') throw new ImportError(`receivers[${i}]: it has no name`);
    if (found.has(name)) throw new ImportError(`receivers[${i}]: there are two receivers ${quoted(name)}`);
    found.set(name, receiver);
  }
  return found;
}

/**
 * Whom a receiver tells; what else it does is noted.
 * @throws ImportError when its parts are not what Alertmanager takes
 */
export function audienceOf(receiver: string, raw: Raw, note: Note): Audience {
  const at = `receiver ${quoted(receiver)}`;
  const entries = (key: string, read: (entry: Raw, place: Place) => Entry) =>
    listOf(raw[key], `${at}: ${key}`).map((entry, i) => {
      const place = `${at}, ${key}[${i}]`;
      return read(mapOf(entry, place), { place, note });
    });
  const all = [...entries('email_configs', mailEntry), ...entries('wechat_configs', wecomEntry)];
  noteOthers(raw, at, note);
  const told = all.filter((entry) => entry.emails.length + entry.userids.length > 0);
  if (told.length === 0 && parts(raw).length > 0)
    note(at, 'nobody of it was carried over, so its alert groups tell nobody: give them members or robots.');
  return {
    receiver,
    emails: told.flatMap((entry) => entry.emails),
    userids: told.flatMap((entry) => entry.userids),
    sendResolved: sendResolvedOf(told, { place: at, note }),
  };
}

function sendResolvedOf(told: readonly Entry[], { place, note }: Place): boolean | null {
  const flags = new Set(told.map((entry) => entry.sendResolved));
  if (flags.size > 1)
    note(
      place,
      'only some of it has send_resolved, and an alert group has one for all: now all are told when an alert ends.',
    );
  return flags.size === 0 ? null : flags.has(true);
}

const mailServer = [
  ...['from', 'smarthost', 'hello', 'require_tls', 'tls_config', 'auth_username', 'auth_password'],
  ...['auth_password_file', 'auth_secret', 'auth_secret_file', 'auth_identity', 'implicit_tls', 'force_implicit_tls'],
];

function mailEntry(raw: Raw, where: Place): Entry {
  const { place, note } = where;
  const emails = addressesAt(raw, 'to', mailAddresses, where);
  const server = mailServer.filter((key) => (raw[key] ?? null) !== null);
  if (server.length > 0)
    note(
      place,
      `${server.join(', ')} of its own cannot be kept, for there is one mail server for all: see SMTP_URL and MM_MAIL_FROM.`,
    );
  noteTexts(raw, ['headers', 'html', 'text'], where);
  noteUnknown(raw, [...mailServer, 'to', 'headers', 'html', 'text', 'send_resolved'], where);
  return { emails, userids: [], sendResolved: flagOf(raw['send_resolved'], `${place}.send_resolved`) ?? false };
}

const wecomAccess = ['api_secret', 'api_secret_file', 'api_url', 'corp_id', 'agent_id', 'http_config'];

function wecomEntry(raw: Raw, where: Place): Entry {
  const { place, note } = where;
  const found = addressesAt(raw, 'to_user', userids, where);
  for (const key of ['to_party', 'to_tag'])
    if (textOf(raw[key], `${place}.${key}`) !== null)
      note(
        place,
        `${key} names people whom only WeCom knows: add them as contacts, and as members of the alert group.`,
      );
  const access = wecomAccess.filter((key) => (raw[key] ?? null) !== null);
  if (access.length > 0)
    note(
      place,
      `${access.join(', ')} of its own cannot be kept, for there is one WeCom application for all: see MM_WECOM_CORP_ID, MM_WECOM_AGENT_ID and MM_WECOM_SECRET.`,
    );
  noteTexts(raw, ['message', 'message_type'], where);
  const known = [...wecomAccess, 'to_user', 'to_party', 'to_tag', 'message', 'message_type', 'send_resolved'];
  noteUnknown(raw, known, where);
  return { emails: [], userids: found, sendResolved: flagOf(raw['send_resolved'], `${place}.send_resolved`) ?? false };
}

/** The addresses in one field; what cannot be used is noted. */
function addressesAt(raw: Raw, key: string, read: (text: string) => Addresses, { place, note }: Place): string[] {
  const text = textOf(raw[key], `${place}.${key}`) ?? '';
  if (isTemplate(text)) {
    note(
      place,
      `${key} is a template, which only Alertmanager can fill in: write the addresses of the people as contacts.`,
    );
    return [];
  }
  const { good, bad } = read(text);
  if (bad.includes('@all'))
    note(place, `${key} is @all, everybody in the company: add those who are to know as contacts.`);
  const others = bad.filter((address) => address !== '@all');
  if (others.length > 0)
    note(
      place,
      `${others.slice(0, 10).map(quoted).join(', ')} in ${key} is no address that can be used: correct it and add it as a contact.`,
    );
  if (text.trim() === '') note(place, `it has no ${key}: add those who are to know as contacts.`);
  return good;
}

function noteTexts(raw: Raw, keys: readonly string[], { place, note }: Place): void {
  const given = keys.filter((key) => (raw[key] ?? null) !== null);
  if (given.length > 0)
    note(
      place,
      `${given.join(', ')} cannot be kept: Monitor Manager words its messages itself, in the language of each contact.`,
    );
}

function noteUnknown(raw: Raw, known: readonly string[], { place, note }: Place): void {
  const others = otherKeys(raw, known);
  if (others.length > 0)
    note(place, `${others.map(quoted).join(', ')} is not known here and was left out: see whether you need it.`);
}

/** Where Alertmanager posts when it is set up as our page says. */
const ownWebhook = '/api/v1/webhooks/alertmanager';

/** The keys under which a receiver has something to do. */
function parts(raw: Raw): string[] {
  return otherKeys(raw, ['name']).filter((key) => !(Array.isArray(raw[key]) && raw[key].length === 0));
}

function noteOthers(raw: Raw, at: string, note: Note): void {
  for (const key of parts(raw)) {
    if (key === 'email_configs' || key === 'wechat_configs') continue;
    if (key === 'webhook_configs' && postsHere(raw[key]))
      note(
        at,
        'it is Monitor Manager itself: take its routes out of the file and import it again, so that they become no alert groups.',
      );
    else
      note(
        at,
        `${quoted(key).slice(1, -1)} cannot be carried over, for only e-mail and WeCom are sent: leave its routes in Alertmanager as long as you need it.`,
      );
  }
}

function postsHere(entries: unknown): boolean {
  if (!Array.isArray(entries)) return false;
  return entries.some((entry) => typeof entry?.url === 'string' && entry.url.includes(ownWebhook));
}
