import { parse } from 'yaml';
import { type Answer, type FakeApi, fakeApi, run } from './world.ts';

const apis: FakeApi[] = [];

async function api(answer: Answer): Promise<FakeApi> {
  const started = await fakeApi(answer);
  apis.push(started);
  return started;
}

afterEach(async () => {
  await Promise.all(apis.splice(0).map((one) => one.close()));
});

const nothingChanged = { changes: [], unchanged: 3 };

describe('apply', () => {
  const answer = {
    changes: [
      { action: 'create', kind: 'contacts', name: 'li.wei', fields: [{ path: 'email', before: null, after: 'a@b.c' }] },
      {
        action: 'update',
        kind: 'alert_groups',
        name: 'db',
        fields: [{ path: 'members', before: ['x'], after: ['y'] }],
      },
      { action: 'update', kind: 'robots', name: 'ops', fields: [{ path: 'key', before: null, after: null }] },
      {
        action: 'update',
        kind: 'silences',
        name: 'known',
        fields: [{ path: 'matchers', before: ['a="1"', 'b=~"2|3"'], after: [['a="1"'], ['c!="4"']] }],
      },
      { action: 'delete', kind: 'contacts', name: 'old', fields: [] },
    ],
    unchanged: 5,
  };

  it('prints the difference and the counts', async () => {
    const { url, seen } = await api(() => ({ body: answer }));
    const files = { 'groups.yaml': 'contacts: []\n' };
    const { code, out } = await run(['apply', '-f', 'groups.yaml', '--dry-run', '--url', url, '--token', 'T'], {
      files,
    });
    expect(code).toBe(0);
    expect(out).toBe(`+ contacts/li.wei
    email: "a@b.c"
~ alert_groups/db
    members: ["x"] -> ["y"]
~ robots/ops
    key: (changed, not shown)
~ silences/known
    matchers: {a="1", b=~"2|3"} -> {a="1"} or {c!="4"}
- contacts/old
1 to add, 3 to change, 1 to delete, 5 unchanged; nothing was done (--dry-run)
`);
    expect(seen[0]).toMatchObject({
      method: 'POST',
      url: '/api/v1/apply?dry_run=true',
      headers: { authorization: 'Bearer T', 'content-type': 'application/yaml' },
    });
  });

  it('passes on why', async () => {
    const { url, seen } = await api(() => ({ body: nothingChanged }));
    const files = { 'g.yaml': 'contacts: []' };
    await run(['apply', '-f', 'g.yaml', '--comment', 'new & better', '--url', url], { files });
    expect(seen[0]?.url).toBe('/api/v1/apply?comment=new+%26+better');
  });

  it('finds the service of this machine at the port of MM_LISTEN', async () => {
    const { url, seen } = await api(() => ({ body: nothingChanged }));
    const env = { MM_LISTEN: `0.0.0.0:${new URL(url).port}`, MM_ADMIN_TOKEN: 'T' };
    await run(['apply', '-f', 'g.yaml'], { files: { 'g.yaml': 'contacts: []' }, env });
    expect(seen).toHaveLength(1);
  });

  it('does not show a token that begins with * and stands without quotes', async () => {
    const files = { 'g.yaml': 'sources:\n  - name: a\n    token: *hunter2hunter2hunter2\n' };
    const { code, err } = await run(['apply', '-f', 'g.yaml'], { files });
    expect({ code, err }).toEqual({
      code: 1,
      err: 'g.yaml:3: a value that begins with * refers to an anchor that is not there: put it in quotes\n',
    });
  });

  it('says what was done', async () => {
    const { url, seen } = await api(() => ({ body: answer }));
    const { out } = await run(['apply', '-f', 'g.yaml', '--url', url], { files: { 'g.yaml': 'contacts: []' } });
    expect(out).toMatch(/\n1 added, 3 changed, 1 deleted, 5 unchanged\n$/);
    expect(seen[0]?.url).toBe('/api/v1/apply');
  });

  it('says that there was nothing to do', async () => {
    const { url } = await api(() => ({ body: nothingChanged }));
    const { out } = await run(['apply', '-f', '-', '--url', url], {
      files: { '-': 'contacts: []' },
      deps: { listFiles: () => [] },
    });
    expect(out).toBe('nothing to do, 3 unchanged\n');
  });

  it('puts in the secrets that files hold, beside the YAML file', async () => {
    const { url, seen } = await api(() => ({ body: nothingChanged }));
    const files = {
      'conf/g.yaml':
        'sources:\n  - { name: a, token_file: secrets/a }\nrobots:\n  - { name: ops, key_file: /run/ops }\n',
      'conf/secrets/a': 'tok-a\n',
      '/run/ops': 'key-ops',
    };
    await run(['apply', '-f', 'conf/g.yaml', '--url', url], { files });
    expect(parse(seen[0]?.body ?? '')).toEqual({
      sources: [{ name: 'a', token: 'tok-a' }],
      robots: [{ name: 'ops', key: 'key-ops' }],
    });
  });

  it('joins the files of a folder, so that no section deletes what another file lists', async () => {
    const { url, seen } = await api(() => ({ body: nothingChanged }));
    const files = {
      'd/a.yaml': 'contacts: [{ name: a }]',
      'd/b.yaml': '---\ncontacts: [{ name: b }]\n---\nrobots: []\n',
    };
    await run(['apply', '-f', 'd', '--url', url], { files });
    expect(parse(seen[0]?.body ?? '')).toEqual({ contacts: [{ name: 'a' }, { name: 'b' }], robots: [] });
  });

  it('sends nothing when a file is wrong, and names every problem with its line', async () => {
    const { url, seen } = await api(() => ({ body: nothingChanged }));
    const files = {
      'd/a.yaml': 'sources:\n  - name: a\n    token: x\n    token_file: y\n  - name: b\n    token_file: gone\n',
      'd/b.yaml': 'contacts: [\n',
      'd/c.yaml': 'just words',
      'd/y': 'z',
    };
    const deps = { listFiles: () => ['d/a.yaml', 'd/b.yaml', 'd/c.yaml'] };
    const { code, err } = await run(['apply', '-f', 'd', '--url', url], { files, deps });
    expect(code).toBe(1);
    expect(err).toContain('d/a.yaml:2: give token or token_file, not both');
    expect(err).toContain('d/a.yaml:5: token_file: cannot read d/gone (ENOENT)');
    expect(err).toMatch(/d\/b.yaml:\d: /);
    expect(err).toContain('d/c.yaml:1: must be sections');
    expect(seen).toEqual([]);
  });

  it('names every fault that the service found', async () => {
    const errors = [
      { in: 'body', path: 'alert_groups[0].matchers[1]', message: 'not a matcher' },
      { in: 'body', path: 'contacts[0].colour', message: 'unknown key' },
    ];
    const { url } = await api(() => ({ status: 400, body: { title: 'Bad Request', detail: 'x', errors } }));
    const { code, err } = await run(['apply', '-f', 'g', '--url', url], { files: { g: 'contacts: []' } });
    expect({ code, err }).toEqual({
      code: 1,
      err: 'the service refused (400):\n  alert_groups[0].matchers[1]: not a matcher\n  contacts[0].colour: unknown key\n',
    });
  });
});

describe('export', () => {
  it('prints the YAML, or writes it', async () => {
    const { url, seen } = await api(() => ({ body: 'contacts: []\n' }));
    expect((await run(['export', '--url', url])).out).toBe('contacts: []\n');
    const { written, out } = await run(['export', '-o', 'all.yaml', '--url', url]);
    expect([...written]).toEqual([['all.yaml', 'contacts: []\n']]);
    expect(out).toBe('');
    expect(await run(['export', '-o', '-', '--url', url])).toMatchObject({ out: 'contacts: []\n', written: new Map() });
    expect(seen[0]).toMatchObject({ method: 'GET', url: '/api/v1/export', headers: { accept: 'application/yaml' } });
  });
});

describe('send-test', () => {
  const good = {
    destination: 'a@b.c',
    channel: 'email',
    ok: true,
    answer: '250 queued',
    reason: 'accepted',
    remedy: null,
  };
  const bad = {
    ...good,
    destination: 'LiWei',
    channel: 'wecom-app',
    ok: false,
    answer: 'errcode 60020',
    remedy: 'Add the address.',
  };

  it('prints each answer with its remedy, and answers 1 when one was refused', async () => {
    const { url, seen } = await api(() => ({ body: { results: [good, bad] } }));
    const { code, out } = await run(['send-test', '--group', 'db', '--channel', 'email', '--url', url]);
    expect(code).toBe(1);
    expect(out).toBe(
      'ok     email a@b.c: 250 queued\nFAILED wecom-app LiWei: errcode 60020\n       Add the address.\n',
    );
    expect(JSON.parse(seen[0]?.body ?? '')).toEqual({ alert_group: 'db', channel: 'email' });
  });

  it('says of what nobody can send which channel it is for, and that it is kept', async () => {
    const kept = (channel: string) => ({
      ...{ ...bad, destination: `${channel}:li`, channel: 'outbox', remedy: null },
      answer: 'kept in the outbox',
    });
    const { url } = await api(() => ({ body: { results: [kept('email'), kept('wecom-app')] } }));
    const { code, out } = await run(['send-test', '--contact', 'li.wei', '--url', url]);
    expect({ code, out }).toEqual({
      code: 1,
      out: 'KEPT   email li: kept in the outbox\nKEPT   wecom-app li: kept in the outbox\n',
    });
  });

  it('answers 0 when all were accepted', async () => {
    const { url, seen } = await api(() => ({ body: { results: [good] } }));
    expect((await run(['send-test', '--contact', 'li.wei', '--url', url])).code).toBe(0);
    expect(JSON.parse(seen[0]?.body ?? '')).toEqual({ contact: 'li.wei' });
  });
});

describe('explain', () => {
  const alert = {
    fingerprint: '3ab1c4d83af12d03',
    labels: { alertname: 'DiskFull', instance: 'db1' },
    state: 'firing',
    more: 1,
  };
  const steps = [
    {
      at: '2026-01-05T08:00:00.000Z',
      stage: 'dedupe',
      reason: 'new_alert',
      text: 'az-a reported it first.',
      detail: {},
    },
    {
      at: '2026-01-05T08:00:30.000Z',
      stage: 'deliver',
      reason: 'accepted',
      text: 'The mail server took it.',
      detail: {},
    },
  ];
  const story: Answer = ({ url }) => {
    if (url.includes('/explain')) return { body: { alert, steps, truncated: false } };
    return { body: url.includes('cursor') ? { items: [alert], next_cursor: null } : { items: [], next_cursor: 'c/1' } };
  };

  it('prints the steps of a fingerprint in order', async () => {
    const { url } = await api(story);
    const { code, out } = await run(['explain', '3ab1c4d83af12d03', '--url', url]);
    expect(code).toBe(0);
    expect(out).toBe(`{alertname="DiskFull", instance="db1"}
fingerprint 3ab1c4d83af12d03, firing

2026-01-05 08:00:00Z  dedupe   new_alert  az-a reported it first.
2026-01-05 08:00:30Z  deliver  accepted   The mail server took it.
`);
  });

  it('does not call accepted what the outbox keeps', async () => {
    const kept = [{ ...steps[1], destination: { channel: 'outbox' }, text: 'Message 1 was not sent.' }];
    const { url } = await api(() => ({ body: { alert, steps: kept, truncated: false } }));
    const { out } = await run(['explain', '3ab1c4d83af12d03', '--url', url]);
    expect(out).toContain('deliver  kept  Message 1 was not sent.');
  });

  it('finds the alert by matchers, also behind an empty page', async () => {
    const { url, seen } = await api(story);
    const { out } = await run(['explain', 'alertname="DiskFull",instance=~"db.*"', '--url', url]);
    expect(out).toContain('new_alert');
    const first = new URL(seen[0]?.url ?? '', url);
    expect(first.searchParams.getAll('filter')).toEqual(['alertname="DiskFull"', 'instance=~"db.*"']);
    expect(new URL(seen[1]?.url ?? '', url).searchParams.get('cursor')).toBe('c/1');
    expect(seen[2]?.url).toBe('/api/v1/alerts/3ab1c4d83af12d03/explain');
  });

  it('lists the candidates when several alerts match', async () => {
    const { url } = await api(() => ({ body: { items: [alert, { ...alert, fingerprint: 'f2' }], next_cursor: null } }));
    const { code, err } = await run(['explain', 'alertname="DiskFull"', '--url', url]);
    expect(code).toBe(1);
    expect(err).toContain('3ab1c4d83af12d03  {alertname="DiskFull", instance="db1"}\n  f2  {');
  });

  it('says that no alert matches', async () => {
    const { url } = await api(() => ({ body: { items: [], next_cursor: null } }));
    expect(await run(['explain', 'a="b"', '--url', url])).toMatchObject({
      code: 1,
      err: expect.stringMatching(/^no alert matches a="b"\nTo see what comes near .* name a time: --at/),
    });
  });

  it('prints the steps of an incident', async () => {
    const incident = { id: '5', group: 'database', group_labels: { alertname: 'DiskFull' }, state: 'open' };
    const { url, seen } = await api(() => ({ body: { incident, steps, truncated: true } }));
    const { code, out } = await run(['explain', 'incident', '5', '--url', url]);
    expect({ code, out }).toEqual({
      code: 0,
      out: `{alertname="DiskFull"}
incident 5 of database, open

(there are older steps)
2026-01-05 08:00:00Z  dedupe   new_alert  az-a reported it first.
2026-01-05 08:00:30Z  deliver  accepted   The mail server took it.
`,
    });
    expect(seen[0]?.url).toBe('/api/v1/incidents/5/explain');
  });

  const window = { from: '2026-01-05T02:40:00.000Z', to: '2026-01-05T03:10:00.000Z', truncated: false };
  const person = {
    name: 'li.wei',
    memberships: [{ text: 'Member of alert group database.' }],
    alerts: [
      { fingerprint: 'f1', labels: { alertname: 'A' }, told: 'within', steps: [steps[1]] },
      {
        fingerprint: 'f3',
        labels: { alertname: 'C' },
        told: 'before',
        steps: [{ ...steps[1], reason: 'already_told' }],
      },
      { fingerprint: 'f2', labels: { alertname: 'B' }, told: 'no', steps: [{ ...steps[1], reason: 'silenced' }] },
    ],
    messages: [{}],
    steps,
  };

  it('prints what a person got and did not get, and why', async () => {
    const { url, seen } = await api(() => ({ body: { ...window, person, arrival: null } }));
    const times = ['--from', '2026-01-05T02:40:00Z', '--to', '2026-01-05T11:10:00+08:00'];
    const { out } = await run(['explain', 'person', 'li.wei', ...times, '--filter', 'a="b",c="d"', '--url', url]);
    expect(out).toBe(`li.wei, 2026-01-05 02:40:00Z to 2026-01-05 03:10:00Z

Member of
Member of alert group database.

Told of (1 messages)
{alertname="A"}
  2026-01-05 08:00:30Z  accepted  The mail server took it.

Told of before
{alertname="C"}
  2026-01-05 08:00:30Z  already_told  The mail server took it.

Not told of
{alertname="B"}
  2026-01-05 08:00:30Z  silenced  The mail server took it.

Steps
2026-01-05 08:00:00Z  dedupe   new_alert  az-a reported it first.
2026-01-05 08:00:30Z  deliver  accepted   The mail server took it.
`);
    const { searchParams } = new URL(seen[0]?.url ?? '', url);
    expect([...searchParams]).toEqual([
      ['contact', 'li.wei'],
      ['from', '2026-01-05T02:40:00.000Z'],
      ['to', '2026-01-05T03:10:00.000Z'],
      ['filter', 'a="b"'],
      ['filter', 'c="d"'],
    ]);
    await run(['explain', 'room', 'ops', '--url', url]);
    expect(seen[1]?.url).toBe('/api/v1/explain?robot=ops');
  });

  it.each([
    ['2026-01-05 02:55', '2026-01-05T02:55:00.000Z'],
    ['2026-01-05 02:55:00Z', '2026-01-05T02:55:00.000Z'],
    ['2026-01-05 02:55 UTC', '2026-01-05T02:55:00.000Z'],
    ['2026-01-05 10:55 +08:00', '2026-01-05T02:55:00.000Z'],
    ['2026-01-05T10:55+0800', '2026-01-05T02:55:00.000Z'],
    ['2026-01-05', '2026-01-05T00:00:00.000Z'],
  ])('reads %s as UTC, or with its offset', async (text, at) => {
    const { url, seen } = await api(() => ({ body: { ...window, person, arrival: null } }));
    await run(['explain', 'person', 'li.wei', '--at', text, '--url', url]);
    expect(new URL(seen[0]?.url ?? '', url).searchParams.get('at')).toBe(at);
  });

  it('prints whether something had arrived at a time', async () => {
    const arrival = [{ text: 'It never arrived.' }, { text: 'Source az-b had last posted at 02:50.' }];
    const { url, seen } = await api(() => ({ body: { ...window, person: null, arrival } }));
    const { out } = await run(['explain', 'alert', 'a="b"', '--at', '2026-01-05T02:55:00Z', '--url', url]);
    expect(out).toBe(
      '2026-01-05 02:40:00Z to 2026-01-05 03:10:00Z\n\nIt never arrived.\nSource az-b had last posted at 02:50.\n',
    );
    expect(seen[0]?.url).toBe('/api/v1/explain?at=2026-01-05T02%3A55%3A00.000Z&filter=a%3D%22b%22');
  });

  it.each([
    [['explain'], 'explain needs one fingerprint'],
    [['explain', 'user', 'x'], 'explain needs one fingerprint'],
    [['explain', 'incident', 'five'], 'five is not the number of an incident'],
    [['explain', 'incident', '5', '--at', '2026-01-05T02:55:00Z'], 'an incident is explained whole'],
    [['explain', 'person', 'x', '--at', 'yesterday'], '--at yesterday is not a time such as'],
    [['explain', 'person', 'x', '--at', '2026-01-05 25:00'], 'is not a time such as'],
    [['explain', 'a="b"', '--filter', 'c="d"'], '--filter is for person and room'],
  ])('refuses %j', async (argv, words) => {
    const { code, err } = await run(argv);
    expect(code).toBe(2);
    expect(err).toContain(words);
  });
});

describe('every command that talks to the service', () => {
  it('takes address and token from the environment', async () => {
    const { url, seen } = await api(() => ({ body: '' }));
    await run(['export'], { env: { MM_URL: `${url}/prefix/`, MM_ADMIN_TOKEN: 'T1' } });
    await run(['export'], { env: { MM_URL: url, MM_ADMIN_TOKEN_FILE: '/t' }, files: { '/t': 'T2\n' } });
    expect(seen.map((one) => [one.url, one.headers.authorization])).toEqual([
      ['/prefix/api/v1/export', 'Bearer T1'],
      ['/api/v1/export', 'Bearer T2'],
    ]);
  });

  it('uses the token of the first start on the same machine', async () => {
    const { url, seen } = await api(() => ({ body: '' }));
    await run(['export', '--url', url], { files: { 'data/admin-token': 'T3\n' } });
    expect(seen[0]?.headers.authorization).toBe('Bearer T3');
  });

  it('never sends that token to another machine', async () => {
    const sent: Headers[] = [];
    const fakeFetch: typeof fetch = async (_url, init) => {
      sent.push(new Headers(init?.headers));
      return new Response('');
    };
    const world = { files: { 'data/admin-token': 'T3' }, deps: { fetch: fakeFetch } };
    await run(['export', '--url', 'https://mm.example.org'], world);
    await run(['export', '--url', 'http://127.0.0.1.example.org'], world);
    expect(sent.map((headers) => headers.get('authorization'))).toEqual([null, null]);
  });

  it('explains a refused or missing token', async () => {
    const { url } = await api(() => ({ status: 401, body: {} }));
    const known = await run(['export', '--url', url, '--token', 'secret-x']);
    expect(known.err).toMatch(/^the service does not know this token; check --token or MM_ADMIN_TOKEN\./);
    expect(known.err).toContain('data/admin-token');
    const { err } = await run(['export', '--url', url], { env: { MM_DATA_DIR: '/var/lib/mm' } });
    expect(err).toContain('wants a token');
    expect(err).toContain('/var/lib/mm/admin-token');
  });

  it('explains a service that is not there, without its password', async () => {
    const { url, close } = await fakeApi(() => ({ body: '' }));
    await close();
    const { code, err } = await run(['export', '--url', url.replace('//', '//u:hunter2@')]);
    expect(code).toBe(1);
    expect(err).toContain('cannot reach http://u:***@127.0.0.1');
    expect(err).not.toContain('hunter2');
  });

  it('does not take any answer for a good one', async () => {
    const { url } = await api(() => ({ body: '<html>a login page</html>' }));
    const { code, err } = await run(['explain', '3ab1c4d83af12d03', '--url', url]);
    expect(code).toBe(1);
    expect(err).toContain('is the address right');
    expect(await run(['export', '--url', 'ftp://x'])).toMatchObject({
      code: 1,
      err: 'ftp://x is not an http(s) URL\n',
    });
  });
});
