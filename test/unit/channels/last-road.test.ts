import { labelsOf } from '../../../src/alert/labels.ts';
import type { LastRoadAlarm } from '../../../src/alert/last-road.ts';
import type { Message } from '../../../src/alert/message.ts';
import { renderMail } from '../../../src/channels/email/render.ts';
import { byteLength } from '../../../src/channels/text/bytes.ts';
import { appLimitBytes, renderApp } from '../../../src/channels/wecom-app/render.ts';
import { renderRobot, robotLimitBytes } from '../../../src/channels/wecom-robot/render.ts';
import { sentAt } from './samples.ts';

const alarm = (heartbeat: string): LastRoadAlarm => ({
  labels: labelsOf(Object.entries({ alertname: 'HeartbeatLost', heartbeat, source: 'az-a' })),
  annotations: labelsOf(
    Object.entries({ summary: `Heartbeat ${heartbeat} is lost`, description: 'No beat has come.' }),
  ),
  since: '2026-11-23T19:10:00.000Z',
});

function message(alarms: readonly LastRoadAlarm[]): Message {
  const notice = { kind: 'last_road', alarms, trouble: 'the database is read-only' } as const;
  return {
    ...{ messageId: '<mm.last-road.1@example.org>', threadId: '<mm.last-road.0@example.org>', parts: [], sentAt },
    notice: { ...notice, awaySince: '2026-11-23T19:08:30.000Z' },
    ...{ locale: 'en', timezone: 'UTC', site: 'hq', externalUrl: 'https://mm.example.org', occasion: null },
  };
}

const many = Array.from({ length: 200 }, (_, i) => alarm(`prometheus-of-a-rather-long-name-${i}`));

describe('a message of the last road', () => {
  it('says in both languages what is lost, since when, and that it is a partial view', () => {
    const { subject, text, urgent } = renderMail(message([alarm('prom-a')]), 'mm@example.org');
    expect(subject).toBe('[LAST ROAD] Heartbeat prom-a is lost');
    expect(urgent).toBe(true);
    for (const said of [
      'the database is read-only, and nothing has been stored since 19:08:30 UTC',
      'Partial view',
      'Heartbeat prom-a is lost · since 19:10:00 UTC',
      'No beat has come.',
      '心跳 prom-a 失联（来源 az-a）（自 19:10:00 UTC 起）',
      '仅为局部视图',
    ]) {
      expect(text).toContain(said);
    }
  });

  it('counts all alarms and fits every channel, however many there are', () => {
    expect(renderMail(message(many), 'mm@example.org')['subject']).toBe('[LAST ROAD] 200 alarms: HeartbeatLost');
    for (const [content, limit] of [
      [renderApp(message(many), 'text'), appLimitBytes],
      [renderApp(message(many), 'markdown'), appLimitBytes],
      [renderRobot(message(many)), robotLimitBytes],
    ] as const) {
      const text = String(content['text']);
      expect(byteLength(text)).toBeLessThanOrEqual(limit);
      expect(text).toContain('200 alarms');
      expect(text).toContain('Partial view');
    }
  });

  it('lets no label begin a line or a header of its own', () => {
    const hostile = alarm('x\r\nBcc: all@example.org');
    const { subject, text } = renderMail(message([hostile]), 'mm@example.org');
    expect(`${subject}`).not.toMatch(/[\r\n]/);
    expect(`${text}`).not.toMatch(/^Bcc:/m);
  });
});
