#!/usr/bin/env node
import { readFileSync, writeFileSync } from 'node:fs';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { createApp, type Service } from './app.ts';
import { runCli } from './cli/cli.ts';
import { errorCode } from './errors.ts';
import { greeting, startFacts, warnings } from './greeting.ts';
import { createLogger, type Logger } from './log.ts';
import { openDb } from './open-db.ts';
import { checkProvision, listYaml, readText } from './provision.ts';
import type { Settings } from './settings.ts';
import { migrate } from './store/migrate.ts';

const root = fileURLToPath(new URL('..', import.meta.url));
const { version } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as { version: string };
const migrationsDir = join(root, 'migrations');
const pageDir = join(root, 'dist', 'web');

/** Runs until SIGTERM or SIGINT has drained it; a second signal ends it at once. */
async function startService(settings: Settings): Promise<void> {
  const log = createLogger({ ...settings.log, out: process.stdout });
  // Before the start: a SIGHUP that comes too early would else end the process.
  process.on('SIGHUP', () => reload(starting, log));
  const starting = createApp(settings, { log, version, migrationsDir, pageDir });
  const service = await starting.catch((error: unknown) => {
    throw startError(error, settings);
  });
  log.info({ ...startFacts(service), version, engine: service.db.engine }, 'Monitor Manager answers');
  for (const line of warnings(settings, process.env)) log.warn(line);
  process.stdout.write(greeting(service, process.stdout.isTTY === true));
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

async function reload(starting: Promise<Service>, log: Logger): Promise<void> {
  try {
    const applied = await (await starting).reload();
    log.info(applied ? 'the provisioned files were applied again' : 'no files are provisioned (MM_PROVISION)');
  } catch (error) {
    log.error({ err: error }, 'the provisioned files were not applied; what was there stays');
  }
}

/** What keeps us from starting, with what to do about it where the system's words do not say. */
function startError(error: unknown, { listen, databaseUrl }: Settings): unknown {
  const code = errorCode(error) ?? '';
  if (code === 'EADDRINUSE') {
    const where = `${listen.host}:${listen.port}`;
    return new Error(`cannot listen on ${where}: the port is in use. Stop the other program, or set MM_LISTEN.`);
  }
  const away = ['ECONNREFUSED', 'ENOTFOUND', 'EAI_AGAIN', 'ETIMEDOUT', 'EHOSTUNREACH', 'ECONNRESET'].includes(code);
  if (away && databaseUrl !== null) {
    return new Error('cannot reach PostgreSQL (DATABASE_URL). Is it running, and is the address right?', {
      cause: error,
    });
  }
  return error;
}

async function migrateOnly(settings: Settings): Promise<{ applied: string[] }> {
  const log = createLogger({ ...settings.log, out: process.stderr });
  const db = await openDb(settings, log);
  return migrate(db, { dir: migrationsDir, now: new Date() })
    .catch((error: unknown) => {
      throw startError(error, settings);
    })
    .finally(() => db.close());
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

const code = await runCli(process.argv.slice(2), {
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
// What still tries to come back, such as a lost connection to Redis, must not keep a process alive that has stopped.
process.stdout.write('', () => process.stderr.write('', () => process.exit(code)));
