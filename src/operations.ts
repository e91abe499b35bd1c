import type { Express } from 'express';

/** What the endpoints for operators need. */
export interface OperationsParts {
  /** Why this replica is not ready, in words that end a sentence; null: it is. */
  whyNotReady: () => Promise<string | null>;
  metrics: () => Promise<{ type: string; text: string }>;
}

/**
 * Mounts `/-/healthy`, `/-/ready` and `/metrics`, as Prometheus tools have them. Liveness asks nothing of the database: a
 * restart would not bring it back.
 */
export function mountOperations(app: Express, parts: OperationsParts): void {
  app.get('/-/healthy', (_req, res) => {
    res.type('text/plain').send('Monitor Manager is healthy.\n');
  });
  app.get('/-/ready', async (_req, res) => {
    const why = await parts.whyNotReady();
    res.status(why === null ? 200 : 503).type('text/plain');
    res.set('cache-control', 'no-store');
    res.send(why === null ? 'Monitor Manager is ready.\n' : `Monitor Manager is not ready: ${why}.\n`);
  });
  app.get('/metrics', async (_req, res) => {
    const { type, text } = await parts.metrics();
    res.set('content-type', type).send(text);
  });
}
