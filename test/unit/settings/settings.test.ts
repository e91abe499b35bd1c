import { loadSettings, SettingsError } from '../../../src/settings.ts';

interface Given {
  yaml?: string;
  env?: Record<string, string>;
  files?: Record<string, string>;
}

function load({ yaml, env = {}, files = {} }: Given) {
  return loadSettings({
    configPath: yaml === undefined ? null : 'mm.yaml',
    env,
    hostname: 'host-1',
    readFile: (path) => {
      const text = path === 'mm.yaml' ? yaml : files[path];
      if (text === undefined) throw Object.assign(new Error(`no such file: ${path}`), { code: 'ENOENT' });
      return text;
    },
  });
}

function problems(given: Given): readonly string[] {
  try {
    load(given);
  } catch (error) {
    if (error instanceof SettingsError) return error.problems;
    throw error;
  }
  return [];
}

describe('settings', () => {
  it('need no file and no environment', () => {
    expect(load({})).toMatchObject({
      listen: { host: '0.0.0.0', port: 8080 },
      dataDir: './data',
      externalUrl: 'http://localhost:8080',
      site: 'host-1',
      databaseUrl: null,
      retentionMs: 30 * 86_400_000,
      auditRetentionMs: 365 * 86_400_000,
      drainTimeoutMs: 10_000,
      limits: { maxBodyBytes: 32_000_000 },
      smtp: { url: null, from: 'Monitor Manager <monitor-manager@localhost>' },
    });
  });

  it('compute the address and the sender from other settings', () => {
    expect(load({ env: { MM_LISTEN: '127.0.0.1:9999' } }).externalUrl).toBe('http://localhost:9999');
    const { externalUrl, smtp } = load({ yaml: 'external_url: https://mm.example.org/alerts/' });
    expect(externalUrl).toBe('https://mm.example.org/alerts');
    expect(smtp.from).toBe('Monitor Manager <monitor-manager@mm.example.org>');
  });

  it.each(['wecom:@all', 'wecom:LiWei|ZhangSan', 'mailto:a,b@example.org', 'mailto:<a@example.org>', 'robot:a b'])(
    'refuse %s as an emergency contact',
    (contact) => {
      expect(problems({ env: { MM_EMERGENCY_CONTACTS: contact } }).join()).toContain('MM_EMERGENCY_CONTACTS');
    },
  );

  it('take the whole webhook address of a robot as an emergency contact', () => {
    const contact = 'robot:https://qyapi.weixin.qq.com/cgi-bin/webhook/send?key=693a91f6-7xxx';
    expect(load({ env: { MM_EMERGENCY_CONTACTS: contact } }).emergencyContacts).toEqual([
      { channel: 'wecom-robot', address: '693a91f6-7xxx' },
    ]);
  });

  it.each([
    ['[::]:8080', { host: '::', port: 8080 }],
    [':81', { host: '0.0.0.0', port: 81 }],
    ['localhost:0', { host: 'localhost', port: 0 }],
  ])('understand the address %s', (listen, parsed) => {
    expect(load({ env: { MM_LISTEN: listen } }).listen).toEqual(parsed);
  });

  it('let the environment win over the file', () => {
    const given = { yaml: 'site: from-file\nlog: { level: warn }', env: { MM_SITE: 'from-env' } };
    expect(load(given)).toMatchObject({ site: 'from-env', log: { level: 'warn' } });
  });

  it('take an empty variable as not given', () => {
    expect(load({ yaml: 'site: a', env: { MM_SITE: '', SMTP_URL: '' } })).toMatchObject({
      site: 'a',
      smtp: { url: null },
    });
  });

  it('find the file through MM_CONFIG', () => {
    const settings = load({ env: { MM_CONFIG: 'other.yaml' }, files: { 'other.yaml': 'site: b' } });
    expect(settings.site).toBe('b');
  });

  it('read numbers and lists from the environment', () => {
    const env = {
      MM_WECOM_CORP_ID: 'ww1',
      MM_WECOM_AGENT_ID: '1000002',
      MM_WECOM_SECRET: 's',
      MM_EMERGENCY_CONTACTS: 'mailto:on-call@example.org, wecom:LiWei,robot:abc',
    };
    expect(load({ env })).toMatchObject({
      wecom: { agentId: 1000002 },
      emergencyContacts: [
        { channel: 'email', address: 'on-call@example.org' },
        { channel: 'wecom-app', address: 'LiWei' },
        { channel: 'wecom-robot', address: 'abc' },
      ],
    });
  });

  it('take a section whose keys are all commented out', () => {
    expect(load({ yaml: 'smtp:\nlog:\n' }).log.level).toBe('info');
  });
});

describe('secrets', () => {
  it('come from a file that the environment names, without the line end', () => {
    const env = { SMTP_URL_FILE: '/run/smtp', MM_ADMIN_TOKEN_FILE: '/run/token' };
    const settings = load({ env, files: { '/run/smtp': 'smtp://u:p@h\n', '/run/token': 'sixteen-letters-x\r\n' } });
    expect(settings.smtp.url).toBe('smtp://u:p@h');
    expect(settings.adminToken).toBe('sixteen-letters-x');
  });

  it('come from a file that the settings file names', () => {
    const settings = load({ yaml: 'smtp:\n  url_file: /run/smtp', files: { '/run/smtp': 'smtps://h' } });
    expect(settings.smtp.url).toBe('smtps://h');
  });

  it('must not be given twice', () => {
    expect(problems({ env: { REDIS_URL: 'redis://h', REDIS_URL_FILE: '/x' }, files: { '/x': 'redis://h' } })).toEqual([
      'REDIS_URL_FILE: give REDIS_URL or this, not both',
    ]);
    expect(problems({ yaml: 'redis_url: redis://h\nredis_url_file: /x', files: { '/x': 'y' } })).toEqual([
      'mm.yaml:2: redis_url_file: give redis_url or this, not both',
    ]);
  });

  it('that cannot be read, or are empty, are an error', () => {
    expect(
      problems({ env: { MM_ADMIN_TOKEN_FILE: '/gone', SMTP_URL_FILE: '/empty' }, files: { '/empty': '\n' } }),
    ).toEqual(['MM_ADMIN_TOKEN_FILE: cannot read /gone (ENOENT)', 'SMTP_URL_FILE: the file /empty is empty']);
  });

  it('never show up in a problem', () => {
    const env = {
      DATABASE_URL: 'mysql://u:hunter2@h/db',
      REDIS_URL: 'hunter2',
      SMTP_URL: 'smtp//u:hunter2@h',
      MM_ADMIN_TOKEN: 'hunter2',
      MM_EMERGENCY_CONTACTS: 'hunter2',
    };
    const found = problems({ env });
    expect(found).toHaveLength(5);
    expect(found.join('\n')).not.toContain('hunter2');
  });
});

describe('a secret that begins with * and stands without quotes', () => {
  it('is named by its line, and not shown', () => {
    expect(problems({ yaml: 'site: a\nadmin_token: *hunter2hunter2hunter2\n' })).toEqual([
      'mm.yaml:2: a value that begins with * refers to an anchor that is not there: put it in quotes',
    ]);
  });
});

describe('a wrong setting', () => {
  it.each([
    ['watchdog: { alertname_regex: "(" }', 'mm.yaml:1: watchdog.alertname_regex: '],
    ['critical: ["severity"]', 'mm.yaml:1: critical.0: '],
    ['smtp: { from: operations }', 'mm.yaml:1: smtp.from: must be an address'],
    ['smtp: { url: "smtp://u:hunter%zz@h" }', 'mm.yaml:1: smtp.url: must be a URL'],
  ])('is noticed before the service starts: %s', (yaml, words) => {
    const found = problems({ yaml });
    expect(found).toHaveLength(1);
    expect(found[0]).toContain(words);
    expect(found[0]).not.toContain('hunter');
  });

  it('is reported with its line or its variable, all at once', () => {
    const yaml = 'listn: x\nsmtp:\n  max_connections: 0\n  colour: red\nretention: 3 days\nlimits: { max_body: 1TB }\n';
    expect([...problems({ yaml, env: { MM_LISTEN: 'nowhere', MM_LOG_LEVEL: 'loud' } })].sort()).toEqual([
      'MM_LISTEN: must be an address like 0.0.0.0:8080',
      expect.stringMatching(/^MM_LOG_LEVEL: .*"info"/),
      'mm.yaml:1: listn: there is no such setting',
      expect.stringMatching(/^mm.yaml:3: smtp.max_connections: /),
      'mm.yaml:4: smtp.colour: there is no such setting',
      'mm.yaml:5: retention: must be a duration like 30s, 5m or 1h30m',
      'mm.yaml:6: limits.max_body: must be a size like 32MB or 512KiB',
    ]);
  });

  it('as YAML is reported with its line', () => {
    expect(problems({ yaml: 'site: a\nsite: b\n' })).toEqual([expect.stringMatching(/^mm.yaml:2: .*unique/)]);
    expect(problems({ yaml: '- a' })).toEqual(['mm.yaml: must be a list of "key: value"']);
  });

  it('can be the file itself', () => {
    expect(problems({ env: { MM_CONFIG: '/gone.yaml' } })).toEqual([
      '/gone.yaml: cannot read the settings file (ENOENT)',
    ]);
  });

  it('can be one that is too short beside another', () => {
    const faults = ['peers.down_after: must be at least three times peers.interval and twice peers.timeout'];
    expect(problems({ env: { MM_PEERS_DOWN_AFTER: '14s' } })).toEqual(faults);
    expect(problems({ env: { MM_PEERS_TIMEOUT: '8s' } })).toEqual(faults);
    expect(problems({ env: { MM_PEERS_DOWN_AFTER: '3s', MM_PEERS_INTERVAL: '1s', MM_PEERS_TIMEOUT: '1s' } })).toEqual(
      [],
    );
  });

  it('can be one that is missing beside others', () => {
    expect(problems({ env: { MM_WECOM_CORP_ID: 'ww1' } })).toEqual([
      'wecom: application messages also need wecom.agent_id and wecom.secret',
    ]);
    expect(problems({ env: { MM_OIDC_ISSUER: 'https://id.example.org' } })).toEqual([
      'oidc: signing in also needs oidc.client_id and oidc.client_secret',
    ]);
  });

  it.each(['10.0.0.0/33', '10.0.0', 'example.org', '::1/129', '10.0.0.0/8/8', 'everybody'])(
    'can be %s as a network of proxies',
    (network) => {
      expect(problems({ env: { MM_TRUSTED_PROXIES: network } })).toEqual([
        'MM_TRUSTED_PROXIES: must be an address, a network such as 10.0.0.0/8, or loopback, linklocal or uniquelocal',
      ]);
    },
  );

  it('can be a role that does not exist', () => {
    expect(problems({ env: { MM_OIDC_ROLES: 'sre=emperor' } })).toEqual([
      'MM_OIDC_ROLES: must be like sre=editor, on-call=responder',
    ]);
  });

  it.each(['__proto__: 1', 'constructor: 1', 'smtp: { __proto__: { url: x } }'])(
    '%s is refused like any other',
    (yaml) => {
      expect(problems({ yaml })).toHaveLength(1);
    },
  );
});
