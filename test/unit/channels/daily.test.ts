/** Daily messages as their readers see them, however much there is to say. */
import type { Message } from '../../../src/alert/message.ts';
import type { DailyNotice } from '../../../src/alert/notice.ts';
import { renderMail } from '../../../src/channels/email/render.ts';
import { appLimitBytes, renderApp } from '../../../src/channels/wecom-app/render.ts';
import { renderRobot, robotLimitBytes } from '../../../src/channels/wecom-robot/render.ts';

const notice: DailyNotice = {
  ...{ kind: 'daily_message', name: 'morning', site: 'shanghai' },
  ...{ dueAt: '2026-01-06T09:00:00Z', foundAt: '2026-01-06T09:00:03Z', unwell: [] },
  heartbeats: { total: 0, bad: 0, listed: [] },
  sources: { total: 0, bad: 0, listed: [] },
  yesterday: { date: '2026-01-05', alerts: 0, incidents: 0, messages: [], away: { count: 0, lastedMs: 0 } },
  onCall: [],
  sites: [],
};

function message(facts: Partial<DailyNotice>, more: Partial<Message> = {}): Message {
  return {
    ...{ messageId: '<mm.1@example.org>', threadId: '<mm.2@example.org>', parts: [], notice: { ...notice, ...facts } },
    ...{ occasion: null, locale: 'en', timezone: 'UTC', site: 'shanghai', externalUrl: 'https://mm.example.org' },
    ...{ sentAt: new Date('2026-01-06T09:00:05Z'), ...more },
  };
}

/** Fifty of each, a quarter of them as they should not be. */
const crowd: Partial<DailyNotice> = {
  heartbeats: {
    ...{ total: 80, bad: 12 },
    listed: Array.from({ length: 50 }, (_, i) => ({
      ...{ name: `Watchdog-${i}`, source: `az-${i}`, state: i < 12 ? 'lost' : 'ok' },
      lastBeatAt: '2026-01-06T08:59:00Z',
    })),
  },
  sources: {
    ...{ total: 60, bad: 1 },
    listed: Array.from({ length: 50 }, (_, i) => ({
      ...{ name: `az-${i}`, site: 'shanghai', state: i === 0 ? 'quiet' : 'ok' },
      lastPostAt: '2026-01-06T08:59:00Z',
    })),
  },
} as Partial<DailyNotice>;

const textOf = (content: Record<string, unknown>) => String(content['text']);

describe('a daily message', () => {
  it('warns when there is nothing that it could watch over', () => {
    const text = textOf(renderMail(message({}), 'mm@example.org'));
    expect(text).toContain('All is well at shanghai');
    expect(text).toContain('Heartbeats (0)\n• None is watched: nobody would notice when a Prometheus goes quiet');
    expect(text).toContain('Sources (0)\n• None is configured: no alert can come in');
    expect(text).toContain('• No message was sent');
  });

  it.each([
    ['a member', appLimitBytes, (m: Message) => textOf(renderApp(m, 'text'))],
    ['a member, in markdown', appLimitBytes, (m: Message) => textOf(renderApp(m, 'markdown'))],
    ['a room', robotLimitBytes, (m: Message) => textOf(renderRobot(m))],
  ])('fits into what WeCom takes for %s, and counts what it leaves out', (_, limit, render) => {
    for (const locale of ['en', 'zh-CN']) {
      const text = render(message(crowd, { locale }));
      expect(Buffer.byteLength(text)).toBeLessThanOrEqual(limit);
      expect(text).toContain(
        locale === 'en' ? '12 heartbeats missing, 1 source quiet' : '心跳异常 12 个，来源无数据 1 个',
      );
      expect(text).toContain('Watchdog-0 (az-0)');
      expect(text).not.toContain('<font color="comment"></font>');
    }
  });

  it('says which other site is not well, and what is wrong with the service itself', () => {
    const words = { en: 'beijing: not heard of since 08:12', 'zh-CN': 'beijing：08:12 起失联' };
    const facts: Partial<DailyNotice> = { unwell: ['backlog'], sites: [{ well: false, words }] };
    const mail = renderMail(message(facts, { locale: 'zh-CN' }), 'mm@example.org');
    expect(mail['subject']).toBe('[每日报平安] shanghai 有异常：Monitor Manager 自身异常，其他站点异常 1 个');
    expect(textOf(mail)).toContain('异常（2）\n‼ 有消息到期超过 5 分钟仍未发送\n‼ beijing：08:12 起失联');
  });

  it('tells as a trouble what was kept because its channel is not configured, and calls none of it sent', () => {
    const messages = [
      { channel: 'email', sent: 4, failed: 0 },
      { channel: 'outbox', sent: 3, failed: 0 },
    ];
    const facts = { yesterday: { ...notice.yesterday, messages } };
    const english = renderMail(message(facts), 'mm@example.org');
    expect(english['subject']).toBe('[DAILY] Not all is well at shanghai: 3 messages reached nobody');
    expect(textOf(english)).toContain('Not well (1)\n‼ 3 messages of yesterday reached nobody: their channel is not');
    expect(textOf(english)).toContain('E-mail: 4 messages sent\n• Outbox: 3 messages kept, which reached nobody');
    const chinese = renderMail(message(facts, { locale: 'zh-CN' }), 'mm@example.org');
    expect(chinese['subject']).toBe('[每日报平安] shanghai 有异常：消息未发出 3 条');
    expect(textOf(chinese)).toContain('发件箱：留存 3 条，未发给任何人（渠道未配置）');
    expect(textOf(chinese)).not.toContain('已发送 3 条');
  });

  it.each([
    ['en', ['email', 'wecom-app'], 'Nothing has been accepted for more than 5 minutes by E-mail, WeCom app'],
    ['zh-CN', ['email', 'wecom-app'], '邮件、企业微信应用已超过 5 分钟没有成功发送任何消息'],
    ['en', undefined, 'Nothing has been accepted for more than 5 minutes on a channel'],
    ['zh-CN', undefined, '某个渠道已超过 5 分钟没有成功发送任何消息'],
  ])('names the channels that fail (%s, %j)', (locale, failingChannels, expected) => {
    const facts: Partial<DailyNotice> = { unwell: ['channel_failing'], ...(failingChannels && { failingChannels }) };
    expect(textOf(renderMail(message(facts, { locale }), 'mm@example.org'))).toContain(`‼ ${expected}`);
  });

  it('says that it is late only when it is', () => {
    const at = (time: string) =>
      renderMail(message({}, { sentAt: new Date(`2026-01-06T${time}Z`) }), 'mm@example.org')['subject'];
    expect([at('09:10:00'), at('09:10:01')]).toEqual([
      '[DAILY] All is well at shanghai',
      '[DAILY] All is well at shanghai (sent late)',
    ]);
  });
});
