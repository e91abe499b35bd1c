import { run } from './world.ts';

const file = `
route: { receiver: ops, routes: [ { receiver: dba, match: { team: db }, mute_time_intervals: [nights] } ] }
receivers: [ { name: ops, email_configs: [ { to: ops@x.org } ] }, { name: dba, slack_configs: [ { channel: x } ] } ]
`;
const files = { 'am.yml': file };

describe('import-alertmanager', () => {
  it('prints what apply reads, and on stderr what was not carried over; the same at the head of the file', async () => {
    const { code, out, err, written } = await run(['import-alertmanager', 'am.yml'], { files });
    expect({ code, written: [...written] }).toEqual({ code: 0, written: [] });
    expect(out).toContain('contacts:\n  - { name: ops, email: ops@x.org }\n');
    expect(err).toMatch(/^Every alert goes to the alert groups of exactly the routes that it went to\.\n/);
    for (const line of err.trim().split('\n')) expect(out).toContain(`# ${line}\n`);
    expect(err).toContain('* route.routes[0]: it names the time interval "nights", which was not carried over');
    expect(err).toContain('* receiver "dba": slack_configs cannot be carried over');
  });

  it('writes a file with -o, and reads stdin for -', async () => {
    const { code, out, written } = await run(['import-alertmanager', '-', '-o', 'groups.yaml'], {
      files: { '-': file },
    });
    expect({ code, out }).toEqual({ code: 0, out: '' });
    expect(written.get('groups.yaml')).toContain('alert_groups:');
  });

  it.each([
    ['bad.yml', 'cannot import bad.yml: route.routes[0].matchers[0]: '],
    ['missing.yml', 'cannot read missing.yml (ENOENT)'],
  ])('answers 1 for %s and writes nothing', async (name, words) => {
    const bad = `route: { receiver: ops, routes: [ { matchers: ['a=~"("'] } ] }\nreceivers: [ { name: ops } ]`;
    const { code, out, err, written } = await run(['import-alertmanager', name, '-o', 'out.yaml'], {
      files: { 'bad.yml': bad },
    });
    expect({ code, out, size: written.size }).toEqual({ code: 1, out: '', size: 0 });
    expect(err).toContain(words);
  });

  it.each([
    [[], 'needs one alertmanager.yml'],
    [['a.yml', 'b.yml'], 'needs one alertmanager.yml'],
    [['am.yml', '-o', 'am.yml'], 'names the file that is read'],
  ])('answers 2 for %j', async (args, words) => {
    const { code, err } = await run(['import-alertmanager', ...args], { files });
    expect(code).toBe(2);
    expect(err).toContain(words);
  });
});
