/** Several sites in this process that watch each other, each with its own database and mail server, on roads that can be cut. */

import { type HandClock, handClock } from './clock.ts';
import type { DeploymentName } from './deployments.ts';
import { freshDb } from './fresh-db.ts';
import { startProxy, type TcpProxy } from './proxy.ts';
import { type ServiceOptions, startService, type TestService } from './service.ts';
import { migratedDatabase } from './shared-postgres.ts';
import { type SmtpServer, startSmtp } from './smtp.ts';

/** One site. */
export interface Site {
  readonly name: string;
  s: TestService;
  smtp: SmtpServer;
  clock: HandClock;
  /** The subjects of its mails. */
  told(): string[];
  /** What the API says of one of its peers. */
  sees(peer: string): Promise<Record<string, unknown> & { state: string; verdict: string | null; told: string[] }>;
}

export interface Sites extends AsyncDisposable {
  of(name: string): Site;
  /** The road by which one asks another; what the other asks goes by a road of its own. */
  road(from: string, to: string): TcpProxy;
  /** Cuts all roads from and to one site. */
  cutOff(name: string): void;
  /** Mends them. */
  heal(name: string): void;
  /** Lets time pass for all who live, with a round of probes every `stepMs`. */
  live(ms: number, stepMs?: number): Promise<void>;
  /** Ends a site; `announced`: as on SIGTERM. Else nobody hears of it, as when its power fails. */
  stop(name: string, how: 'announced' | 'silent'): Promise<void>;
  /** Another replica of a site, on its database. */
  replicaOf(name: string): Promise<TestService>;
  /** Starts it again with its data. */
  start(name: string): Promise<void>;
}

export const pairSecret = 'a-secret-of-two-sites-0123456789';

/** The settings that all sites of a test have. */
const settings = {
  MM_PEERS_TIMEOUT: '500ms',
  MM_PEERS_UP_AFTER: '2',
  MM_EMERGENCY_CONTACTS: 'mailto:admin@example.org',
  MM_MAIL_FROM: 'mm@example.org',
};

/** Starts the sites and configures each as a peer of all others. */
export async function startSites(deployment: DeploymentName, names: readonly string[]): Promise<Sites> {
  const sites = new Map<string, Site & { options: ServiceOptions }>();
  const roads = new Map<string, TcpProxy>();
  const gone = new Set<string>();
  for (const name of names) sites.set(name, await startSite(deployment, name));
  const of = (name: string) => sites.get(name) as Site & { options: ServiceOptions };
  for (const from of names) {
    for (const to of names.filter((name) => name !== from))
      roads.set(`${from} ${to}`, await startProxy({ target: of(to).s.url }));
  }
  const road = (from: string, to: string) => roads.get(`${from} ${to}`) as TcpProxy;
  for (const from of names) {
    const others = names.filter((name) => name !== from);
    const peers = others.map((name) => ({
      name,
      url: `http://127.0.0.1:${road(from, name).port}`,
      secret: pairSecret,
    }));
    await of(from).s.apply({ peers });
  }
  const roadsOf = (name: string) =>
    names.filter((other) => other !== name).flatMap((other) => [road(name, other), road(other, name)]);
  return {
    of,
    road,
    cutOff: (name) => {
      for (const one of roadsOf(name)) one.cut();
    },
    heal: (name) => {
      for (const one of roadsOf(name)) one.heal();
    },
    async live(ms, stepMs = 5_000) {
      for (let left = ms; left > 0; left -= stepMs) {
        for (const { clock } of sites.values()) clock.advance(Math.min(stepMs, left));
        for (const [name, { s }] of sites) {
          if (gone.has(name)) continue;
          await s.service.tick();
          await s.service.settle();
        }
      }
    },
    async stop(name, how) {
      gone.add(name);
      const away = names.filter((one) => one !== name).map((one) => road(name, one));
      if (how === 'silent') for (const one of away) one.cut();
      await of(name).s.stop();
      for (const one of away) one.heal();
    },
    replicaOf: (name) => startService({ ...of(name).options, clock: of(name).clock }),
    async start(name) {
      const site = of(name);
      site.s = await startService({ ...site.options, clock: site.clock });
      for (const from of names.filter((one) => one !== name)) {
        const before = road(from, name);
        const port = before.port;
        await before.stop();
        roads.set(`${from} ${name}`, await startProxy({ target: site.s.url, port }));
      }
      gone.delete(name);
    },
    async [Symbol.asyncDispose]() {
      for (const { s, smtp, options } of sites.values()) {
        await s.stop();
        await smtp.stop();
        await options.db?.close();
      }
      for (const one of roads.values()) await one.stop();
    },
  };
}

async function startSite(deployment: DeploymentName, name: string): Promise<Site & { options: ServiceOptions }> {
  const [smtp, clock] = [await startSmtp(), handClock()];
  const stored: ServiceOptions =
    deployment === 'embedded' ? { db: await freshDb() } : { env: { DATABASE_URL: await migratedDatabase() } };
  const env = { ...settings, ...stored.env, MM_SITE: name, SMTP_URL: smtp.url };
  const options: ServiceOptions = { ...stored, env };
  const site = {
    ...{ name, smtp, clock, options },
    s: await startService({ ...options, clock }),
    told: () => smtp.mails.map(({ subject }) => subject),
    sees: (peer: string) => site.s.api<Awaited<ReturnType<Site['sees']>>>('GET', `/api/v1/peers/${peer}`),
  };
  return site;
}
