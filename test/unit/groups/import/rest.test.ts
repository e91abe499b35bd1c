import { stringify } from 'yaml';
import { importAlertmanager } from '../../../../src/groups/import/import.ts';
import { documentOf, fileOf, notesOf, refusal } from './example.ts';

const withMore = (more: Record<string, unknown>) => fileOf({ receiver: 'one' }, more);

describe('time intervals', () => {
  const night = (name: string) => ({ name, time_intervals: [{ times: [{ start_time: '22:00', end_time: '24:00' }] }] });

  it('are carried over from both sections', () => {
    const file = withMore({
      time_intervals: [night('night')],
      mute_time_intervals: [
        { name: 'may', time_intervals: [{ months: ['5'], years: [2026], location: 'Asia/Shanghai' }] },
      ],
    });
    expect(documentOf(importAlertmanager(file)).time_intervals).toMatchObject([
      night('night'),
      { name: 'may', time_intervals: [{ months: ['may'], years: ['2026'], location: 'Asia/Shanghai' }] },
    ]);
  });

  it('that would never be active are named', () => {
    const file = withMore({ time_intervals: [{ name: 'never', time_intervals: [{ weekdays: [] }] }] });
    expect(notesOf(file)).toMatch(/^time_intervals\[0\] \("never"\): it was not carried over.*weekdays/m);
    expect(documentOf(importAlertmanager(file)).time_intervals).toBeUndefined();
  });

  it('by the clock of the machine are said to be so', () => {
    const file = withMore({
      time_intervals: [{ name: 'x', time_intervals: [{ months: ['may'], location: 'Local' }] }],
    });
    expect(notesOf(file)).toContain('time_intervals[0] ("x"): its location Local');
  });
});

describe('inhibition rules', () => {
  it('are carried over, in both forms that Alertmanager reads', () => {
    const file = withMore({
      inhibit_rules: [
        { source_matchers: ['severity="critical"'], target_matchers: ['severity=~"warning|info"'], equal: ['cluster'] },
        { source_match: { alertname: 'NodeDown' }, target_match_re: { job: 'node.*' } },
        { name: 'third', source_matchers: ['a="b"'], target_matchers: ['c="d"'] },
      ],
    });
    expect(documentOf(importAlertmanager(file)).inhibition_rules).toEqual([
      {
        ...{ name: 'inhibit', source_matchers: ['severity="critical"'], target_matchers: ['severity=~"warning|info"'] },
        equal: ['cluster'],
      },
      {
        ...{ name: 'inhibit-2', source_matchers: ['alertname="NodeDown"'], target_matchers: ['job=~"node.*"'] },
        equal: [],
      },
      { name: 'third', source_matchers: ['a="b"'], target_matchers: ['c="d"'], equal: [] },
    ]);
  });

  it('that lack a side would be about every alert, and are named', () => {
    const file = withMore({ inhibit_rules: [{ source_matchers: ['a="b"'] }, {}] });
    expect(notesOf(file)).toMatch(/^inhibit_rules\[0\]: it was not carried over/m);
    expect(notesOf(file)).toMatch(/^inhibit_rules\[1\]: it was not carried over/m);
    expect(documentOf(importAlertmanager(file)).inhibition_rules).toBeUndefined();
  });
});

describe('what else is in the file', () => {
  it('is named, with the settings that stand for it', () => {
    const notes = notesOf(
      withMore({
        global: { smtp_smarthost: 'mx:25', smtp_from: 'x@x.org', wechat_api_corp_id: 'c', resolve_timeout: '5m' },
        templates: ['/etc/*.tmpl'],
        tracing: { endpoint: 'x' },
      }),
    );
    expect(notes).toMatch(
      /^global: not read from this file: smtp_smarthost, smtp_from; set SMTP_URL and MM_MAIL_FROM/m,
    );
    expect(notes).toMatch(/^global: not read from this file: wechat_api_corp_id; .*MM_WECOM_CORP_ID/m);
    expect(notes).toMatch(/^global: without a meaning here, and left out: resolve_timeout\./m);
    expect(notes).toMatch(/^templates: /m);
    expect(notes).toMatch(/^tracing: this section is not known here/m);
  });

  it('cannot end a comment, or speak to a terminal', () => {
    const { text, notes } = importAlertmanager(withMore({ 'x\ny: z\u001b[2J\u009b\u2028': 'a' }));
    expect(notes.join('')).not.toMatch(/[\p{Cc}\u2028]/u);
    expect(documentOf({ text, notes, exact: true }).alert_groups).toHaveLength(1);
  });
});

describe('a file', () => {
  it('may use anchors, merged maps, yes and no, and numbers as texts', () => {
    const file = `
x-common: &common { receiver: one, continue: yes }
route:
  receiver: one
  routes:
    - { <<: *common, match: { version: 1.10 } }
    - { <<: *common, match: { a: b }, continue: off }
receivers: [{ name: one }, { name: 'null' }]
`;
    expect(documentOf(importAlertmanager(file)).alert_groups).toMatchObject([
      { matchers: ['version="1.10"'], continue: true },
      { matchers: ['a="b"'], continue: false },
      { matchers: ['version!="1.10"'] },
    ]);
  });

  const receivers = 'receivers: [{ name: one }]';
  it.each([
    ['', 'the file: must be a mapping'],
    ['- a', 'the file: must be a mapping'],
    ['a: [b', 'not YAML that can be read:\nline 1'],
    ['a: 1\na: 2', 'not YAML that can be read:\nline 2'],
    ['a: *nowhere', 'not YAML that can be read:\nline 1: a value that begins with *'],
    ['global: {}', 'route: it is missing'],
    [`route: []\n${receivers}`, 'route: must be a mapping'],
    [`route: {}\n${receivers}`, 'route: the root route must name a receiver'],
    [`route: { receiver: two }\n${receivers}`, 'route: there is no receiver "two"'],
    [`route: { receiver: one, matchers: [a=b] }\n${receivers}`, 'route: the root route must not have matchers'],
    [`route: { receiver: one, continue: true }\n${receivers}`, 'route: the root route must not have continue'],
    [`route: { receiver: one, routes: [{ continue: maybe }] }\n${receivers}`, 'route.routes[0].continue: must be'],
    [`route: { receiver: one, routes: [{ matchers: ['a=~"("'] }] }\n${receivers}`, 'route.routes[0].matchers[0]: '],
    [`route: { receiver: one, routes: [{ match_re: { a: '(' } }] }\n${receivers}`, 'route.routes[0].match_re.a: '],
    [`route: { receiver: one, routes: [{ matchers: ['a'] }] }\n${receivers}`, 'route.routes[0].matchers[0]: '],
    [`route: { receiver: one, routes: [7] }\n${receivers}`, 'route.routes[0]: must be a mapping'],
    [`route: { receiver: one, group_wait: 1.5h }\n${receivers}`, 'route.group_wait: A duration has whole numbers'],
    [`route: { receiver: one, repeat_interval: 0s }\n${receivers}`, 'route.repeat_interval: it must not be zero'],
    [`route: { receiver: one, group_by: [a, a] }\n${receivers}`, 'route.group_by: it names a label twice'],
    [`route: { receiver: one, group_by: ["a\\0"] }\n${receivers}`, 'route.group_by: a label has'],
    ['route: { receiver: one }\nreceivers: [{ name: one }, { name: one }]', 'receivers[1]: there are two receivers'],
    ['route: { receiver: one }\nreceivers: [{ name: one, email_configs: 7 }]', 'receiver "one": email_configs: must'],
    [`route: { receiver: one }\n${receivers}\ntime_intervals: [{}]`, 'time_intervals[0]: it has no name'],
  ])('such as %j is refused', (text, words) => {
    expect(refusal(text)).toContain(words);
  });

  it('that is not YAML is refused without a word of what is in it', () => {
    const message = refusal('global:\n\tsmtp_auth_password: hunter2\n  hunter3\n"hunter4: [\n- *hunter5');
    expect(message).toContain('not YAML');
    expect(message).not.toContain('hunter');
  });

  const nested = (depth: number) => `{ receiver: one, routes: [`.repeat(depth) + ']}'.repeat(depth);
  it.each([
    ['that holds itself', `route: &a { receiver: one, routes: [*a] }\n${receivers}`, 'an anchor holds itself'],
    ['with routes too deep', `route: ${nested(40)}\n${receivers}`, 'nested more than 30 deep'],
    ['nested without end', '['.repeat(20_000), 'nested too deeply'],
    ['of aliases without end', `a: &a x\nb: [${'*a ,'.repeat(20_000)}]`, 'more than 1000 aliases'],
    ['that is huge', `# ${'x'.repeat(4 * 1024 * 1024)}`, 'larger than 4 MiB'],
    [
      'with too many routes',
      fileOf({ receiver: 'one', routes: Array.from({ length: 2_001 }, () => ({ receiver: 'one' })) }),
      'more than 2000 routes',
    ],
    [
      'of aliases of aliases',
      `${Array.from({ length: 9 }, (_, i) => `a${i}: &a${i} [${Array(9).fill(i === 0 ? 'x' : `*a${i - 1}`)}]`).join('\n')}\n`,
      'more than 500000 values',
    ],
    [
      'with more matchers than anybody has',
      fileOf({ receiver: 'one', routes: [{ matchers: Array.from({ length: 101 }, (_, i) => `a${i}="b"`) }] }),
      'more than 100 matchers',
    ],
    [
      'with a matcher too long for a document',
      stringify({
        route: { receiver: 'one', routes: [{ match: { a: 'x'.repeat(4100) } }] },
        receivers: [{ name: 'one' }],
      }),
      'route.routes[0].match.a: the matcher is longer',
    ],
  ])('%s is refused', (_, text, words) => {
    expect(refusal(text)).toMatch(new RegExp(words.replace(/[[\]]/g, '\\$&')));
  });
});
