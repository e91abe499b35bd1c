/** What Alertmanagers are to be given. */
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parse, stringify } from 'yaml';
import { alertmanagerConfig } from '../../../src/groups/alertmanager-config.ts';
import { needs } from '../../support/needs.ts';
import { programPath } from '../../support/programs.ts';

const url = 'http://localhost:8080/api/v1/webhooks/alertmanager';

describe('what to paste into alertmanager.yml', () => {
  it('sends heartbeats every minute and all else soon, and leaves to the other routes what was theirs', () => {
    const { route, receivers } = parse(alertmanagerConfig({ url, token: 'TOKEN' }));
    expect(receivers).toEqual([
      {
        name: 'monitor-manager',
        webhook_configs: [{ url, send_resolved: true, http_config: { authorization: { credentials: 'TOKEN' } } }],
      },
    ]);
    const [heartbeats, others] = route.routes;
    expect(heartbeats).toMatchObject({ group_by: ['...'], group_interval: '1m', repeat_interval: '50s' });
    expect(others).toMatchObject({ group_wait: '5s', repeat_interval: '30m' });
    for (const one of route.routes) expect(one).toMatchObject({ receiver: 'monitor-manager', continue: true });
  });

  it('is what the README shows', () => {
    expect(readFileSync('README.md', 'utf8')).toContain(alertmanagerConfig({ url, token: 'TOKEN' }));
  });
});

needs('amtool')('Alertmanager', () => {
  let folder: string;
  let file: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'mm-config-'));
    file = join(folder, 'alertmanager.yml');
  });
  afterEach(() => rmSync(folder, { recursive: true }));
  const amtool = (...args: string[]) => execFileSync(programPath('amtool'), args, { encoding: 'utf8' }).trim();
  const text = alertmanagerConfig({ url, token: 'TOKEN' }, ['Source az-a.']);

  /** The text, merged into a file with a root receiver `team-mail` and two routes. */
  function merged(pasted: string) {
    const { receivers, route } = parse(pasted);
    const [heartbeats, others, ...last] = route.routes;
    const own = [
      { matchers: ['team="db"'], receiver: 'dba' },
      { matchers: ['team="net"'], receiver: 'network', continue: true },
    ];
    const names = ['team-mail', 'dba', 'network'].map((name) => ({ name }));
    return stringify({
      receivers: [...receivers, ...names],
      route: { receiver: 'team-mail', routes: [heartbeats, others, ...own, ...last] },
    });
  }
  const receiversOf = (label: string) => amtool('config', 'routes', 'test', `--config.file=${file}`, label);

  it('takes it as it is', () => {
    writeFileSync(file, text);
    expect(amtool('check-config', file)).toContain('SUCCESS');
  });

  it.each([
    ['what only the root receiver got', 'team=web', 'monitor-manager,team-mail'],
    ['what an own route takes', 'team=db', 'monitor-manager,dba'],
    ['what an own route takes that goes on', 'team=net', 'monitor-manager,network,team-mail'],
    ['a heartbeat', 'alertname=Watchdog', 'monitor-manager,team-mail'],
  ])('sends to Monitor Manager too %s, when the last route is that of the root receiver', (_, label, receivers) => {
    writeFileSync(file, merged(text.replace('# - receiver: team-mail', '- receiver: team-mail')));
    expect(receiversOf(label)).toBe(receivers);
  });

  it('sends nothing to the root receiver without that last route', () => {
    writeFileSync(file, merged(text));
    expect(receiversOf('team=web')).toBe('monitor-manager');
  });
});
