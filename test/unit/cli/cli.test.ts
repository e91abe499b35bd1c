import type { Settings } from '../../../src/settings.ts';
import { run } from './world.ts';

const commands = [
  ...['serve', 'migrate', 'check-config', 'import-alertmanager', 'apply', 'export', 'send-test', 'explain', 'backtest'],
];

describe('the command line', () => {
  it('serves when no command is named, also with options', async () => {
    const started: string[] = [];
    const startService = async (settings: Settings) => void started.push(settings.site);
    const deps = { startService };
    expect((await run([], { deps })).code).toBe(0);
    expect((await run(['--config', 'mm.yaml'], { deps, files: { 'mm.yaml': 'site: from-file' } })).code).toBe(0);
    expect((await run(['serve'], { deps, env: { MM_SITE: 'from-env' } })).code).toBe(0);
    expect(started).toEqual(['host-1', 'from-file', 'from-env']);
  });

  it('answers 1 and the words of the error when the service does not start', async () => {
    const startService = () => Promise.reject(new Error('no database at postgres://u:hunter2@db/x'));
    const { code, err } = await run(['serve'], { deps: { startService } });
    expect({ code, err }).toEqual({ code: 1, err: 'no database at postgres://u:***@db/x\n' });
  });

  it('prints its version', async () => {
    expect(await run(['--version'])).toMatchObject({ code: 0, out: '1.2.3\n' });
  });

  it('lists its commands in the help, and no command that is not there', async () => {
    const { code, out } = await run(['--help']);
    expect(code).toBe(0);
    const listed = [...out.matchAll(/^ {2}([a-z-]+) {2,}/gm)].map((match) => match[1]);
    expect(listed).toEqual(commands);
  });

  it.each(commands)('has a help for %s that names every option', async (command) => {
    const { code, out } = await run([command, '--help']);
    expect(code).toBe(0);
    expect(out).toContain(`Usage: monitor-manager ${command}`);
    expect(out).toMatch(/--help {2,}\S/);
    expect((await run(['help', command])).out).toBe(out);
  });

  it.each([
    [['frobnicate'], 'there is no command "frobnicate"'],
    [['serve', '--colour'], "Unknown option '--colour'"],
    [['migrate', 'now'], "Unexpected argument 'now'"],
    [['serve', '--config'], '--config'],
    [['apply'], 'apply needs -f FILE'],
    [['send-test'], 'needs one of --contact'],
    [['send-test', '--contact', 'a', '--robot', 'b'], 'needs one of --contact'],
    [['explain'], 'explain needs one fingerprint'],
    [['backtest'], 'backtest needs -f FILE'],
    [['explain', 'no matcher {'], 'neither a fingerprint nor matchers'],
  ])('answers 2 to %j', async (argv, words) => {
    const { code, err, out } = await run(argv);
    expect({ code, out }).toEqual({ code: 2, out: '' });
    expect(err).toContain(words);
  });
});

describe('migrate', () => {
  it('prints what it did', async () => {
    const migrate = () => Promise.resolve({ applied: ['0001_init'] });
    expect(await run(['migrate'], { deps: { migrate } })).toMatchObject({ code: 0, out: 'applied 0001_init\n' });
    expect(await run(['migrate'])).toMatchObject({ code: 0, out: 'nothing to do\n' });
  });
});

describe('check-config', () => {
  it('says that all is good', async () => {
    expect(await run(['check-config'])).toMatchObject({ code: 0, out: 'the configuration is good\n' });
  });

  it('prints every problem of the settings', async () => {
    const { code, err } = await run(['check-config', '--config', 'mm.yaml'], {
      files: { 'mm.yaml': 'a: 1\nlisten: x\n' },
    });
    expect(code).toBe(1);
    expect(err.trim().split('\n').sort()).toEqual([
      'mm.yaml:1: a: there is no such setting',
      'mm.yaml:2: listen: must be an address like 0.0.0.0:8080',
    ]);
  });

  it('prints every problem of the provisioned files', async () => {
    const checkProvision = () => Promise.resolve(['groups.yaml: one', 'groups.yaml: two']);
    const { code, err } = await run(['check-config'], { deps: { checkProvision } });
    expect({ code, err }).toEqual({ code: 1, err: 'groups.yaml: one\ngroups.yaml: two\n' });
  });
});
