/** How the built service ends, what it keeps others from doing to its data, and what it never says. */
import { cpSync, rmSync, statSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { company, group } from '../flows/flow.ts';
import { removeFolder, temporaryFolder } from '../support/folders.ts';
import { payload } from '../support/payload.ts';
import { type ProcessService, startProcessService } from '../support/process-service.ts';
import { type SmtpServer, startSmtp } from '../support/smtp.ts';
import { eventually, freePort } from '../support/wait.ts';

const sourceToken = 'secret-token-of-the-source';
const robotKey = 'secret-key-of-the-robot';
const smtpPassword = 'secret-password-of-smtp';
const policy = { group_wait: '0s', group_interval: '1s' };
const config = {
  ...company,
  sources: [{ name: 'az-a', site: 'shanghai', token: sourceToken }],
  robots: [{ name: 'ops', key: robotKey, locale: 'en', timezone: 'UTC' }],
  alert_groups: [group('database', { members: ['li.wei'], policy })],
};
const firing = (alertname: string) =>
  payload([{ labels: { alertname, team: 'database' }, startsAt: new Date() }], { groupKey: `{}:{${alertname}}` });
/** Makes node say its exit code, which the service's output then holds. */
const sayExitCode = ['--import', 'data:text/javascript,process.on("exit",(code)=>console.log("exit code",code))'];

let template: string;
const folders: string[] = [];

/** A first start takes seconds, and more on a busy machine: the tests go on from copies of what one start has made. */
beforeAll(async () => {
  template = temporaryFolder('stop-template');
  await using service = await startProcessService({ config, env: { MM_DATA_DIR: template } });
  service.signal('SIGTERM');
  await service.exited();
});
afterAll(() => {
  for (const folder of [template, ...folders]) removeFolder(folder);
});

/** A data directory of the test's own. Locks are sockets, which cannot be copied. */
function dataDirectory(): string {
  const folder = temporaryFolder('stop');
  folders.push(folder);
  cpSync(template, folder, { recursive: true, filter: (path) => !basename(path).startsWith('lock-') });
  return folder;
}

it('ends, instead of hanging with an open database, when it cannot start', { timeout: 60_000 }, async () => {
  const start = startProcessService({
    env: { MM_DATA_DIR: dataDirectory() },
    config: { contacts: [{ name: 'li.wei', nickname: 'w' }] },
  });
  await expect(start).rejects.toThrow(/ended at once[\s\S]*contacts\[0\].nickname: unknown key/);
});

it('ends, although its Redis has never been there and may still come', { timeout: 60_000 }, async () => {
  const port = await freePort();
  await using service = await startProcessService({
    env: { MM_DATA_DIR: dataDirectory(), REDIS_URL: `redis://127.0.0.1:${port}` },
    nodeArgs: sayExitCode,
  });
  service.signal('SIGTERM');
  await service.exited();
  expect(service.output()).toContain('exit code 0\n');
});

/** Starts a service that is in the middle of a mail: the server has taken it and not answered yet. */
async function startSending(smtp: SmtpServer, answersAfterMs: number): Promise<ProcessService> {
  smtp.delay(answersAfterMs);
  const service = await startProcessService({
    env: { SMTP_URL: smtp.url, MM_DATA_DIR: dataDirectory() },
    config,
    nodeArgs: sayExitCode,
  });
  expect((await service.post(sourceToken, firing('InFlight'))).status).toBe(200);
  await smtp.waitFor((mail) => mail.text.includes('InFlight'));
  return service;
}

describe('SIGTERM', () => {
  it('lets the mail in flight finish, is not ready meanwhile, and exits 0 within 10 s', async () => {
    await using smtp = await startSmtp();
    await using service = await startSending(smtp, 2_000);
    const began = performance.now();
    service.signal('SIGTERM');
    await eventually(() => service.output().includes('stopping;'));
    const ready = await fetch(`${service.url}/-/ready`).then(
      ({ status }) => status,
      () => 'closed',
    );
    expect([503, 'closed']).toContain(ready);
    await service.exited();
    expect(performance.now() - began).toBeLessThan(10_000);
    expect(service.output()).toContain('exit code 0\n');

    await service.start();
    const { items } = await service.api<{ items: unknown[] }>('GET', '/api/v1/notifications');
    expect(items).toMatchObject([{ state: 'accepted', attempts: 1 }]);
    expect(smtp.mails).toHaveLength(1);
  });

  it('ends at once, and not with 0, when it comes a second time', async () => {
    await using smtp = await startSmtp();
    await using service = await startSending(smtp, 60_000);
    service.signal('SIGTERM');
    await eventually(() => service.output().includes('stopping;'));
    const began = performance.now();
    service.signal('SIGTERM');
    await service.exited();
    expect(performance.now() - began).toBeLessThan(5_000);
    expect(service.output()).toContain('exit code 1\n');
  });
});

describe('a data directory', () => {
  it('is refused to a second process, which names it, while the first goes on', async () => {
    const directory = dataDirectory();
    await using first = await startProcessService({ config, env: { MM_DATA_DIR: directory } });
    const second = startProcessService({ config, env: { MM_DATA_DIR: directory } });
    await expect(second).rejects.toThrow(`the data directory ${directory} is in use by process ${first.pid}`);
    expect((await first.post(sourceToken, firing('StillHere'))).status).toBe(200);
  });
});

describe('secrets', () => {
  it('are in files for the owner only, in the greeting once, and nowhere else that anybody can look', async () => {
    await using smtp = await startSmtp({ auth: { user: 'mm', password: 'another-password' } });
    const directory = dataDirectory();
    // Secrets of a first start.
    rmSync(join(directory, 'admin-token'), { force: true });
    const url = new URL(smtp.url);
    url.password = smtpPassword;
    // Mail is refused and the robot's server is not there: errors are where secrets slip out.
    await using service = await startProcessService({
      env: {
        SMTP_URL: url.href,
        MM_WECOM_API_URL: 'http://127.0.0.1:9',
        MM_LOG_LEVEL: 'debug',
        MM_ADMIN_TOKEN: '',
        MM_DATA_DIR: directory,
      },
      config: { ...config, alert_groups: [group('database', { members: ['li.wei'], robots: ['ops'], policy })] },
    });
    const tokenFile = join(directory, 'admin-token');
    expect(statSync(tokenFile).mode & 0o777).toBe(0o600);
    const adminToken = (await readFile(tokenFile, 'utf8')).trim();
    const secrets = { sourceToken, robotKey, smtpPassword, adminToken };
    const read = async (path: string) => {
      const answer = await fetch(`${service.url}${path}`, { headers: { authorization: `Bearer ${adminToken}` } });
      expect([path, answer.status]).toEqual([path, 200]);
      return answer.text();
    };

    expect((await service.post(sourceToken, firing('Telling'))).status).toBe(200);
    const byPath = { method: 'POST', body: '{"broken": ' };
    await fetch(`${service.url}/api/v1/webhooks/alertmanager/${sourceToken}`, byPath);
    await fetch(`${service.url}/api/v1/no-such-thing?token=${adminToken}`);
    const tried = async () => {
      const { items } = JSON.parse(await read('/api/v1/notifications')) as {
        items: { id: string; attempts: number }[];
      };
      return items.length >= 2 && items.every(({ attempts }) => attempts > 0) && items;
    };
    const notifications = await eventually(tried, { describe: 'an attempt of each notification' });

    const lists = [
      'sources',
      'contacts',
      'robots',
      'alert-groups',
      'destinations',
      'alerts',
      'incidents',
      'notifications',
    ];
    const paths = [
      ...[...lists, 'heartbeats', 'quarantine', 'status', 'export'].map((name) => `/api/v1/${name}`),
      ...notifications.map(({ id }) => `/api/v1/notifications/${id}`),
      '/metrics',
      '/api/openapi.json',
      '/',
    ];
    const said = await Promise.all(paths.map(async (path) => ({ where: path, text: await read(path) })));
    expect(service.output().split(adminToken)).toHaveLength(2);
    const output = service.output().replace(/^Admin token: \S+ {3}\(kept in .*\)$/m, '');
    const leaks = [...said, { where: 'output', text: output }].flatMap(({ where, text }) =>
      Object.entries(secrets).flatMap(([name, secret]) => (text.includes(secret) ? [`${name} in ${where}`] : [])),
    );
    expect(leaks).toEqual([]);
  });
});
