import type { Channel, ChannelName } from '../../../src/channels/channel.ts';
import { contactSchema } from '../../../src/groups/kinds.ts';
import { sendTestMessages, type TestParts } from '../../../src/pipeline/deliver/test-message.ts';
import { startService, type TestService } from '../../support/service.ts';

let s: TestService;
beforeAll(async () => {
  s = await startService();
  const contact = contactSchema.parse({ name: 'li.wei', email: 'li.wei@example.org', wecom: 'LiWei' });
  await s.apply({ contacts: [contact] });
});
afterAll(() => s.stop());

/** A channel that takes everything, or breaks as only a bug can. */
function channel(name: ChannelName, broken = false): Channel {
  return {
    name,
    rateLimits: [],
    render: () => ({ summary: 'test' }),
    send: () => (broken ? Promise.reject(new TypeError('secret in it')) : Promise.resolve({ text: 'ok' })),
    close: () => Promise.resolve(),
  };
}

it('a bug in one channel of a test does not take the answers of the others away', async () => {
  const faults: unknown[] = [];
  const parts: TestParts = {
    db: s.service.db,
    clock: s.clock,
    snapshot: () => Promise.reject(new Error('not asked for a contact')),
    channels: new Map([channel('email'), channel('wecom-app', true)].map((c) => [c.name, c])),
    sender: { site: 'site', externalUrl: 'http://localhost', mailDomain: 'localhost' },
    onFault: (error) => faults.push(error),
  };
  const results = await sendTestMessages(parts, { kind: 'contact', name: 'li.wei', channel: null });
  expect(results).toMatchObject([
    { channel: 'email', ok: true, answer: 'ok' },
    { channel: 'wecom-app', ok: false, reason: 'internal' },
  ]);
  expect(JSON.stringify(results)).not.toContain('secret');
  expect(faults).toMatchObject([{ message: 'secret in it' }]);
});
