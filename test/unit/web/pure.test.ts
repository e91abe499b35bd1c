/** The small pure parts of the page. */
import { createEventParser, type ServerEvent } from '../../../src/web/client/event-stream.ts';
import { matcherText, readMatcher } from '../../../src/web/parts/matcher.ts';

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

  it('survives being written and read again', () => {
    const parts = { name: 'a{b}', op: '=~' as const, value: 'line\nbreak "quoted" \\d+' };
    expect(readMatcher(matcherText(parts.name, parts.op, parts.value))).toEqual(parts);
  });
});
