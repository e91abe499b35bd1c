import { labelsOf } from '../../../src/alert/labels.ts';
import { byteLength, cutBytes } from '../../../src/channels/text/bytes.ts';
import { wordsOf } from '../../../src/channels/text/languages.ts';
import { httpUrl, plain } from '../../../src/channels/text/neutral.ts';
import { outline, type Room } from '../../../src/channels/text/outline.ts';
import { bareText, plainText } from '../../../src/channels/text/plain-text.ts';
import { timesOf } from '../../../src/channels/text/time.ts';
import { ended, everyKind, messageOf, partOf, replica, sentAt, watchdogPart } from './samples.ts';

const room: Room = { alerts: 50, incidents: 30, labels: 8, summary: 400, detail: 600, links: true };
const wide = (parts = [partOf()], locale = 'en') => outline(messageOf(parts, { locale }), room);
const textOf = (parts = [partOf()], locale = 'en') => plainText(wide(parts, locale), bareText);

describe('the first line', () => {
  it.each([
    ['opened', '+1 new · CRITICAL · ReplicationStopped · cluster=prod-a · since 03:12:05 (4 min)'],
    [
      'changed',
      '+3 new, −2 resolved, 5 still firing · CRITICAL · ReplicationStopped · cluster=prod-a · since 03:12:05 (4 min)',
    ],
    [
      'again',
      '+1 fired again, 5 still firing · CRITICAL · ReplicationStopped · cluster=prod-a · since 03:12:05 (4 min)',
    ],
    ['repeat', 'Reminder: 2 still firing · CRITICAL · ReplicationStopped · cluster=prod-a · since 03:12:05 (4 min)'],
    ['resolved', '−2 resolved, all clear · ReplicationStopped · cluster=prod-a · resolved 03:13:05 after 8 min'],
    ['merged', '+6 new, −2 resolved, 10 still firing · 2 incidents · CRITICAL · ReplicationStopped, DiskFull'],
    ['summary', '2 incidents open, 6 alerts firing · CRITICAL · ReplicationStopped'],
    ['lost', 'MONITORING SILENT: heartbeat prom-a from source az-a lost since 03:12:05'],
    ['back', 'MONITORING IS BACK: heartbeat prom-a from source az-a returned at 03:15:05'],
    ['test', 'Test message from Monitor Manager at site hq: this channel works'],
  ])('of kind %s leads with what is new, in English', (kind, lead) => {
    expect(wide(everyKind()[kind]).lead).toBe(lead);
  });

  it.each([
    ['opened', '新增 1 · 严重 · ReplicationStopped · cluster=prod-a · 始于 03:12:05（已持续 4 分钟）'],
    [
      'changed',
      '新增 3，恢复 2，仍在告警 5 · 严重 · ReplicationStopped · cluster=prod-a · 始于 03:12:05（已持续 4 分钟）',
    ],
    ['again', '再次触发 1，仍在告警 5 · 严重 · ReplicationStopped · cluster=prod-a · 始于 03:12:05（已持续 4 分钟）'],
    ['repeat', '重复提醒：仍在告警 2 · 严重 · ReplicationStopped · cluster=prod-a · 始于 03:12:05（已持续 4 分钟）'],
    ['resolved', '恢复 2，已全部恢复 · ReplicationStopped · cluster=prod-a · 03:13:05 恢复（持续 8 分钟）'],
    ['merged', '新增 6，恢复 2，仍在告警 10 · 2 个事件 · 严重 · ReplicationStopped, DiskFull'],
    ['summary', '当前有 2 个未关闭的事件，共 6 条告警 · 严重 · ReplicationStopped'],
    ['lost', '监控失联：来源 az-a 的心跳 prom-a 自 03:12:05 起中断'],
    ['back', '监控恢复：来源 az-a 的心跳 prom-a 已于 03:15:05 恢复'],
    ['test', '来自 Monitor Manager（站点 hq）的测试消息：该渠道工作正常'],
  ])('of kind %s leads with what is new, in Chinese', (kind, lead) => {
    expect(wide(everyKind()[kind], 'zh-CN').lead).toBe(lead);
  });

  it('never calls an alert resolved that is only not reported any more', () => {
    expect(wide(everyKind()['expired']).headline).toBe('−1 no longer reported, none still reported');
    expect(wide(everyKind()['expired'], 'zh-CN').headline).toBe('已不再上报 1，均已结束或不再上报');
  });

  it('names every lost heartbeat of a merged watchdog alarm', () => {
    const parts = [watchdogPart('lost', ['az-a', 'az-b']), watchdogPart('lost', ['az-c'])];
    expect(wide(parts).lead).toBe(
      'MONITORING SILENT: 3 heartbeats lost since 03:12:05: prom-a (az-a), prom-a (az-b), prom-a (az-c)',
    );
    expect(wide(parts, 'zh-CN').lead).toContain('prom-a（az-a）、prom-a（az-b）、prom-a（az-c）');
  });
});

describe('the body', () => {
  it('puts the link in the second line', () => {
    expect(textOf().split('\n')[1]).toBe('Open incident: https://mm.example.org/incidents/1042');
    expect(textOf([partOf()], 'zh-CN').split('\n')[1]).toBe('查看事件：https://mm.example.org/incidents/1042');
  });

  it('shows of each alert the labels that differ, and once those that all share', () => {
    expect(textOf()).toContain('All: team=db');
    expect(textOf()).toContain('‼ instance=db-1:9104 — The replica has stopped · since 03:12:05 (4 min)');
    expect(textOf()).toContain('• instance=db-4:9104 — The replica has stopped · resolved 03:13:05 after 8 min');
  });

  it('puts critical incidents and critical alerts first', () => {
    const merged = wide(everyKind()['merged']);
    expect(merged.sections.map((section) => section.name)).toEqual(['ReplicationStopped', 'DiskFull']);
    const mixed = partOf({ fresh: [replica(1, { critical: false }), replica(2)] });
    expect(wide([mixed]).sections[0]?.blocks[0]?.lines[0]?.labels).toEqual(['instance=db-2:9104']);
  });

  it('says how many alerts it leaves out', () => {
    const fresh = Array.from({ length: 9 }, (_, n) => replica(n));
    const short = (locale: string) =>
      plainText(outline(messageOf([partOf({ fresh })], { locale }), { ...room, alerts: 2 }), bareText);
    expect(short('en')).toContain('… and 7 more');
    expect(short('zh-CN')).toContain('……还有 7 条');
  });

  it('says how many incidents it leaves out', () => {
    const parts = Array.from({ length: 5 }, (_, n) => partOf({ incidentId: `${n}` }));
    expect(outline(messageOf(parts), { ...room, incidents: 2 }).moreIncidents).toBe('… and 3 more incidents');
    expect(outline(messageOf(parts, { locale: 'zh' }), { ...room, incidents: 2 }).moreIncidents).toBe(
      '……还有 3 个事件',
    );
  });

  it('gives every incident its share of the lines', () => {
    const many = Array.from({ length: 40 }, (_, n) => replica(n));
    const parts = [partOf({ fresh: many }), partOf({ incidentId: '7', fresh: many })];
    const { sections } = outline(messageOf(parts), { ...room, alerts: 20 });
    expect(sections.map((section) => section.blocks.flatMap((block) => block.lines).length)).toEqual([10, 10]);
  });

  it('names who acknowledged', () => {
    expect(textOf(everyKind()['again'])).toContain('Acknowledged by Li Wei');
    expect(textOf(everyKind()['again'], 'zh-CN')).toContain('已由 Li Wei 认领');
  });

  it('says what a silent source means and where to look', () => {
    expect(textOf(everyKind()['lost'])).toContain('Until it is back, no alert from there can reach you.');
    expect(textOf(everyKind()['lost'], 'zh-CN')).toContain('心跳恢复之前，该来源的告警无法送达。');
  });

  it('does not repeat that a heartbeat is lost when it is back', () => {
    expect(textOf(everyKind()['back'])).not.toContain('lost');
  });

  it('falls back to the alert group when the alerts have different names', () => {
    const fresh = [replica(1), replica(2, { labels: { alertname: 'Other' } })];
    const mixed = wide([partOf({ groupLabels: labelsOf([['cluster', 'a']]), fresh, resolved: [] })]);
    expect(mixed.sections[0]?.name).toBe('database');
    expect(mixed.sections[0]?.blocks[0]?.lines.map((line) => line.name)).toEqual(['ReplicationStopped', 'Other']);
  });

  it.each(['en', 'zh-CN'])('has no gap and no undefined in it, whatever the kind (%s)', (locale) => {
    for (const parts of Object.values(everyKind())) {
      expect(textOf(parts, locale)).not.toMatch(/undefined|null|NaN|\(\)|（）| · ·|· $/m);
    }
  });
});

describe('the subject', () => {
  it.each([
    ['opened', '[FIRING:1] CRITICAL ReplicationStopped (cluster=prod-a instance=db-1:9104)'],
    ['changed', '[FIRING:8] CRITICAL ReplicationStopped (cluster=prod-a)'],
    ['resolved', '[RESOLVED] ReplicationStopped (cluster=prod-a)'],
    ['merged', '[FIRING:16] CRITICAL 2 incidents: ReplicationStopped, DiskFull'],
    ['lost', '[MONITORING SILENT] prom-a (az-a)'],
    ['back', '[MONITORING BACK] prom-a (az-a)'],
    ['test', '[TEST] Monitor Manager at site hq'],
  ])('of kind %s', (kind, subject) => {
    expect(wide(everyKind()[kind]).subject).toBe(subject);
  });

  it('keeps its bracket in Chinese, so that mail rules go on working', () => {
    expect(wide([partOf()], 'zh-CN').subject).toBe('[FIRING:8] 严重 ReplicationStopped (cluster=prod-a)');
    expect(wide(everyKind()['lost'], 'zh-CN').subject).toBe('[监控失联] prom-a（az-a）');
  });
});

describe('times', () => {
  const english = wordsOf('en');
  it('are those of the reader', () => {
    expect(timesOf(english, 'Asia/Shanghai', sentAt).at(sentAt)).toBe('03:16:05');
    expect(timesOf(english, 'America/New_York', sentAt).at(sentAt)).toBe('14:16:05');
    expect(timesOf(english, 'Asia/Shanghai', sentAt).zone).toBe('Asia/Shanghai (GMT+8)');
  });

  it('have their date when it is another day', () => {
    const yesterday = new Date('2026-11-22T10:00:00Z');
    expect(timesOf(english, 'UTC', sentAt).at(yesterday)).toBe('22 Nov 2026 10:00:00');
    expect(timesOf(wordsOf('zh-CN'), 'UTC', sentAt).at(yesterday)).toBe('2026年11月22日 10:00:00');
  });

  it('are UTC when the zone is not one', () => {
    expect(timesOf(english, 'Mars/Olympus', sentAt).zone).toBe('UTC');
  });

  it('last as long as the two largest units say', () => {
    const { between } = timesOf(english, 'UTC', sentAt);
    const lasting = (seconds: number) => between(sentAt, new Date(sentAt.getTime() + seconds * 1000));
    expect([lasting(0), lasting(45), lasting(60), lasting(3_725), lasting(90_061)]).toEqual([
      '0 s',
      '45 s',
      '1 min',
      '1 h 2 min',
      '1 d 1 h',
    ]);
    expect(timesOf(wordsOf('zh-CN'), 'UTC', sentAt).between(sentAt, new Date(sentAt.getTime() + 90_061_000))).toBe(
      '1 天 1 小时',
    );
    expect(between(sentAt, new Date(0))).toBe('0 s');
  });
});

describe('hostile values', () => {
  it('lose control characters, line ends, bidi marks and what hides text', () => {
    expect(plain('a\r\nBcc: x\u0000\u2028b\u2029c\u001b[31m')).toBe('a Bcc: x b c [31m');
    expect(plain('ab\u202egnp\u2066\u200f\u200b\u{e0041}\ufeff')).toBe('abgnp');
    expect(plain('half \ud83d')).toBe('half');
  });

  it('are cut between characters', () => {
    expect(plain('😀'.repeat(100), 10)).toBe(`${'😀'.repeat(4)}…`);
    expect(cutBytes('告警告警', 10)).toBe('告警…');
    expect(byteLength(cutBytes('告警😀'.repeat(50), 100))).toBeLessThanOrEqual(100);
  });

  it.each([
    'javascript:alert(1)',
    'data:text/html,x',
    'ftp://a/b',
    'file:///etc/passwd',
    'no url',
    '',
    `https://a/${'x'.repeat(3000)}`,
  ])('are no link when they are not http: %s', (url) => {
    expect(httpUrl(url)).toBeNull();
  });

  it('lose the password of a link', () => {
    expect(httpUrl('https://user:geheim@example.org/a?b=1')).toBe('https://example.org/a?b=1');
  });

  it('never make an outline throw', () => {
    const odd = replica(1, { startsAt: new Date(0), endsAt: new Date(0), labels: { __proto__x: 'y', alertname: '' } });
    for (const locale of ['', 'zh', 'xx-YY']) {
      const message = messageOf([partOf({ fresh: [odd], resolved: [ended(1)], groupLabels: labelsOf([]) })], {
        locale,
        timezone: '',
      });
      expect(outline(message, room).lead).not.toBe('');
    }
    expect(outline(messageOf([]), room).lead).not.toBe('');
  });
});
