/** What ships beside the program: that it is whole, consistent with itself, and good in the eyes of the programs that read it. */
import { spawnSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { parse, parseAllDocuments } from 'yaml';
import { z } from 'zod';
import { createMetrics } from '../../src/metrics.ts';
import { checkProvision } from '../../src/provision.ts';
import { describeSettings } from '../../src/settings.ts';
import { needs } from '../support/needs.ts';
import { programPath } from '../support/programs.ts';

const read = (path: string) => readFileSync(path, 'utf8');
const port = 8080;
const webhookPath = '/api/v1/webhooks/alertmanager';

function filesIn(folder: string): string[] {
  return readdirSync(folder).flatMap((name) => {
    const path = join(folder, name);
    return statSync(path).isDirectory() ? filesIn(path) : [path];
  });
}

const shipped = filesIn('config');

describe('the Dockerfile', () => {
  const lines = read('Dockerfile').replaceAll('\\\n', ' ').split('\n');
  const copies = lines.filter((line) => /^COPY (?!--from)/.test(line)).map((line) => line.split(/\s+/).slice(1, -1));

  it('copies only what exists', () => {
    expect(copies.length).toBeGreaterThan(3);
    for (const source of copies.flat()) expect(existsSync(source), source).toBe(true);
  });

  it('copies only what .dockerignore lets through', () => {
    const passes = read('.dockerignore')
      .match(/^!(.+)$/gm)
      ?.map((line) => line.slice(1));
    expect(passes).toEqual(expect.arrayContaining(copies.flat()));
  });

  it('starts, in exec form, the file that package.json names, as somebody who is not root', () => {
    const { bin } = z.object({ bin: z.record(z.string(), z.string()) }).parse(JSON.parse(read('package.json')));
    expect(lines).toContain(`ENTRYPOINT ["node", "${Object.values(bin)[0]}"]`);
    expect(lines.find((line) => line.startsWith('USER '))).toMatch(/^USER [1-9]\d*:[1-9]\d*$/);
  });

  it('ships every folder that the program reads at run time', () => {
    for (const folder of ['migrations', 'package.json'])
      expect(copies.at(-1)?.concat(copies.at(-2) ?? [])).toContain(folder);
  });

  it('listens, and is asked for its health, where the program does by default', () => {
    const text = lines.join('\n');
    expect(describeSettings().find((entry) => entry.path[0] === 'listen')?.default).toBe(`0.0.0.0:${port}`);
    expect(text).toContain(`EXPOSE ${port}`);
    expect(text).toContain(`http://127.0.0.1:${port}/-/healthy`);
  });
});

describe('the shipped YAML', () => {
  it.each([...shipped.filter((path) => /\.ya?ml$/.test(path)), 'compose.yaml'])('%s parses', (path) => {
    const documents = parseAllDocuments(read(path), { merge: true });
    for (const document of documents) expect(document).toMatchObject({ errors: [], warnings: [] });
  });

  it('provisions what the service accepts', () => {
    expect(checkProvision('config/provision')).toEqual([]);
  });

  it('has one token for the source on both sides', () => {
    const { sources } = z
      .object({ sources: z.array(z.object({ token: z.string() })) })
      .parse(parse(read('config/provision/example.yaml')));
    expect(read('config/alertmanager/alertmanager.yml')).toContain(`credentials: ${sources[0]?.token}`);
  });

  it('gives only variables that are settings', () => {
    const known = new Set(describeSettings().flatMap(({ env, secret }) => [env, ...(secret ? [`${env}_FILE`] : [])]));
    const compose = z.object({
      services: z.record(z.string(), z.looseObject({ environment: z.record(z.string(), z.unknown()).optional() })),
    });
    const { services } = compose.parse(parse(read('compose.yaml'), { merge: true }));
    const inCompose = Object.keys(services['monitor-manager']?.environment ?? {});
    const inText = ['Dockerfile', ...shipped.filter((path) => /kubernetes|systemd/.test(path))].flatMap(
      (path) => read(path).match(/\bMM_[A-Z_]+[A-Z]\b/g) ?? [],
    );
    const given = [...inCompose, ...inText];
    expect(given.length).toBeGreaterThan(15);
    expect(given.filter((name) => !known.has(name))).toEqual([]);
  });

  it('mounts only files that exist', () => {
    const mounts = read('compose.yaml').match(/\.\/config\/[\w/.-]+/g) ?? [];
    expect(mounts).toHaveLength(5);
    for (const path of mounts) expect(existsSync(path), path).toBe(true);
  });

  it('sends Alertmanager to the webhook, and Kubernetes to the port and the probes of the service', () => {
    expect(read('config/alertmanager/alertmanager.yml')).toContain(`http://monitor-manager:${port}${webhookPath}`);
    const deployment = read('config/kubernetes/deployment.yaml');
    expect(deployment).toContain(`containerPort: ${port}`);
    for (const path of ['/-/healthy', '/-/ready', 'mountPath: /data']) expect(deployment).toContain(path);
    expect(read('config/kubernetes/service.yaml')).toContain(`port: ${port}`);
  });

  it('alerts on metrics that exist', () => {
    const { registry } = createMetrics({ version: 'x', channels: [] });
    const used = read('config/prometheus/monitor-manager-alerts.yml').match(/\bmonitor_manager_\w+/g) ?? [];
    expect(used.length).toBeGreaterThan(5);
    for (const name of used) expect(registry.getSingleMetric(name.replace(/_bucket$/, '')), name).toBeDefined();
  });
});

needs('promtool')('promtool', () => {
  it('accepts the Prometheus configuration and its rules', () => {
    const { status, stderr, stdout } = spawnSync(programPath('promtool'), [
      'check',
      'config',
      'config/prometheus/prometheus.yml',
    ]);
    expect(status, `${stdout}${stderr}`).toBe(0);
  });
});

needs('amtool')('amtool', () => {
  it('accepts the Alertmanager configuration', () => {
    const { status, stderr, stdout } = spawnSync(programPath('amtool'), [
      'check-config',
      'config/alertmanager/alertmanager.yml',
    ]);
    expect(status, `${stdout}${stderr}`).toBe(0);
  });

  it.each([
    ['alertname=Watchdog', 'monitor-manager'],
    ['alertname=DiskFull', 'monitor-manager'],
  ])('routes %s to %s', (labels, receiver) => {
    const args = ['config', 'routes', 'test', '--config.file=config/alertmanager/alertmanager.yml', labels];
    expect(String(spawnSync(programPath('amtool'), args).stdout).trim()).toBe(receiver);
  });
});

describe('the documents', () => {
  const pages = [
    'README.md',
    'CONTRIBUTING.md',
    'CHANGELOG.md',
    ...filesIn('docs').filter((path) => path.endsWith('.md')),
  ];

  it.each(pages)('%s links only to what exists', (page) => {
    const links = [...read(page).matchAll(/\]\((?!https?:|#|mailto:)([^)#]+)/g)].map((match) => match[1] ?? '');
    for (const link of links) expect(existsSync(join(page, '..', link)), link).toBe(true);
  });
});
