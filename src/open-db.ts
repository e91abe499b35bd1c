import type { Logger } from './log.ts';
import type { Settings } from './settings.ts';
import type { Db } from './store/db.ts';
import { openPglite } from './store/pglite.ts';
import { openPostgres } from './store/postgres.ts';

/** Opens the database that the settings name. */
export function openDb(settings: Settings, log: Logger): Promise<Db> {
  const onConnectionError = (error: Error) => log.warn({ err: error }, 'a database connection broke');
  if (settings.databaseUrl === null) {
    return openPglite({
      dataDir: settings.dataDir,
      onConnectionError,
      onLost: (error) => {
        log.fatal({ err: error }, 'the embedded database is lost; stopping so that a restart can open it again');
        process.exit(1);
      },
    });
  }
  return Promise.resolve(
    openPostgres({
      url: settings.databaseUrl,
      applicationName: 'monitor-manager',
      statementTimeoutMs: 5_000,
      connectTimeoutMs: 1_500,
      onConnectionError,
    }),
  );
}
