import { labelsOf } from '../../../src/alert/labels.ts';
import type { MessagePart } from '../../../src/alert/message.ts';
import { renderApp } from '../../../src/channels/wecom-app/render.ts';
import { renderRobot } from '../../../src/channels/wecom-robot/render.ts';
import { everyKind, messageOf, partOf, replica, watchdogPart } from './samples.ts';

const bytes = (text: unknown) => Buffer.byteLength(String(text));
const renderers = {
  'app text': {
    limit: 2048,
    render: (parts: MessagePart[], locale: string) => renderApp(messageOf(parts, { locale }), 'text'),
  },
  'app markdown': {
    limit: 2048,
    render: (parts: MessagePart[], locale: string) => renderApp(messageOf(parts, { locale }), 'markdown'),
  },
  'robot markdown': {
    limit: 3800,
    render: (parts: MessagePart[], locale: string) => renderRobot(messageOf(parts, { locale })),
  },
};
const huge = '告'.repeat(22_000);
const storm = Array.from({ length: 10_000 }, (_, n) =>
  replica(n, n < 50 ? { labels: { note: huge, pod: huge }, annotations: { summary: huge } } : {}),
);

describe.each(Object.entries(renderers))('%s', (_name, { limit, render }) => {
  it.each(['en', 'zh-CN'])(
    'fits its bytes with 10,000 alerts and labels of 64 kB, and stays valid UTF-8 (%s)',
    (locale) => {
      const groupLabels = labelsOf([
        ['alertname', huge],
        ['cluster', huge],
      ]);
      const cases: MessagePart[][] = [
        [partOf({ fresh: storm })],
        [partOf({ fresh: storm.slice(0, 50), groupLabels, group: huge })],
        Array.from({ length: 200 }, (_, n) => partOf({ incidentId: `${n}`, groupLabels })),
        Array.from({ length: 60 }, (_, n) => watchdogPart('lost', [`source-${n}-${huge}`])),
      ];
      for (const parts of cases) {
        const content = render(parts, locale);
        for (const text of [content['text'], content['shorter']].map(String)) {
          expect(bytes(text)).toBeLessThanOrEqual(limit);
          expect(Buffer.from(text).toString()).toBe(text);
          expect(text).toContain('https://mm.example.org');
        }
      }
    },
  );

  it('keeps counts, severity and link when it can list nothing', () => {
    const parts = Array.from({ length: 200 }, (_, n) => partOf({ incidentId: `${n}`, fresh: storm.slice(0, 50) }));
    const text = String(render(parts, 'en')['text']);
    expect(text).toContain('+10000 new, −400 resolved, 1000 still firing · 200 incidents · CRITICAL');
    expect(text).toContain('https://mm.example.org');
  });

  it('freezes into JSON and back without a change', () => {
    const content = render([partOf()], 'zh-CN');
    expect(JSON.parse(JSON.stringify(content))).toEqual(content);
  });

  it('has a short form without a word from labels', () => {
    const part = partOf({ group: 'banned', fresh: [replica(1, { annotations: { summary: 'banned' } })] });
    expect(render([part], 'en')['shorter']).not.toContain('banned');
    expect(render([part], 'en')['shorter']).toContain('+1 new, −2 resolved, 5 still firing · CRITICAL');
  });
});

describe('app text', () => {
  it('ends in the sequence, and differs between two reminders with the same words', () => {
    const reminder = everyKind()['repeat']!;
    const first = renderApp(messageOf(reminder), 'text')['text'];
    const second = renderApp(messageOf(reminder, { messageId: '<other@mm>' }), 'text')['text'];
    expect(first).toMatch(/\n#3-[0-9a-f]{8}$/);
    expect(second).not.toBe(first);
    expect(renderApp(messageOf(reminder), 'text')['text']).toBe(first);
  });

  it('lets no label make a link or a mention', () => {
    const evil = '<a href="https://evil.example">click</a> @all';
    const content = renderApp(messageOf([partOf({ fresh: [replica(1, { annotations: { summary: evil } })] })]), 'text');
    expect(content['text']).not.toContain('<a href="https://evil');
    expect(content['text']).toContain('＜a href=');
    expect(content['text']).not.toContain('@all');
  });

  it('reads well in Chinese', () => {
    expect(renderApp(messageOf(everyKind()['opened'], { locale: 'zh-CN' }), 'text')['text']).toBe(
      [
        '新增 1 · 严重 · ReplicationStopped · cluster=prod-a · 始于 03:12:05（已持续 4 分钟）',
        '<a href="https://mm.example.org/incidents/1042">查看事件</a>',
        '',
        '告警组 database',
        '新增（1）',
        '‼ instance=db-1:9104 team=db — The replica has stopped · 始于 03:12:05（已持续 4 分钟）',
        '',
        'Monitor Manager，站点 hq · 时间均为 Asia/Shanghai (GMT+8)',
        '#1-b61e7b25',
      ].join('\n'),
    );
  });
});

describe('robot markdown', () => {
  it('shows a hostile label as text', () => {
    const evil = '**x** [a](https://evil.example) <@all> <font color="info">ok</font> `c` > q @all _i_ disk_full';
    const fresh = [replica(1, { annotations: { summary: evil }, labels: { path: 'a`b<@all>' } })];
    const text = String(renderRobot(messageOf([partOf({ fresh })]))['text']);
    expect(text).not.toContain('[a](https://evil');
    expect(text).not.toContain('<@all>');
    expect(text).not.toContain('@all');
    expect(text).not.toContain('<font color="info">ok');
    expect(text).toContain('∗∗x∗∗ ［a］(https://evil.example)');
    expect(text).toContain('＿i＿ disk_full');
    expect(text).toContain('`path=aˋb＜＠all>`');
  });

  it('mentions at its end, also where there is room for little else', () => {
    const mentions = ['LiWei', '@all', ...Array.from({ length: 18 }, (_, n) => `${n}`.padStart(64, 'x'))];
    const fresh = Array.from({ length: 200 }, (_, n) => replica(n, { annotations: { summary: '长'.repeat(400) } }));
    for (const parts of [[partOf()], [partOf({ fresh })]]) {
      const { text, shorter, summary } = renderRobot(messageOf(parts, { mentions }));
      for (const words of [text, shorter]) {
        expect(bytes(words)).toBeLessThanOrEqual(3800);
        expect(words).toMatch(/\n<@LiWei> <@all> <@x{63}0> .* <@x{62}17>$/);
      }
      expect(summary).not.toContain('@');
    }
    expect(renderRobot(messageOf([partOf()], { mentions: [] }))).toEqual(renderRobot(messageOf([partOf()])));
  });

  it('says what colour would say too', () => {
    const { lost, resolved, changed } = everyKind();
    expect(renderRobot(messageOf(changed))['text']).toMatch(/^\*\*<font color="warning">\+3 new, −2 resolved/);
    expect(renderRobot(messageOf(resolved))['text']).toMatch(/^\*\*<font color="info">−2 resolved, all clear/);
    expect(renderRobot(messageOf(lost))['text']).toMatch(/^\*\*<font color="warning">MONITORING SILENT/);
  });
});
