import type { Express } from 'express';
import type { Db } from './store/db.ts';

/** What the endpoints for operators need. */
export interface OperationsParts {
  db: Db;
  /** False from the first SIGTERM on. */
  ready: () => boolean;
  metrics: () => Promise<{ type: string; text: string }>;
}

/** What a browser finds here: where things are. */
const landingPage = `<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>Monitor Manager</title>
<h1>Monitor Manager</h1>
<p>The service is running. It is steered by its API and its command line.</p>
<ul>
  <li><a href="api/openapi.json">The API</a></li>
  <li><a href="-/ready">Readiness</a></li>
  <li><a href="metrics">Metrics</a></li>
</ul>
</html>
`;

/** Where the links of messages lead: what is known of an incident needs a token, so a page without one says how to ask. */
const incidentPage = (id: string) => `<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>Incident ${id}</title>
<h1>Incident ${id}</h1>
<p>With an API token as <code>T</code>:</p>
<pre>
curl -H "Authorization: Bearer $T" $URL/api/v1/incidents/${id}
curl -H "Authorization: Bearer $T" -X POST $URL/api/v1/incidents/${id}/acknowledge
</pre>
<p><a href="../api/openapi.json">The API</a></p>
</html>
`;

/** How long the database may take to answer before this replica says that it is not ready. */
const readyWithinMs = 1_500;

/**
 * Mounts `/-/healthy`, `/-/ready` and `/metrics`, as Prometheus tools have them. Liveness asks nothing of the database: a
 * restart would not bring it back.
 */
export function mountOperations(app: Express, parts: OperationsParts): void {
  app.get('/', (_req, res) => {
    res.type('html').send(landingPage);
  });
  app.get('/incidents/:id', (req, res, next) => {
    const { id } = req.params;
    if (/^\d{1,18}$/.test(id)) res.type('html').send(incidentPage(id));
    else next();
  });
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
