/** The small pure parts of the page. */
import fc from 'fast-check';
import { parseDuration } from '../../../src/alert/duration.ts';
import { formatMatcher } from '../../../src/matcher/format.ts';
import { parseMatchers } from '../../../src/matcher/parse.ts';
import { createEventParser, type ServerEvent } from '../../../src/web/client/event-stream.ts';
import { durationMs } from '../../../src/web/parts/duration.ts';
import { matcherText, operators, readMatcher, readMatchers, wordMatcher } from '../../../src/web/parts/matcher.ts';
import { sharedLabels } from '../../../src/web/parts/silence-labels.ts';

describe('the stream of events', () => {
  const read = (...chunks: string[]) => {
    const events: ServerEvent[] = [];
    const parse = createEventParser((event) => events.push(event));
    for (const chunk of chunks) parse(chunk);
    return events;
  };

  it('is read whatever the pieces in which it comes', () => {
    const text = ': still here\n\nid: 7\nevent: change\ndata: {"kinds":["incidents"]}\n\nevent: change\ndata: {}\n\n';
    const whole = [
      { id: '7', event: 'change', data: '{"kinds":["incidents"]}' },
      { id: '7', event: 'change', data: '{}' },
    ];
    expect(read(text)).toEqual(whole);
    expect(read(...text)).toEqual(whole);
  });

  it('waits for the end of an event', () => {
    expect(read('event: change\ndata: {"kinds":')).toEqual([]);
  });
});

describe('a matcher that somebody types', () => {
  it.each([
    ['severity=critical', 'severity="critical"'],
    [' severity =~ "critical|warning" ', 'severity=~"critical|warning"'],
    ['team!=""', 'team!=""'],
    ['team!~a b', 'team!~"a b"'],
    ['path="C:\\\\tmp \\"x\\""', 'path="C:\\\\tmp \\"x\\""'],
    ['"odd name"="x"', '"odd name"="x"'],
    ['主机=甲', '主机="甲"'],
  ])('%s becomes %s', (typed, text) => {
    const parts = readMatcher(typed);
    expect(parts === null ? null : matcherText(parts.name, parts.op, parts.value)).toBe(text);
  });

  it.each(['', 'severity', '="x"', 'two words="x"', '{a="b"}'])('%j is none', (typed) => {
    expect(readMatcher(typed)).toBeNull();
  });

  it('may be a word of the name of the alert, in whatever case', () => {
    const matches = (word: string, name: string) => {
      const [matcher] = parseMatchers(wordMatcher(word) ?? '').matchers;
      return matcher?.matches(name);
    };
    expect(matches('disk', 'NodeDiskFills')).toBe(true);
    expect(matches(' Disk ', 'disk')).toBe(true);
    expect(matches('disk', 'LinkDown')).toBe(false);
    expect(matches('a.b', 'axb')).toBe(false);
    expect(matches('(a|b)[c]*?$^', 'x(a|b)[c]*?$^y')).toBe(true);
    expect(matches('磁盘', '磁盘将满')).toBe(true);
    for (const none of ['', 'two words', 'a=', '{a}', 'a,b']) expect(wordMatcher(none)).toBeNull();
  });

  it('survives being written and read again', () => {
    const parts = { name: 'a{b}', op: '=~' as const, value: 'line\nbreak "quoted" \\d+' };
    expect(readMatcher(matcherText(parts.name, parts.op, parts.value))).toEqual(parts);
  });
});

describe('a line of matchers', () => {
  it.each([
    ['team="db"', 'team="db"'],
    ['{team="db", severity=~"critical|warning"}', 'team="db" severity=~"critical|warning"'],
    ['team=db,', 'team="db"'],
    ['path=~"/srv\\.d/.*"', 'path=~"/srv\\\\.d/.*"'],
    ['"主 机"!="甲"', '"主 机"!="甲"'],
  ])('%s becomes rows', (line, texts) => {
    expect(
      readMatchers(line)
        ?.map(({ name, op, value }) => matcherText(name, op, value))
        .join(' '),
    ).toBe(texts);
  });

  it.each(['', '{}', 'team', '="db"', 'team="db', 'team="db" severity="x"', 'a=b c', '"a b"="\\t"'])(
    '%j stays text',
    (line) => expect(readMatchers(line)).toBeNull(),
  );

  const odd = fc.string({ unit: fc.constantFrom(...'ab =~!,{}"\\n\'`\t\u00a0\ufeff\u0085é'), maxLength: 14 });

  it('means as rows what it means to the service, or is refused by it', () => {
    fc.assert(
      fc.property(odd, (line) => {
        const read = readMatchers(line);
        if (read === null) return;
        const meant = understood(line);
        if (meant !== null) expect(read).toEqual(meant);
      }),
      { numRuns: 20_000 },
    );
  });

  it('that the service has written can be shown as rows', () => {
    fc.assert(
      fc.property(
        odd.filter((name) => name !== ''),
        fc.constantFrom(...operators),
        odd,
        (name, op, value) => {
          const parts = { name, op, value };
          expect(readMatchers(formatMatcher(parts))).toEqual([parts]);
          expect(readMatchers(matcherText(name, op, value))).toEqual([parts]);
        },
      ),
    );
  });

  function understood(line: string) {
    try {
      return parseMatchers(line).matchers.map(({ name, op, value }) => ({ name, op, value }));
    } catch {
      return null;
    }
  }
});

describe('a duration that somebody types', () => {
  const texts = ['30s', '1h30m', '1d', '0', '2w3d', '1y', '5ms', '90m', '', '5', '1.5h', '30s1m', '-1s', '5 min', 'm'];
  it.each(texts)('%j is to the page what it is to the service', (text) => {
    expect(durationMs(text)).toBe(meant(text));
  });

  function meant(text: string): number | null {
    try {
      return parseDuration(text);
    } catch {
      return null;
    }
  }
});

describe('the labels by which an incident is silenced', () => {
  const member = (labels: Record<string, string>, left_at: string | null = null) => ({ labels, left_at });
  const group_labels = { alertname: 'DiskFills' };
  const shared = (members: ReturnType<typeof member>[], total = members.length) =>
    sharedLabels({ group_labels, alerts: { total }, members });

  it('are those of its group, and what all its alerts share', () => {
    const alerts = [
      member({ alertname: 'DiskFills', team: 'db', instance: 'a' }),
      member({ alertname: 'DiskFills', team: 'db', instance: 'b' }),
    ];
    expect(shared(alerts)).toEqual({ alertname: 'DiskFills', team: 'db' });
  });

  it('do not depend on alerts that have moved elsewhere', () => {
    const alerts = [member({ team: 'db' }), member({ team: 'web' }, '2026-01-01T00:00:00Z')];
    expect(shared(alerts, 1)).toEqual({ alertname: 'DiskFills', team: 'db' });
  });

  it('are only those of its group while there are alerts that nobody has seen', () => {
    const alerts = [member({ team: 'db' }), member({ team: 'db' })];
    expect(shared(alerts, 501)).toEqual(group_labels);
    expect(shared([...alerts, member({ team: 'db' }, '2026-01-01T00:00:00Z')], 3)).toEqual(group_labels);
  });
});
