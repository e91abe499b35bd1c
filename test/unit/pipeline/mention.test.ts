import type { AlertView, MessagePart } from '../../../src/alert/message.ts';
import { mentioned } from '../../../src/pipeline/deliver/mention.ts';
import { partOf, replica, watchdogPart } from '../channels/samples.ts';

const mention = { critical: ['LiWei', '@all'], firing: ['ZhangSan', 'LiWei'] };
const ended = (n: number, more: Partial<AlertView> = {}) =>
  replica(n, { state: 'resolved', endsAt: new Date(0), ...more });
const silent: Partial<MessagePart> = { fresh: [], resolved: [], stillFiring: 0, critical: false };
const begun = (critical: boolean) => partOf({ ...silent, fresh: [replica(1, { critical })], critical });
const reminder = (critical: boolean) => partOf({ ...silent, kind: 'repeat', stillFiring: 3, critical });

const all = ['LiWei', '@all', 'ZhangSan'];
const ofFiring = ['ZhangSan', 'LiWei'];

describe('whom a message mentions', () => {
  it.each<[string, MessagePart[], string[]]>([
    ['something critical has begun', [begun(true)], all],
    ['something else has begun', [begun(false)], ofFiring],
    ['one of two is critical', [begun(false), begun(true)], all],
    ['something critical still fires, as a reminder', [reminder(true)], all],
    ['something else still fires, as a reminder', [reminder(false)], ofFiring],
    [
      'something critical has ended',
      [partOf({ ...silent, kind: 'resolved', resolved: [ended(1, { critical: true })] })],
      [],
    ],
    [
      'something has ended, and what is critical goes on',
      [partOf({ ...silent, resolved: [ended(1)], stillFiring: 1, critical: true })],
      [],
    ],
    [
      'something else has begun, and what is critical goes on',
      [{ ...begun(false), stillFiring: 1, critical: true }],
      ofFiring,
    ],
    ['what flaps has just ended', [partOf({ ...silent, fresh: [ended(1, { flapping: 'began' })] })], []],
    ['a heartbeat is lost', [watchdogPart('lost')], all],
    ['a heartbeat is back', [watchdogPart('back')], []],
    ['it is a test', [partOf({ ...silent, kind: 'test' })], []],
  ])('when %s', (_, parts, expected) => {
    expect(mentioned(parts, mention)).toEqual(expected);
  });

  it('is nobody where nobody is named, or it goes to no room', () => {
    expect(mentioned([begun(true)], { critical: [], firing: [] })).toEqual([]);
    expect(mentioned([begun(true)], null)).toEqual([]);
  });
});
