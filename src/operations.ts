import type { Express } from 'express';
import type { Db } from './store/db.ts';

/** What the endpoints for operators need. */
export interface OperationsParts {
  db: Db;
  /** False from the first SIGTERM on. */
  ready: () => boolean;
  metrics: () => Promise<{ type: string; text: string }>;
}

/** How long the database may take to answer before this replica says that it is not ready. */
const readyWithinMs = 1_500;

/**
 * Mounts `/-/healthy`, `/-/ready` and `/metrics`, as Prometheus tools have them. Liveness asks nothing of the database: a
 * restart would not bring it back.
 */
export function mountOperations(app: Express, parts: OperationsParts): void {
  app.get('/-/healthy', (_req, res) => {
    res.type('text/plain').send('Monitor Manager is healthy.\n');
  });
  app.get('/-/ready', async (_req, res) => {
    const why = parts.ready() ? await databaseTrouble(parts.db) : 'it is stopping';
    res.status(why === null ? 200 : 503).type('text/plain');
    res.send(why === null ? 'Monitor Manager is ready.\n' : `Monitor Manager is not ready: ${why}.\n`);
  });
  app.get('/metrics', async (_req, res) => {
    const { type, text } = await parts.metrics();
    res.set('content-type', type).send(text);
  });
}

async function databaseTrouble(db: Db): Promise<string | null> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<string>((resolve) => {
    timer = setTimeout(() => resolve('the database does not answer'), readyWithinMs);
  });
  const asked = db.query('select version from config_version').then(
    () => null,
    () => 'the database cannot be reached',
  );
  return Promise.race([asked, late]).finally(() => clearTimeout(timer));
}
