import { type FailingDestinations, failingChannels } from '../../../src/outside/failing.ts';

const now = new Date('2026-03-01T08:00:00Z');
const ago = (seconds: number) => new Date(now.getTime() - seconds * 1_000);
const waitingMs = 300_000;

const dead: FailingDestinations = {
  ...{ channel: 'email', reason: 'network', count: 1 },
  ...{ since: ago(301), acceptedAt: ago(301) },
};

describe('a channel fails as a whole', () => {
  it.for<[string, Partial<FailingDestinations>, boolean]>([
    ['when its server has not been reached for more than five minutes', {}, true],
    ['not within the first five minutes', { since: ago(300) }, false],
    ['not while others get through there', { acceptedAt: ago(300) }, false],
    ['when nothing ever got through there', { acceptedAt: null }, true],
    ['when nobody answers', { reason: 'timeout' }, true],
    ['when the provider is busy', { reason: 'provider_busy' }, true],
    ['when the password is refused', { reason: 'bad_credentials' }, true],
    ['when the sender or this machine is refused', { reason: 'not_allowed' }, true],
    ['when a setting is wrong', { reason: 'misconfigured' }, true],
    ['not when one mailbox is full or greylists us', { reason: 'provider_error' }, false],
    ['when several are refused for now', { reason: 'provider_error', count: 2 }, true],
    ['not when one has sent as much as the provider allows it', { reason: 'rate_limited_by_provider' }, false],
    ['when several have', { reason: 'rate_limited_by_provider', count: 2 }, true],
    ['not when addresses are wrong', { reason: 'bad_recipient', count: 9 }, false],
    ['not when messages are refused for what they say', { reason: 'bad_content', count: 9 }, false],
    [
      'not when robots were removed from their rooms',
      { channel: 'wecom-robot', reason: 'bad_credentials', count: 9 },
      false,
    ],
    ['when no room can be reached', { channel: 'wecom-robot' }, true],
    ['not when nobody noted why', { reason: null, count: 9 }, false],
  ])('%s', ([, facts, fails]) => {
    const one = { ...dead, ...facts };
    expect(failingChannels([one], now, waitingMs)).toEqual(fails ? [one.channel] : []);
  });

  it('is named once, however many ways it fails in, and beside the others', () => {
    const found = [
      { ...dead, channel: 'wecom-app' },
      dead,
      { ...dead, reason: 'timeout' },
      { ...dead, channel: 'wecom-robot', acceptedAt: ago(1) },
    ];
    expect(failingChannels(found, now, waitingMs)).toEqual(['email', 'wecom-app']);
  });
});
