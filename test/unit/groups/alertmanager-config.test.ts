/** What Alertmanagers are to be given. */
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parse } from 'yaml';
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
  it('takes it as it is', () => {
    const folder = mkdtempSync(join(tmpdir(), 'mm-config-'));
    const file = join(folder, 'alertmanager.yml');
    writeFileSync(file, alertmanagerConfig({ url, token: 'TOKEN' }, ['Source az-a.']));
    try {
      expect(execFileSync(programPath('amtool'), ['check-config', file], { encoding: 'utf8' })).toContain('SUCCESS');
    } finally {
      rmSync(folder, { recursive: true });
    }
  });
});
