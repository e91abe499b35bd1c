/** What the start says to whoever is watching it. Pure. */
import type { FirstSecret } from './access.ts';
import { alertmanagerConfig } from './groups/alertmanager-config.ts';
import { webhookPath } from './pipeline/receive/authenticate.ts';
import { nearestName } from './settings/nearest.ts';
import { describeSettings, type Settings } from './settings.ts';

/** What the greeting is about. */
export interface Greeted {
  settings: Settings;
  adminToken: FirstSecret | null;
  firstSource: FirstSecret | null;
}

/**
 * What a newcomer needs to see: where it is, who may do everything, and what to paste into alertmanager.yml. Secrets are
 * shown when they have just been made, and to somebody at a terminal. Whatever collects the output of later starts gets
 * nothing, so that it holds the log alone, and no secret.
 */
export function greeting({ settings, adminToken, firstSource }: Greeted, atTerminal: boolean): string {
  const shown = (secret: FirstSecret | null) => secret !== null && (secret.made || atTerminal);
  if (!shown(adminToken) && !shown(firstSource) && !atTerminal) return '';
  const base = settings.externalUrl.replace(/\/+$/, '');
  const lines = [`\nMonitor Manager is at ${base}`];
  if (adminToken !== null && shown(adminToken)) {
    lines.push(`Admin token: ${adminToken.token}   (kept in ${adminToken.file})`);
  }
  if (firstSource !== null && shown(firstSource)) {
    lines.push(
      '',
      'Merge this into alertmanager.yml, and load it again. Its two routes take every alert: a root receiver of your own',
      'gets none any more, unless you uncomment the last route with its name:',
      '',
      alertmanagerConfig({ url: `${base}${webhookPath}`, token: firstSource.token }),
      `(the token is kept in ${firstSource.file})`,
    );
  }
  return `${lines.join('\n')}\n\n`;
}

/** What every start says in the log: where it listens, where people reach it, and where to look for the admin token. */
export function startFacts({ settings: { listen, externalUrl }, adminToken }: Omit<Greeted, 'firstSource'>) {
  return {
    listen: `${listen.host.includes(':') ? `[${listen.host}]` : listen.host}:${listen.port}`,
    url: externalUrl,
    ...(adminToken === null ? {} : { admin_token_in: adminToken.file }),
  };
}

/** Says plainly what will not reach anybody, and what looks like a mistake. */
export function warnings(settings: Settings, env: Readonly<Record<string, string | undefined>>): string[] {
  const { smtp, wecom, emergencyContacts, externalUrl } = settings;
  const mail = smtp.url !== null;
  const app = wecom.corpId !== null && wecom.agentId !== null && wecom.secret !== null;
  const checks: readonly (readonly [wrong: boolean, words: string])[] = [
    [!mail, 'SMTP_URL is not set: mail is kept in the built-in outbox and reaches nobody'],
    [
      !app,
      'MM_WECOM_CORP_ID, MM_WECOM_AGENT_ID or MM_WECOM_SECRET is not set: WeCom application messages are kept in the built-in outbox and reach nobody',
    ],
    [
      emergencyContacts.length === 0,
      'MM_EMERGENCY_CONTACTS is not set: a lost heartbeat and trouble of our own reach nobody, unless the alert groups watchdog and self have members',
    ],
    [
      mail && /@localhost>?$/.test(smtp.from),
      'MM_MAIL_FROM is not set: mail comes from an address at localhost, which many mail servers refuse',
    ],
    [
      (mail || app) && new URL(externalUrl).hostname === 'localhost',
      'MM_EXTERNAL_URL is not set: the links in messages lead to localhost',
    ],
  ];
  return [...checks.flatMap(([wrong, words]) => (wrong ? [words] : [])), ...unknownVariables(env)];
}

/** Read by the command line, not by the settings. */
const otherVariables = ['MM_CONFIG', 'MM_URL'];

/** A misspelt variable would else be ignored without a word. Kubernetes makes some for a service named `mm`. */
function unknownVariables(env: Readonly<Record<string, string | undefined>>): string[] {
  const known = [
    ...otherVariables,
    ...describeSettings().flatMap(({ env: name, secret }) =>
      name === undefined ? [] : [name, ...(secret ? [`${name}_FILE`] : [])],
    ),
  ];
  return Object.keys(env)
    .filter(
      (name) => name.startsWith('MM_') && !known.includes(name) && !/_(SERVICE|PORT)\b|_(SERVICE|PORT)_/.test(name),
    )
    .map((name) => {
      const near = nearestName(name, known);
      return `there is no setting ${name}: it is ignored${near === null ? '' : `; did you mean ${near}?`}`;
    });
}
