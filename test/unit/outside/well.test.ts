import { type Condition, unwell } from '../../../src/outside/well.ts';

const now = new Date('2026-03-01T08:00:00Z');
const ago = (seconds: number) => new Date(now.getTime() - seconds * 1_000);

const well: Condition = {
  database: null,
  tickedAt: ago(2),
  selfCheck: { at: ago(60), failed: false },
  dueSince: null,
  failing: [],
};
const unreachable = (since: number) => ({
  ...{ channel: 'email', reason: 'network', count: 1 },
  ...{ since: ago(since), acceptedAt: null },
});

describe('everything is well', () => {
  it.for<[string, Partial<Condition>, string[]]>([
    ['as long as nothing says otherwise', {}, []],
    ['not when the database takes no write', { database: 'the database is read-only' }, ['database']],
    ['not when the watchdog has not ticked for half a minute', { tickedAt: ago(31) }, ['schedule_late']],
    ['while a message has been due for five minutes', { dueSince: ago(300) }, []],
    ['not when it has been for longer', { dueSince: ago(301) }, ['backlog']],
    ['while a channel fails for the first minutes', { failing: [unreachable(300)] }, []],
    ['not when it goes on', { failing: [unreachable(301)] }, ['channel_failing']],
    ['not when the look for our own trouble broke off', { selfCheck: { at: ago(1), failed: true } }, ['self_check']],
    ['not when it is long ago', { selfCheck: { at: ago(301), failed: false } }, ['self_check']],
    [
      'not when several things are wrong, each named',
      { database: 'it hangs', tickedAt: ago(600), selfCheck: { at: ago(600), failed: true } },
      ['database', 'schedule_late', 'self_check'],
    ],
  ])('%s', ([, facts, expected]) => {
    expect(unwell({ ...well, ...facts }, now).reasons).toEqual(expected);
  });

  it('not when a channel fails, which is named', () => {
    expect(unwell({ ...well, failing: [unreachable(301)] }, now).failingChannels).toEqual(['email']);
  });
});
