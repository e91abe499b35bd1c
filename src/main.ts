#!/usr/bin/env node
import { readFileSync, writeFileSync } from 'node:fs';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { createApp, openDb, type Service } from './app.ts';
import { runCli } from './cli/cli.ts';
import { errorCode } from './errors.ts';
import { createLogger } from './log.ts';
import { webhookPath } from './pipeline/receive/authenticate.ts';
import { checkProvision, listYaml, readText } from './provision.ts';
import type { Settings } from './settings.ts';
import { migrate } from './store/migrate.ts';

const root = fileURLToPath(new URL('..', import.meta.url));
const { version } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as { version: string };
const migrationsDir = join(root, 'migrations');

/** Runs until SIGTERM or SIGINT has drained it; a second signal ends it at once. */
async function startService(settings: Settings): Promise<void> {
  const log = createLogger({ ...settings.log, out: process.stdout });
  const service = await createApp(settings, { log, version, migrationsDir });
  log.info({ url: service.url, version, engine: service.db.engine }, 'Monitor Manager answers');
  for (const line of unconfigured(settings)) log.warn(line);
  process.stdout.write(greeting(service));
  process.on('SIGHUP', () => {
    service.reload().then(
      () => log.info('the provisioned files were applied again'),
      (error: unknown) => log.error({ err: error }, 'the provisioned files were not applied; what was there stays'),
    );
  });
  await new Promise<void>((resolve) => {
    let signals = 0;
    const stop = (signal: string) => {
      signals++;
      if (signals > 1) process.exit(1);
      log.info({ signal }, 'stopping; what is under way is finished first');
      const force = setTimeout(() => process.exit(1), settings.drainTimeoutMs);
      service.stop().finally(() => {
        clearTimeout(force);
        resolve();
      });
    };
    process.on('SIGTERM', stop);
    process.on('SIGINT', stop);
  });
  log.info('stopped');
}

/** What a newcomer needs to see: where it is, who may do everything, and what to paste into alertmanager.yml. */
function greeting(service: Service): string {
  const { adminToken, firstSource, settings } = service;
  const base = settings.externalUrl.replace(/\/+$/, '');
  const lines = [`\nMonitor Manager is at ${base}`];
  if (adminToken !== null) lines.push(`Admin token: ${adminToken.token}   (kept in ${adminToken.file})`);
  if (firstSource !== null) {
    lines.push(
      '',
      'Paste this into alertmanager.yml, under the receiver that your route names:',
      '',
      '    webhook_configs:',
      `      - url: ${base}${webhookPath}`,
      `        http_config: { authorization: { credentials: ${firstSource.token} } }`,
    );
  }
  return `${lines.join('\n')}\n\n`;
}

/** Says plainly what will not reach anybody. */
function unconfigured(settings: Settings): string[] {
  const missing = [];
  if (settings.smtp.url === null)
    missing.push('SMTP_URL is not set: mail is kept in the built-in outbox and reaches nobody');
  if (settings.wecom.corpId === null || settings.wecom.agentId === null || settings.wecom.secret === null) {
    missing.push(
      'MM_WECOM_CORP_ID, MM_WECOM_AGENT_ID or MM_WECOM_SECRET is not set: WeCom application messages are kept in the built-in outbox and reach nobody',
    );
  }
  return missing;
}

async function migrateOnly(settings: Settings): Promise<{ applied: string[] }> {
  const log = createLogger({ ...settings.log, out: process.stderr });
  const db = await openDb(settings, log);
  return migrate(db, { dir: migrationsDir, now: new Date() }).finally(() => db.close());
}

async function checkGiven({ provision, smtp }: Settings): Promise<string[]> {
  return [...(provision === null ? [] : checkProvision(provision)), ...unreadable(smtp.caFile)];
}

function unreadable(caFile: string | null): string[] {
  try {
    if (caFile !== null) readFileSync(caFile);
    return [];
  } catch (error) {
    return [`smtp.ca_file: cannot read ${caFile} (${errorCode(error) ?? 'unreadable'})`];
  }
}

process.exitCode = await runCli(process.argv.slice(2), {
  version,
  env: process.env,
  hostname: hostname(),
  out: (text) => process.stdout.write(text),
  err: (text) => process.stderr.write(text),
  readFile: readText,
  writeFile: (path, text) => writeFileSync(path, text),
  listFiles: listYaml,
  fetch,
  startService,
  migrate: migrateOnly,
  checkProvision: checkGiven,
});
