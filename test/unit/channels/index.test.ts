import { createChannels } from '../../../src/channels/index.ts';
import { systemClock } from '../../../src/clock.ts';
import { memoryTokenStore } from './memory-token-store.ts';
import { messageOf } from './samples.ts';

const deps = { clock: systemClock, tokens: memoryTokenStore(), robotKeyOf: () => null };

describe('the channels', () => {
  it('are those that are configured, and always the outbox', () => {
    expect([...createChannels({ email: null, wecomApp: null, wecomRobot: null }, deps).keys()]).toEqual(['outbox']);
    const wecomRobot = { apiUrl: 'http://127.0.0.1:1', rateLimits: [] };
    expect([...createChannels({ email: null, wecomApp: null, wecomRobot }, deps).keys()]).toEqual([
      'wecom-robot',
      'outbox',
    ]);
  });
});

describe('the outbox', () => {
  const outbox = createChannels({ email: null, wecomApp: null, wecomRobot: null }, deps).get('outbox')!;
  it.each([
    ['email:li.wei@example.org', 'kept in the outbox: SMTP is not configured'],
    ['wecom-app:LiWei', 'kept in the outbox: WeCom is not configured'],
    ['somewhere', 'kept in the outbox'],
  ])('accepts everything and says why: %s', async (address, text) => {
    const content = outbox.render(messageOf());
    expect(content['subject']).toBe('[FIRING:8] CRITICAL ReplicationStopped (cluster=prod-a)');
    expect(content['text']).toContain('+3 new, −2 resolved, 5 still firing');
    expect(await outbox.send(content, { address, messageId: '<a@b>', repeat: false })).toMatchObject({ text });
  });
});
