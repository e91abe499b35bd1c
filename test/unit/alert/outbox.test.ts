import { behindOutbox } from '../../../src/alert/outbox.ts';

it.each([
  [
    { channel: 'email', address: 'a:b@example.org' },
    { channel: 'email', address: 'a:b@example.org' },
  ],
  [
    { channel: 'outbox', address: 'email:a:b@example.org' },
    { channel: 'email', address: 'a:b@example.org' },
  ],
  [
    { channel: 'outbox', address: 'somewhere' },
    { channel: 'outbox', address: 'somewhere' },
  ],
])('%j is for %j', (destination, meant) => {
  expect(behindOutbox(destination)).toEqual(meant);
});
