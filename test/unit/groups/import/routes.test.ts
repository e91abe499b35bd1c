import { importAlertmanager } from '../../../../src/groups/import/import.ts';
import { documentOf, fileOf, groupLines, notesOf, type RawRoute, refusal } from './example.ts';

const to = (receiver: string, matchers: string[], more: RawRoute = {}): RawRoute => ({ receiver, matchers, ...more });
const root = (...routes: RawRoute[]) => fileOf({ receiver: 'default', routes });
const policies = (file: string) =>
  (documentOf(importAlertmanager(file)).alert_groups ?? []).map(({ name, policy }) => ({ name, ...policy }));

describe('the tree of routes', () => {
  it('becomes a list with children before their parent and the root last, without matchers', () => {
    const web = to('web', ['team="web"'], { routes: [to('pager', ['severity="critical"'])] });
    expect(groupLines(root(web, to('dba', ['team="db"'])))).toEqual([
      'pager {team="web",severity="critical"}',
      'web {team="web"}',
      'dba {team="db"}',
      'default {}',
    ]);
  });

  it('reads match, match_re and matchers, in each notation, and joins them', () => {
    const route = {
      receiver: 'dba',
      match: { team: 'db', code: 500 },
      match_re: { service: 'pg|my' },
      matchers: ['{zone="a",tier!="dev"}', 'job =~ "x.*"'],
    };
    expect(groupLines(root(route))[0]).toBe(
      'dba {team="db",code="500",service=~"pg|my",zone="a",tier!="dev",job=~"x.*"}',
    );
  });

  it('keeps from the parent, and from the root, what goes on', () => {
    expect(
      groupLines(root(to('pager', ['severity="critical"'], { continue: true }), to('dba', ['team="db"']))),
    ).toEqual(['pager {severity="critical"} continue', 'dba {team="db"}', 'default {severity!="critical"}']);
  });

  it('needs no continue where no later route can get the alert too', () => {
    const file = root(
      to('dba', ['team="db"'], { continue: true }),
      to('web', ['team=~"web|shop"'], { continue: true }),
    );
    expect(groupLines(file)).toEqual(['dba {team="db"}', 'web {team=~"web|shop"}', 'default {}']);
  });

  it('goes on from within a branch that says continue', () => {
    const pager = to('pager', ['severity="critical"'], { continue: true, routes: [to('night', ['time="night"'])] });
    expect(groupLines(root(pager, to('dba', ['team="db"'])))).toEqual([
      'night {severity="critical",time="night"} continue',
      'pager {severity="critical",time!="night"} continue',
      'dba {team="db"}',
      'default {severity!="critical"}',
    ]);
  });

  it('splits a group that several matchers together must be kept from, and says so', () => {
    const file = root(to('pager', ['severity="critical"', 'zone="a"'], { continue: true }), to('dba', ['team="db"']));
    expect(groupLines(file)).toEqual([
      'pager {severity="critical",zone="a"} continue',
      'dba {team="db"}',
      'default {severity!="critical"}',
      'default-2 {severity="critical",zone!="a"}',
    ]);
    expect(importAlertmanager(file).exact).toBe(true);
    expect(notesOf(file)).toContain('route: it became several alert groups ("default", "default-2")');
  });

  it('makes no more of it where the matchers share one', () => {
    const pagers = ['a', 'b', 'c', 'd', 'e'].map((team) =>
      to(team, [`team="${team}"`, 'severity="critical"'], { continue: true }),
    );
    const file = root(...pagers, to('eu', ['zone="eu"']));
    expect(groupLines(file).slice(-2)).toEqual([
      'default {severity!="critical"}',
      'default-2 {severity="critical",team!="a",team!="b",team!="c",team!="d",team!="e"}',
    ]);
  });

  it('says which alerts come too where a split would be large', () => {
    const wide = (n: number) => Array.from({ length: 3 }, (_, i) => `label${n}${i}="x"`);
    const file = root(...[1, 2].map((n) => to(`r${n}`, wide(n), { continue: true })), to('dba', ['team="db"']));
    const { exact, notes, text } = importAlertmanager(file);
    expect(exact).toBe(false);
    expect(notes.join('\n')).toContain(
      'route: alerts that match {label20="x",label21="x",label22="x"} went to route.routes[1] and not here; now they come to "default"',
    );
    expect(text).toContain('and some go to others too');
  });

  it('leaves out what no alert could come to, and says why', () => {
    const file = root(to('all', []), to('dba', ['team="db"']));
    expect(groupLines(file)).toEqual(['all {}']);
    expect(notesOf(file)).toContain(
      'route.routes[1]: it was left out, because no alert could come to it: route.routes[0] took everything before.',
    );
    const odd = root(to('dba', ['team="db"', 'team="web"']));
    expect(notesOf(odd)).toContain('route.routes[0]: it was left out, because its matchers exclude each other');
  });

  it('says that a last group without matchers leaves nothing to those of the page', () => {
    expect(notesOf(root())).toContain('route: its alert group "default" takes all that no other takes');
    expect(notesOf(root(to('pager', ['a="b"'], { continue: true }), to('x', ['c="d"'])))).not.toContain('takes all');
  });
});

describe('a route for heartbeats', () => {
  it('is said to get none', () => {
    const file = root(to('snitch', ['alertname=~"Watchdog|DeadMansSwitch"']), to('dba', ['alertname="DbDown"']));
    expect(notesOf(file)).toMatch(/^route\.routes\[0\]: it is for heartbeats such as Watchdog/m);
    expect(notesOf(file)).not.toContain('route.routes[1]');
  });
});

describe('the name of an alert group', () => {
  it('is that of the receiver, with a telling value or a number where that is taken', () => {
    const file = root(
      to('dba', ['team="db"'], { routes: [{ matchers: ['severity="critical"'] }, { matchers: ['tier=~"1|2"'] }] }),
      to('dba', ['team="dba"']),
    );
    expect(groupLines(file).map((line) => line.split(' ')[0])).toEqual([
      'dba-critical',
      'dba-3',
      'dba',
      'dba-2',
      'default',
    ]);
  });

  it('is never that of a built-in group or an address of the API', () => {
    const file = root(to('watchdog', ['a="1"']), to('preview', ['a="2"']), to('..', ['a=~"3"']));
    expect(groupLines(file).map((line) => line.split(' ')[0])).toEqual(['watchdog-2', 'preview-2', '..-2', 'default']);
  });

  it('has nothing in it that a name may not have', () => {
    const file = fileOf({ receiver: ` a\n\u0007b${'x'.repeat(200)} ` });
    expect(groupLines(file)).toEqual([`a  b${'x'.repeat(56)} {}`]);
  });
});

describe('what a route inherits', () => {
  it('is the receiver, group_by and the three times, as in Alertmanager', () => {
    const file = fileOf({
      ...{ receiver: 'default', group_by: ['alertname'], group_wait: '90s', repeat_interval: '1d' },
      routes: [
        {
          matchers: ['a="1"'],
          group_by: ['...'],
          group_interval: '1m',
          routes: [{ matchers: ['b="1"'], group_by: [] }],
        },
      ],
    });
    const common = { group_wait: '1m30s', repeat_interval: '1d', send_resolved: true };
    expect(policies(file)).toMatchObject([
      { name: 'default-3', group_by: ['...'], group_interval: '1m', ...common },
      { name: 'default-2', group_by: ['...'], group_interval: '1m', ...common },
      { name: 'default', group_by: ['alertname'], group_interval: '5m', ...common },
    ]);
  });

  it('is all alerts in one where no group_by is said', () => {
    expect(policies(root())[0]).toMatchObject({ group_by: [], group_wait: '30s', repeat_interval: '4h' });
  });

  it('is brought within our limits, and that is said', () => {
    const file = fileOf({ receiver: 'default', group_wait: '2d', group_interval: '500ms', repeat_interval: '2y' });
    expect(policies(file)[0]).toMatchObject({ group_wait: '1d', group_interval: '1s', repeat_interval: '1y' });
    expect(notesOf(file)).toContain('route: group_wait was 2d and is 1d now');
  });
});

describe('what routes have that is not carried over', () => {
  it('is named with its place', () => {
    const file = root(to('dba', ['a="1"'], { labels: { x: 'y' } }), to('web', ['a="2"']));
    expect(notesOf(file)).toMatch(/^route\.routes\[0\]: "labels" is not known here/m);
  });

  it('includes a second meaning of a matcher', () => {
    expect(notesOf(root(to('dba', ['a="b\\"'.replace('\\"', 'x\\y"')])))).toContain('route.routes[0].matchers[0]: ');
  });
});

describe('mute and active times', () => {
  const interval = (name: string) => ({ name, time_intervals: [{ weekdays: ['sunday'] }] });
  const never = { name: 'never', time_intervals: [{ weekdays: [] }] };
  const withTimes = (...routes: RawRoute[]) =>
    fileOf({ receiver: 'ops', routes }, { time_intervals: [interval('nights'), interval('days'), never] });

  it('are those of the route itself: a route below does not inherit them', () => {
    const child = to('web', ['b="1"']);
    const file = withTimes(
      to('dba', ['a="1"'], { mute_time_intervals: ['nights'], active_time_intervals: ['days'], routes: [child] }),
    );
    expect(policies(file).map((p) => [p.mute_time_intervals, p.active_time_intervals])).toEqual([
      [[], []],
      [['nights'], ['days']],
      [[], []],
    ]);
  });

  it('that cannot be carried over mute nothing, and are named', () => {
    const file = withTimes(to('dba', ['a="1"'], { mute_time_intervals: ['nights', 'never'] }), {
      ...to('web', ['a="2"']),
      active_time_intervals: ['days', 'never'],
    });
    expect(policies(file).map((p) => [p.mute_time_intervals, p.active_time_intervals])).toEqual([
      [['nights'], []],
      [[], []],
      [[], []],
    ]);
    expect(notesOf(file)).toMatch(
      /^route\.routes\[0\]: it names the time interval "never", which was not carried over/m,
    );
  });

  it('of the root are refused, as Alertmanager refuses them', () => {
    expect(refusal(fileOf({ receiver: 'ops', mute_time_intervals: ['nights'] }))).toContain('root route');
  });
});
