import { reasons } from '../../../src/alert/reason.ts';
import { stepText } from '../../../src/incidents/explain-text.ts';
import type { StepFacts } from '../../../src/incidents/explain-words.ts';
import { at } from './fixture.ts';

describe('the sentences', () => {
  const bare = { source: null, incidentId: null, group: null, destination: null, notificationId: null, detail: {} };
  const full = {
    source: 'az-a',
    incidentId: '5',
    group: 'database',
    destination: { name: 'ops', channel: 'wecom-robot', address: 'ops' },
    notificationId: '9',
    detail: {
      until: at(60),
      starts_at: at(0),
      ends_at: at(1),
      since: at(0),
      episode: 2,
      attempt: 3,
      answer: 'errcode -1',
    },
  };
  const facts = [bare, { ...full, detail: JSON.parse(JSON.stringify(full.detail)) }];

  it.each(reasons)('word %s whole, with many facts or none', (reason) => {
    for (const fact of facts) {
      const { text, text_zh } = stepText({ stage: 'converge', reason, ...fact });
      expect(text).toMatch(/^[A-Za-z].*\.$/);
      expect(text_zh).toMatch(/。$/);
      for (const one of [text, text_zh]) expect(one).not.toMatch(/undefined|null|NaN|\[object| {2}/);
    }
  });

  it('name the channel that the outbox stands in for', () => {
    const to = (address: string) =>
      stepText({
        ...bare,
        stage: 'converge',
        reason: 'nothing_new',
        destination: { name: 'li.wei', channel: 'outbox', address },
      });
    expect(to('email:li.wei@example.org').text).toMatch(/^li\.wei \(outbox, email li\.wei@example\.org\) is not/);
    expect(to('wecom-app:li.wei').text).toMatch(/^li\.wei \(outbox, wecom-app\) is not/);
    expect(to('wecom-app:li.wei').text_zh).toContain('li.wei（发件箱，企业微信应用）');
  });

  it('say of an incident whose alerts an edit has moved that they moved, and not that they ended', () => {
    const closed = (detail: StepFacts['detail']) =>
      stepText({ ...bare, stage: 'converge', reason: 'closed', incidentId: '5', detail });
    expect(closed({}).text).toBe('Incident 5 closed: every alert in it has ended, and everybody has been told.');
    expect(closed({ moved: true }).text).toBe(
      'Incident 5 closed: an edit of the alert groups moved its alerts out of it.',
    );
    expect(closed({ moved: true }).text_zh).toContain('移到了其他事件');
  });

  it('say of what waits for the rate when nobody has looked at it yet', () => {
    const words = (detail: StepFacts['detail']) =>
      stepText({ ...bare, stage: 'deliver', reason: 'rate_limit', detail: { until: at(60).toISOString(), ...detail } });
    expect(words({}).text).toMatch(/the rate limit of this destination is used up\.$/);
    expect(words({ unread: true }).text).toMatch(/used up; what there is to tell is looked at when its turn comes\.$/);
    expect(words({ unread: true }).text_zh).toMatch(/已达上限，届时再确定要通知的内容。$/);
  });

  it('name the silences that hide something, by which time interval and until when', () => {
    const night = { id: 's1', name: 'nightly', comment: 'batch', time_interval: 'night', until: at(60) };
    const plain = { id: 's2', name: null, comment: 'disk <b>', time_interval: null, until: at(90) };
    const words = (reason: 'silenced' | 'changed', silences: unknown) =>
      stepText({
        ...bare,
        stage: 'converge',
        reason,
        incidentId: '5',
        detail: JSON.parse(JSON.stringify({ silences })),
      });
    const time = (seconds: number) => `${at(seconds).toISOString().slice(0, 19).replace('T', ' ')} UTC`;
    const both = `silence nightly (time interval night) until ${time(60)} and silence “disk <b>” until ${time(90)}`;
    expect(words('silenced', [night, plain]).text).toBe(
      `The destination is not told: what there is to tell is hidden by ${both}.`,
    );
    expect(words('silenced', [night, plain]).text_zh).toBe(
      `未通知接收方：要通知的内容正被静默 nightly（时间段 night），至 ${time(60)}；静默“disk <b>”，至 ${time(90)}。`,
    );
    expect(words('changed', [plain]).text).toContain(`The rest is hidden by silence “disk <b>” until ${time(90)}.`);
    for (const broken of [undefined, 'x', [{}], [{ name: 5 }]]) {
      const { text, text_zh } = words('silenced', broken);
      expect(text).toMatch(/^The destination is not told: what there is to tell is hidden by (a )?silence\.$/);
      expect(text_zh).toMatch(/静默。$/);
    }
  });

  it('say who acknowledged, who took it back, and who gets no reminder for it', () => {
    const words = (detail: Record<string, unknown>) =>
      stepText({ ...bare, stage: 'converge', reason: 'acknowledged', incidentId: '5', detail });
    expect(words({ by: 'li.wei', comment: 'on it' })).toEqual({
      text: 'li.wei acknowledged incident 5 ("on it"): no reminders until it closes.',
      text_zh: 'li.wei 认领了事件 5（“on it”）：关闭之前不再重复提醒。',
    });
    expect(words({ by: 'li.wei', taken_back: true }).text).toBe('li.wei unacknowledged incident 5.');
    expect(words({}).text).toContain('is not told: the incident is acknowledged');
  });
});
