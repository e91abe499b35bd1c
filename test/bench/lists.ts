/**
 * How fast every list of the API answers its first page, with each filter and without, on a real PostgreSQL with 10,000
 * incidents and 1,000,000 alerts. The lists come out of the OpenAPI document, so a new one is measured too.
 * `MM_BENCH_SHORT=1` seeds a tenth, `MM_BENCH_ONLY` measures the paths that contain it. Exit code 1 when a p95 is over the limit.
 */

import { monitorEventLoopDelay } from 'node:perf_hooks';
import { startPostgres } from '../support/postgres.ts';
import { adminToken, startService } from '../support/service.ts';
import { type Size, seed } from './seed-lists.ts';

/** There is one object of every kind with this name, for the lists of what belongs to one. */
const named = 'group-3';
const limitMs = 100;
const runs = 40;
const only = process.env['MM_BENCH_ONLY'];
const short = process.env['MM_BENCH_SHORT'] === '1';
const size: Size = short
  ? { alerts: 100_000, incidents: 1_000, notifications: 50_000 }
  : { alerts: 1_000_000, incidents: 10_000, notifications: 500_000 };

/** What each filter is tried with; a list of the API with another one is measured with the first enum value, or not by it. */
const samples: Readonly<Record<string, readonly string[]>> = {
  state: [
    'open',
    'closed',
    'acknowledged',
    'firing',
    'resolved',
    'stale',
    'expired',
    'accepted',
    'cancelled',
    'undeliverable',
    'pending',
  ],
  group: [named, 'watchdog'],
  critical: ['true', 'false'],
  order: ['worst'],
  filter: ['severity="critical"', 'instance="host-4711.example.org:9100"', 'team=~"team-1|team-2"', 'pod=~"nothing.*"'],
  incident: ['9000'],
  channel: ['email', 'wecom-robot'],
  destination: ['7', '999999'],
  outbox: ['true', 'false'],
  q: ['person-17', 'nobody has this'],
  since: ['2026-01-08T00:00:00Z'],
  until: ['2026-01-06T00:00:00Z'],
  source: ['az-3', 'nobody'],
  who: ['user-17', 'nobody'],
  kind: ['contacts', 'nothing'],
  key: ['object-17', 'nothing'],
  action: ['create', 'nothing'],
};

interface Parameter {
  name: string;
  in: string;
  schema: unknown;
}
interface OpenApi {
  paths: Record<string, { get?: { parameters: Parameter[] } }>;
}

/** Every list, and the queries to try on it. */
function queriesOf({ paths }: OpenApi, silenceId: string): { path: string; query: string }[] {
  return Object.entries(paths).flatMap(([path, { get }]) => {
    const parameters = (get?.parameters ?? []).filter((p) => p.in === 'query');
    if (!parameters.some((p) => p.name === 'limit')) return [];
    const at = path.replace(/\{\w+\}/g, path.includes('/silences/') ? silenceId : named);
    const filters = parameters.flatMap(({ name, schema }) => {
      const allowed = /"enum":(\[[^\]]*\])/.exec(JSON.stringify(schema))?.[1];
      const values = samples[name] ?? [];
      const fitting =
        allowed === undefined ? values : values.filter((v) => (JSON.parse(allowed) as unknown[]).includes(v));
      return fitting.map((value) => `${name}=${encodeURIComponent(value)}`);
    });
    return ['', 'limit=500', ...filters].map((query) => ({ path: at, query }));
  });
}

const postgres = await startPostgres({ settings: { fsync: 'off', shared_buffers: '512MB' } });
try {
  const url = await postgres.createDatabase();
  const service = await startService({ env: { DATABASE_URL: url } });
  try {
    await service.apply({
      sources: [...numbers(20).map((n) => `az-${n}`), named].map((name) => ({
        name,
        token: `token-of-${name}-0123456789`,
      })),
      contacts: [...numbers(500).map((n) => `person-${n}`), named].map((name) => ({
        name,
        email: `${name}@example.org`,
      })),
      robots: [{ name: named, key: 'robot-key' }],
      heartbeats: [{ name: named, matchers: ['alertname="Beat"'] }],
      time_intervals: [{ name: named, time_intervals: [{ weekdays: ['monday'] }] }],
      alert_groups: numbers(20).map((n) => ({
        name: `group-${n}`,
        matchers: [`team="team-${n}"`],
        members: [`person-${n}`],
      })),
    });
    const began = performance.now();
    await seed(url, size);
    console.log(`seeded ${size.alerts} alerts in ${Math.round((performance.now() - began) / 1000)} s`);
    // An edit: from now on the service knows of the silences that were seeded, and has looked at everything open for it.
    const edited = performance.now();
    const silence = await service.api<{ id: string }>('POST', '/api/v1/silences', {
      matchers: ['team="none"'],
      duration: '1h',
      comment: 'bench',
    });
    await service.service.settle();
    console.log(`a look at everything open after an edit: ${((performance.now() - edited) / 1000).toFixed(1)} s`);
    const document = await service.api<OpenApi>('GET', '/api/openapi.json');
    let slow = 0;
    for (const { path, query } of queriesOf(document, silence.id))
      slow += (await measure(service.url, `${path}?${query}`)) ? 0 : 1;
    await time('preview of an alert group', () =>
      service.api('POST', '/api/v1/alert-groups/preview', {
        draft: { name: 'draft', matchers: ['severity="critical"'], members: ['person-1'] },
      }),
    );
    await time('preview of a silence', () =>
      service.api('POST', '/api/v1/silences/preview', { matchers: ['team="team-1"'] }),
    );
    console.log(slow === 0 ? `every list answers in under ${limitMs} ms` : `${slow} are slower than ${limitMs} ms`);
    process.exitCode = slow === 0 ? 0 : 1;
  } finally {
    await service.stop();
  }
} finally {
  await postgres.stop();
}

/** Shows how long something takes that is no list, and for how long it keeps others waiting. */
async function time(what: string, work: () => Promise<unknown>): Promise<void> {
  const delay = monitorEventLoopDelay({ resolution: 1 });
  delay.enable();
  const began = performance.now();
  await work();
  const took = performance.now() - began;
  delay.disable();
  console.log(
    `  ${what}: ${took.toFixed(0)} ms; the longest stop of the event loop ${(delay.max / 1e6).toFixed(0)} ms`,
  );
}

/** Prints one line; says whether it is fast enough. A page of 500 is shown for comparison only. */
async function measure(url: string, path: string): Promise<boolean> {
  if (only !== undefined && !path.includes(only)) return true;
  const times: number[] = [];
  let status = 0;
  let items = 0;
  for (let run = 0; run < runs; run++) {
    const began = performance.now();
    const answer = await fetch(`${url}${path}`, { headers: { authorization: `Bearer ${adminToken}` } });
    const text = await answer.text();
    times.push(performance.now() - began);
    status = answer.status;
    items = (JSON.parse(text) as { items?: unknown[] }).items?.length ?? 0;
    if (run === 4 && times.every((t) => t > 1_000)) break;
  }
  times.sort((a, b) => a - b);
  const [p50 = 0, p95 = 0] = [0.5, 0.95].map((share) => times[Math.floor((times.length - 1) * share)] ?? 0);
  const good = path.endsWith('limit=500') || (status === 200 && p95 < limitMs);
  const figures = `${String(status)}  ${String(items).padStart(4)} items  p50 ${p50.toFixed(1).padStart(7)}  p95 ${p95.toFixed(1).padStart(7)} ms`;
  console.log(`${good ? '  ' : '! '}${figures}  ${decodeURIComponent(path)}`);
  return good;
}

function numbers(count: number): number[] {
  return Array.from({ length: count }, (_, n) => n + 1);
}
