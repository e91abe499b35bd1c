/** When a site says that it cannot do its work. */
import { notReady } from '../../../src/peers/own-status.ts';

it.each([
  ['nothing', [], [], [], []],
  ['a database that takes no write', ['database'], [], [], ['database']],
  [
    'work that has stopped and messages that wait',
    ['schedule_late', 'backlog'],
    [],
    ['email'],
    ['schedule_late', 'backlog'],
  ],
  ['the only channel that is used', ['channel_failing'], ['email'], ['email', 'outbox'], ['channel_failing']],
  ['one of two channels', ['channel_failing'], ['email'], ['email', 'wecom-app'], []],
  ['both of two channels', ['channel_failing'], ['email', 'wecom-app'], ['email', 'wecom-app'], ['channel_failing']],
  ['a look for trouble that is late', ['self_check'], [], ['email'], []],
] as const)('for %s', (_, reasons, failingChannels, used, expected) => {
  expect(notReady({ reasons, failingChannels }, used)).toEqual(expected);
});
