/** What a Prometheus without an Alertmanager is to be given. */
import { readFileSync } from 'node:fs';
import { parse } from 'yaml';
import { prometheusConfig } from '../../../src/groups/prometheus-config.ts';

const token = 'TOKEN';
const read = (externalUrl: string) => parse(prometheusConfig({ externalUrl, token })).alerting.alertmanagers;

describe('what to paste into prometheus.yml', () => {
  it('names the service as an Alertmanager, with the token', () => {
    const authorization = { credentials: 'TOKEN' };
    const at = (target: string) => [{ targets: [target] }];
    expect(read('http://localhost:8080')).toEqual([
      { api_version: 'v2', authorization, static_configs: at('localhost:8080') },
    ]);
    expect(read('https://mm.example.org/alerts/')).toEqual([
      {
        ...{ api_version: 'v2', scheme: 'https', path_prefix: '/alerts', authorization },
        static_configs: at('mm.example.org'),
      },
    ]);
  });

  it('is what the README shows', () => {
    expect(readFileSync('README.md', 'utf8')).toContain(
      prometheusConfig({ externalUrl: 'http://localhost:8080', token }),
    );
  });
});
