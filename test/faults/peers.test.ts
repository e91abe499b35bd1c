/** Three sites as processes of their own, with data and mail servers of their own, on roads that can be made bad. */
import { cpSync } from 'node:fs';
import { basename } from 'node:path';
import { removeFolder, temporaryFolder } from '../support/folders.ts';
import { type ProcessService, startProcessService } from '../support/process-service.ts';
import { startProxy, type TcpProxy } from '../support/proxy.ts';
import { type SmtpServer, startSmtp } from '../support/smtp.ts';
import { eventually } from '../support/wait.ts';
import { drills } from './deployments.ts';

const names = ['site-a', 'site-b', 'site-c'] as const;
type Name = (typeof names)[number];

interface Site {
  service: ProcessService;
  smtp: SmtpServer;
  folder: string;
}

interface Seen {
  name: string;
  state: string;
  verdict: string | null;
  told: string[];
}

const announcedRestarts = drills ? 100 : 10;
const sites = {} as Record<Name, Site>;
const roads = new Map<string, TcpProxy>();
const road = (from: Name, to: Name) => roads.get(`${from} ${to}`) as TcpProxy;
const othersOf = (name: Name) => names.filter((other) => other !== name);

/** A busy machine answers late: the times are as short as that allows. */
const rules = {
  ...{ MM_PEERS_INTERVAL: '200ms', MM_PEERS_TIMEOUT: '1500ms', MM_PEERS_DOWN_AFTER: '3s' },
  ...{ MM_PEERS_UP_AFTER: '3', MM_PEERS_LEAVING_GRACE: '10m' },
};

/** A first start takes seconds: the sites go on from copies of what one has made. */
beforeAll(async () => {
  const template = temporaryFolder('peers-template');
  const first = await startProcessService({ env: { MM_DATA_DIR: template } });
  first.signal('SIGTERM');
  await first.exited();
  for (const name of names) sites[name] = await startSite(name, template);
  removeFolder(template);
  await first.stop();
  for (const from of names) {
    for (const to of othersOf(from)) roads.set(`${from} ${to}`, await startProxy({ target: sites[to].service.url }));
  }
  for (const from of names) {
    const peers = othersOf(from).map((name) => ({
      ...{ name, url: `http://127.0.0.1:${road(from, name).port}`, secret: 'a-secret-of-two-sites-0123456789' },
    }));
    await sites[from].service.api('POST', '/api/v1/apply', { peers });
  }
});
afterAll(async () => {
  for (const { service, smtp, folder } of Object.values(sites)) {
    await service.stop();
    await smtp.stop();
    removeFolder(folder);
  }
  for (const one of roads.values()) await one.stop();
});

/** Locks are sockets, which cannot be copied. */
async function startSite(name: Name, template: string): Promise<Site> {
  const [smtp, folder] = [await startSmtp(), temporaryFolder(name)];
  cpSync(template, folder, { recursive: true, filter: (path) => !basename(path).startsWith('lock-') });
  const mail = {
    SMTP_URL: smtp.url,
    MM_MAIL_FROM: 'mm@example.org',
    MM_EMERGENCY_CONTACTS: 'mailto:admin@example.org',
  };
  const service = await startProcessService({ env: { MM_DATA_DIR: folder, MM_SITE: name, ...mail, ...rules } });
  return { service, smtp, folder };
}

const within = { timeoutMs: 200_000, everyMs: 100 };

async function seenBy(name: Name): Promise<Seen[]> {
  return (await sites[name].service.api<{ items: Seen[] }>('GET', '/api/v1/peers')).items;
}

/** Waits until each sees all others as up and no alarm is out. */
async function calm(): Promise<void> {
  const isCalm = (seen: Seen[]) => seen.every(({ state, told }) => state === 'up' && told.length === 0);
  await eventually(async () => (await Promise.all(names.map(seenBy))).every(isCalm), {
    ...within,
    describe: 'all sites to see each other',
  });
}

/** How often one has probed another. */
async function probesOf(from: Name, to: Name): Promise<number> {
  const text = await (await fetch(`${sites[from].service.url}/metrics`)).text();
  const found = new RegExp(`peer_probe_duration_seconds_count\\{peer="${to}"\\} (\\d+)`).exec(text);
  return Number(found?.[1] ?? 0);
}

/** Lets each of them probe each other so often. */
async function rounds(count: number): Promise<void> {
  const pairs = names.flatMap((from) => othersOf(from).map((to) => [from, to] as const));
  const before = await Promise.all(pairs.map(([from, to]) => probesOf(from, to)));
  const enough = async ([from, to]: readonly [Name, Name], index: number) =>
    (await probesOf(from, to)) >= (before[index] ?? 0) + count;
  await eventually(async () => (await Promise.all(pairs.map(enough))).every(Boolean), within);
}

const told = (name: Name) => sites[name].smtp.mails.map(({ subject }) => subject);

async function untilTold(name: Name, words: string): Promise<void> {
  await eventually(() => told(name).some((subject) => subject.includes(words)), {
    ...within,
    describe: () => `${name} to tell "${words}"; it has told ${JSON.stringify(told(name))}`,
  });
}

/** Waits until it is calm again, and for a few rounds more: nothing else may follow. */
async function everythingTold(): Promise<Record<string, string[]>> {
  await calm();
  await rounds(10);
  return Object.fromEntries(names.map((name) => [name, told(name)]));
}

const down = (name: Name) => `[SITE TROUBLE] ${name} does not answer`;
const cutOff = (name: Name) => `[SITE TROUBLE] ${name} is cut off from the other sites`;
const back = (name: Name) => `[SITE WELL AGAIN] ${name}`;

describe('of three sites', () => {
  beforeEach(async () => {
    await calm();
    for (const name of names) sites[name].smtp.clear();
  });

  it('one that is killed is told of once, by one of the others, and its return', async () => {
    await sites['site-c'].service.kill();
    await untilTold('site-a', down('site-c'));
    await sites['site-c'].service.start();
    await untilTold('site-a', back('site-c'));
    expect(await everythingTold()).toEqual({
      ...{ 'site-a': [down('site-c'), back('site-c')], 'site-b': [], 'site-c': [] },
    });
  });

  it('one that is frozen is told of once, and accuses nobody when it goes on', async () => {
    sites['site-c'].service.signal('SIGSTOP');
    await untilTold('site-a', down('site-c'));
    sites['site-c'].service.signal('SIGCONT');
    await untilTold('site-a', back('site-c'));
    expect(await everythingTold()).toEqual({
      ...{ 'site-a': [down('site-c'), back('site-c')], 'site-b': [], 'site-c': [] },
    });
  });

  it('one that is cut off from the others says so of itself', async () => {
    const all = othersOf('site-c').flatMap((other) => [road('site-c', other), road(other, 'site-c')]);
    for (const one of all) one.blackhole();
    await untilTold('site-a', down('site-c'));
    await untilTold('site-c', cutOff('site-c'));
    for (const one of all) one.heal();
    await untilTold('site-a', back('site-c'));
    await untilTold('site-c', back('site-c'));
    expect(await everythingTold()).toEqual({
      ...{ 'site-a': [down('site-c'), back('site-c')], 'site-b': [] },
      'site-c': [cutOff('site-c'), back('site-c')],
    });
  });

  it('one that loses its mail server too tells that it was cut off when it has it again', async () => {
    const all = othersOf('site-c').flatMap((other) => [road('site-c', other), road(other, 'site-c')]);
    for (const one of all) one.cut();
    await sites['site-c'].smtp.stopListening();
    await untilTold('site-a', down('site-c'));
    for (const one of all) one.heal();
    await untilTold('site-a', back('site-c'));
    await sites['site-c'].smtp.listenAgain();
    await untilTold('site-c', cutOff('site-c'));
    await untilTold('site-c', back('site-c'));
    expect(await everythingTold()).toEqual({
      ...{ 'site-a': [down('site-c'), back('site-c')], 'site-b': [] },
      'site-c': [cutOff('site-c'), back('site-c')],
    });
  });

  it('two that lose the road between them name the road, once', async () => {
    const words = '[SITE TROUBLE] the road between site-a and site-c is broken';
    for (const one of [road('site-a', 'site-c'), road('site-c', 'site-a')]) one.cut();
    await untilTold('site-a', words);
    for (const one of [road('site-a', 'site-c'), road('site-c', 'site-a')]) one.heal();
    await untilTold('site-a', back('site-c'));
    expect(await everythingTold()).toEqual({ 'site-a': [words, back('site-c')], 'site-b': [], 'site-c': [] });
  });

  it('one that is slow is told of by nobody', async () => {
    for (const other of othersOf('site-c')) road(other, 'site-c').delay(200);
    await rounds(20);
    for (const other of othersOf('site-c')) road(other, 'site-c').heal();
    expect(await everythingTold()).toEqual({ 'site-a': [], 'site-b': [], 'site-c': [] });
  });

  it(`${announcedRestarts} announced restarts are told by nobody`, { timeout: 60 * 60_000 }, async () => {
    for (let restart = 0; restart < announcedRestarts; restart++) {
      const name = names[restart % names.length] as Name;
      sites[name].service.signal('SIGTERM');
      await sites[name].service.exited();
      await sites[name].service.start();
      await calm();
    }
    expect(await everythingTold()).toEqual({ 'site-a': [], 'site-b': [], 'site-c': [] });
  });
});
