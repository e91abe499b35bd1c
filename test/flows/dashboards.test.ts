/** The Grafana dashboards: whole as files, and every panel of theirs asked of a real Prometheus that scrapes a real service. */
import { readdirSync, readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { parse, parseAllDocuments } from 'yaml';
import { type Dashboard, dashboard, filledIn, type Panel, panelsOf } from '../support/grafana.ts';
import { needs } from '../support/needs.ts';
import { type AlertSpec, payload } from '../support/payload.ts';
import { type ProcessService, startProcessService } from '../support/process-service.ts';
import { askPrometheus, startPrometheus } from '../support/prometheus.ts';
import { startSmtp } from '../support/smtp.ts';
import { eventually } from '../support/wait.ts';

const folder = 'config/grafana/dashboards';
const files = readdirSync(folder).map((name) => join(folder, name));
const read = (path: string): Dashboard => dashboard.parse(JSON.parse(readFileSync(path, 'utf8')));
const token = 'source-token-of-the-dashboards';

describe('the dashboards', () => {
  it.each(files)('%s is what Grafana imports', (path) => {
    expect(() => read(path)).not.toThrow();
  });

  it('have a name, an identity and numbers of panels of their own', () => {
    const all = files.map(read);
    expect(all.length).toBe(2);
    for (const what of ['uid', 'title'] as const) expect(new Set(all.map((one) => one[what])).size).toBe(all.length);
    all.forEach((one, i) => {
      expect(`${one.uid}.json`).toBe(basename(files[i] ?? ''));
      expect(new Set(one.panels.map(({ id }) => id)).size).toBe(one.panels.length);
    });
  });

  it.each(files)('%s lays no panel over another', (path) => {
    const taken = new Map<string, string>();
    for (const { gridPos, title } of read(path).panels) {
      for (let x = gridPos.x; x < gridPos.x + gridPos.w; x++) {
        for (let y = gridPos.y; y < gridPos.y + gridPos.h; y++) {
          expect(taken.get(`${x} ${y}`), `${title} at ${x} ${y}`).toBeUndefined();
          taken.set(`${x} ${y}`, title);
        }
      }
    }
  });

  it.each(files)(
    '%s asks by the variables: each query of one job, with the rate interval that Grafana chooses',
    (path) => {
      const one = read(path);
      expect(one.templating.list.map(({ name }) => name)).toEqual(['datasource', 'job', 'instance']);
      for (const { title, targets } of panelsOf(one)) {
        for (const { expr } of targets) {
          const selectors = expr.match(/\{[^}]*\}/g) ?? [];
          expect(selectors.length, title).toBeGreaterThan(0);
          for (const selector of selectors) expect(selector, title).toContain('{job=~"$job", instance=~"$instance"');
          if (/rate\(/.test(expr)) expect(expr, title).toContain('[$__rate_interval]');
        }
      }
    },
  );
});

describe('Grafana as it is provisioned', () => {
  const yaml = (path: string) => parse(readFileSync(path, 'utf8'), { merge: true });
  const deployment = yaml('config/grafana/kubernetes/deployment.yaml');
  const pod = deployment.spec.template.spec;
  const container = pod.containers[0];
  const kustomization = yaml('config/grafana/kustomization.yaml');
  interface Named {
    name: string;
  }

  it('finds the dashboards where its provider looks, in Kubernetes and in compose', () => {
    const { path } = yaml('config/grafana/provisioning/dashboards/monitor-manager.yml').providers[0].options;
    expect(container.volumeMounts).toContainEqual({ name: 'dashboards', mountPath: path, readOnly: true });
    expect(yaml('compose.yaml').services.grafana.volumes).toContain(`./${folder}:${path}:ro`);
  });

  it('is told where Prometheus is by the variable that its data source names', () => {
    const { url } = yaml('config/grafana/provisioning/datasources/prometheus.yml').datasources[0];
    const name = String(url).slice(1);
    expect(container.env.map((one: Named) => one.name)).toContain(name);
    expect(Object.keys(yaml('compose.yaml').services.grafana.environment)).toContain(name);
  });

  it('is put together of files that exist, every dashboard among them', () => {
    const generated: string[] = kustomization.configMapGenerator.flatMap((one: { files: string[] }) => one.files);
    const paths = [...kustomization.resources, ...generated].map((path: string) => join('config/grafana', path));
    for (const path of paths) {
      for (const { errors } of parseAllDocuments(readFileSync(path, 'utf8'), { merge: true }))
        expect(errors).toEqual([]);
    }
    expect(paths).toEqual(expect.arrayContaining(files));
  });

  it('mounts volumes that are there, and config maps that are made', () => {
    const volumes: (Named & { configMap?: Named })[] = pod.volumes;
    expect(container.volumeMounts.map((one: Named) => one.name).sort()).toEqual(volumes.map(({ name }) => name).sort());
    const made = kustomization.configMapGenerator.map(({ name }: Named) => name);
    expect(volumes.flatMap(({ configMap }) => configMap?.name ?? [])).toEqual(made);
  });

  it('keeps its files on the claim, runs as nobody special and writes nowhere else', () => {
    const { metadata } = yaml('config/grafana/kubernetes/pvc.yaml');
    expect(pod.volumes).toContainEqual({ name: 'data', persistentVolumeClaim: { claimName: metadata.name } });
    expect(container.volumeMounts).toContainEqual({ name: 'data', mountPath: '/var/lib/grafana' });
    expect(pod.securityContext).toMatchObject({ runAsNonRoot: true, runAsUser: 472, fsGroup: 472 });
    expect(container.securityContext).toMatchObject({ readOnlyRootFilesystem: true, allowPrivilegeEscalation: false });
    expect(deployment.spec.strategy).toEqual({ type: 'Recreate' });
  });

  it('is reached by the service, and takes its password from the secret', () => {
    const service = yaml('config/grafana/kubernetes/service.yaml');
    expect(service.spec.selector).toEqual(deployment.spec.template.metadata.labels);
    expect(container.ports.map((one: Named) => one.name)).toContain(service.spec.ports[0].targetPort);
    const secret = yaml('config/grafana/kubernetes/secret.example.yaml');
    expect(container.envFrom).toContainEqual({ secretRef: { name: secret.metadata.name } });
    expect(secret.stringData).toHaveProperty('GF_SECURITY_ADMIN_PASSWORD');
  });
});

const config = {
  sources: [{ name: 'az-a', site: 'az-a', token }],
  contacts: [{ name: 'on-call', email: 'on-call@example.org', wecom: 'OnCall', locale: 'en', timezone: 'UTC' }],
  alert_groups: [
    {
      ...{ name: 'all', matchers: ['team="db"'], members: ['on-call'], channels: ['email', 'wecom-app'] },
      policy: { group_by: ['alertname'], group_wait: '0s', group_interval: '1s', repeat_interval: '4h' },
    },
  ],
  heartbeats: [{ name: 'prom-a', source: 'az-a', matchers: ['alertname="Watchdog"'], timeout: '3m' }],
};

/** Alerts that fire, are repeated and end, a beat, and a post with a wrong token. */
async function traffic(service: ProcessService): Promise<void> {
  const startsAt = new Date();
  const fires: AlertSpec[] = [
    { labels: { alertname: 'Watchdog', prometheus: 'a' }, startsAt },
    { labels: { alertname: 'DiskFull', team: 'db' }, startsAt },
    { labels: { alertname: 'Down', team: 'db', severity: 'critical' }, startsAt },
  ];
  for (let i = 0; i < 2; i++) expect((await service.post(token, payload(fires))).status).toBe(200);
  const ended = { labels: { alertname: 'Down', team: 'db', severity: 'critical' }, startsAt, endsAt: new Date() };
  expect((await service.post(token, payload([{ ...ended, status: 'resolved' }]))).status).toBe(200);
  expect((await service.post('nobody-knows-this-token', payload(fires))).status).toBe(401);
}

needs('prometheus')('a real Prometheus that scrapes a real service', () => {
  it('answers every query of every panel with data', { timeout: 300_000 }, async () => {
    await using smtp = await startSmtp();
    const env = { SMTP_URL: smtp.url, MM_MAIL_FROM: 'mm@example.org', MM_SITE: 'site-a' };
    const secret = 'what-both-sites-know-0123';
    const unreached = { name: 'site-a', url: 'http://127.0.0.1:9', secret };
    await using other = await startProcessService({ config: { peers: [unreached] }, env: { MM_SITE: 'site-b' } });
    const peers = [{ name: 'site-b', url: other.url, secret }];
    await using service = await startProcessService({ config: { ...config, peers }, env });
    await using prometheus = await startPrometheus({ scrapes: { 'monitor-manager': service.url } });
    const { host } = new URL(service.url);
    const variables = { job: 'monitor-manager', instance: host, __rate_interval: '5m' };
    const ask = (query: string) =>
      askPrometheus<{ result: { value: [number, string] }[] }>(prometheus.url, 'query', { query });
    await eventually(async () => (await ask('monitor_manager_build_info')).result.length > 0);
    await traffic(service);
    await eventually(() => smtp.mails.length > 0, { timeoutMs: 60_000, describe: 'the mail' });

    const missing = async ({ title, targets }: Panel): Promise<string[]> => {
      const lacking: string[] = [];
      for (const { expr } of targets) {
        const { result } = await ask(filledIn(expr, variables));
        if (!result.some(({ value: [, number] }) => Number.isFinite(Number(number)))) lacking.push(`${title}: ${expr}`);
      }
      return lacking;
    };
    const panels = files.flatMap((path) => panelsOf(read(path)));
    let lacking: string[] = [];
    await eventually(
      async () => {
        lacking = [];
        for (const panel of panels) lacking.push(...(await missing(panel)));
        return lacking.length === 0;
      },
      { timeoutMs: 60_000, everyMs: 1_000, describe: () => `data for ${lacking.join('\n')}` },
    );

    for (const { templating } of files.map(read)) {
      for (const variable of templating.list) {
        if (variable.type !== 'query') continue;
        const [, selector = '', label = ''] = /^label_values\((.+), (\w+)\)$/.exec(variable.query.query) ?? [];
        const values = await askPrometheus<string[]>(prometheus.url, `label/${label}/values`, {
          'match[]': filledIn(selector, variables),
        });
        expect(values).toEqual([variables[variable.name as 'job' | 'instance']]);
      }
    }
  });
});
