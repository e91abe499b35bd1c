import { greeting, startFacts, warnings } from '../../src/greeting.ts';
import { alertmanagerConfig } from '../../src/groups/alertmanager-config.ts';
import { loadSettings } from '../../src/settings.ts';

const settingsOf = (env: Record<string, string> = {}) =>
  loadSettings({ configPath: null, env, readFile: () => '', hostname: 'host' });
const secret = (name: string, made: boolean) => ({ token: `${name}-secret`, file: `data/${name}`, made });
const greeted = (made: boolean) => ({
  settings: settingsOf({ MM_EXTERNAL_URL: 'https://mm.example.org/' }),
  adminToken: secret('admin-token', made),
  firstSource: secret('source-token', made),
});

describe('the greeting', () => {
  it('of a first start shows the address, the admin token and what to paste, wherever it goes', () => {
    const text = greeting(greeted(true), false);
    expect(text).toContain('Monitor Manager is at https://mm.example.org\n');
    expect(text).toContain('Admin token: admin-token-secret   (kept in data/admin-token)\n');
    const url = 'https://mm.example.org/api/v1/webhooks/alertmanager';
    expect(text).toContain(alertmanagerConfig({ url, token: 'source-token-secret' }));
  });

  it('of a later start is for a terminal only, so that logs hold no secret and nothing but the log', () => {
    expect(greeting(greeted(false), true)).toContain('admin-token-secret');
    expect(greeting(greeted(false), false)).toBe('');
  });
});

describe('the log of every start', () => {
  it('says what it listens on, where people reach it, and where the admin token is', () => {
    expect(startFacts(greeted(false))).toEqual({
      listen: '0.0.0.0:8080',
      url: 'https://mm.example.org',
      admin_token_in: 'data/admin-token',
    });
    const settings = settingsOf({ MM_LISTEN: '[::1]:9000', MM_ADMIN_TOKEN: 'an-admin-token-0123456789' });
    expect(startFacts({ settings, adminToken: null })).toEqual({
      listen: '[::1]:9000',
      url: settings.externalUrl,
    });
  });
});

describe('the warnings of a start', () => {
  it('say what will reach nobody', () => {
    expect(warnings(settingsOf(), {}).map((line) => line.split(' ')[0])).toEqual([
      'SMTP_URL',
      'MM_WECOM_CORP_ID,',
      'MM_EMERGENCY_CONTACTS',
    ]);
  });

  it('name what leaves mail and its links at localhost', () => {
    const env = { SMTP_URL: 'smtp://mail.example.org', MM_EMERGENCY_CONTACTS: 'mailto:a@example.org' };
    expect(warnings(settingsOf(env), {}).map((line) => line.split(' ')[0])).toEqual([
      'MM_WECOM_CORP_ID,',
      'MM_MAIL_FROM',
      'MM_EXTERNAL_URL',
    ]);
  });

  it('name variables that are misspelt, and not those that Kubernetes makes', () => {
    const env = {
      MM_STIE: '1',
      MM_LISTEN_FILE: 'x',
      MM_SOMETHING_ELSE: 'x',
      MM_SITE: 'a',
      MM_URL: 'x',
      MM_ADMIN_TOKEN_FILE: 'f',
      MM_SERVICE_HOST: '10.0.0.1',
    };
    expect(warnings(settingsOf(), env).slice(3)).toEqual([
      'there is no setting MM_STIE: it is ignored; did you mean MM_SITE?',
      'there is no setting MM_LISTEN_FILE: it is ignored',
      'there is no setting MM_SOMETHING_ELSE: it is ignored',
    ]);
  });
});
