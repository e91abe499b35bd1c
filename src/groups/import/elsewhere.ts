/** The sections of the file that stand for nothing here: all of them are noted, none is used. */
import { listOf, mapOf, type Note, otherKeys, quoted, type Raw } from './raw.ts';

const sections = [
  ...['global', 'route', 'receivers', 'time_intervals', 'mute_time_intervals', 'inhibit_rules', 'templates'],
];

/** @throws ImportError when a section is not what Alertmanager takes */
export function noteElsewhere(raw: Raw, note: Note): void {
  if (raw['global'] !== undefined && raw['global'] !== null) noteGlobal(mapOf(raw['global'], 'global'), note);
  if (listOf(raw['templates'], 'templates').length > 0)
    note(
      'templates',
      'they cannot be kept: Monitor Manager words its messages itself, in the language of each contact.',
    );
  for (const key of otherKeys(raw, sections))
    note(quoted(key).slice(1, -1), 'this section is not known here and was left out: see whether you need it.');
}

/** What settings stand for the settings of Alertmanager that begin like this. */
const settings: Readonly<Record<string, string>> = {
  smtp_:
    'set SMTP_URL and MM_MAIL_FROM instead, and where they differ from the usual MM_SMTP_REQUIRE_TLS and MM_SMTP_CA_FILE.',
  wechat_:
    'set MM_WECOM_CORP_ID, MM_WECOM_AGENT_ID and MM_WECOM_SECRET instead, and for an address of your own MM_WECOM_API_URL.',
};

function noteGlobal(global: Raw, note: Note): void {
  const keys = otherKeys(global, []);
  for (const [prefix, advice] of Object.entries(settings)) {
    const given = keys.filter((key) => key.startsWith(prefix));
    if (given.length > 0) note('global', `not read from this file: ${given.map(plain).join(', ')}; ${advice}`);
  }
  const others = keys.filter((key) => !Object.keys(settings).some((prefix) => key.startsWith(prefix)));
  if (others.length > 0) note('global', `without a meaning here, and left out: ${others.map(plain).join(', ')}.`);
}

function plain(key: string): string {
  return quoted(key).slice(1, -1);
}
