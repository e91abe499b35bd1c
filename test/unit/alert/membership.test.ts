import { membershipsIn } from '../../../src/alert/membership.ts';
import type { Past, PastGroup, PastSchedule } from '../../../src/alert/past.ts';
import { dayOf } from '../../../src/alert/wall-clock.ts';

const at = (text: string) => new Date(`2026-01-${text}:00Z`);
const window = (from: string, to: string) => ({ from: at(from), to: at(to) });
const li = { kind: 'contact', name: 'li.wei' } as const;

function group(version: number, from: string, to: string | null, of: Partial<PastGroup> = {}): PastGroup {
  const nobody = { members: [], schedules: [], robots: [], channels: ['email'], matchers: [], escalation: [] };
  return { id: 1, name: 'database', version, from: at(from), to: to === null ? null : at(to), ...nobody, ...of };
}

/** By days from the 5th on, handed over at 09:00: li.wei and zhang.san in turn. */
function rota(version: number, from: string, to: string | null, overrides: string[][] = []): PastSchedule {
  const layer = { contacts: ['li.wei', 'zhang.san'], days: 1, minute: 9 * 60, weekday: null, only: null };
  return {
    ...{ name: 'dba', version, from: at(from), to: to === null ? null : at(to) },
    schedule: {
      ...{ name: 'dba', timezone: 'UTC', layers: [{ ...layer, starts: dayOf('2026-01-05') }] },
      overrides: overrides.map(([contact = null, start = '', end = '']) => {
        return { contact, startsAt: at(start), endsAt: at(end) };
      }),
    },
  };
}

const past = (groups: PastGroup[], schedules: PastSchedule[] = []): Past => ({ groups, schedules, person: [] });
const told = (all: ReturnType<typeof membershipsIn>) =>
  all.map(({ group: { version }, onCall, from, to }) => {
    const by =
      onCall === null ? 'named' : `${onCall.layer ?? 'override'} of ${onCall.schedule}@${onCall.scheduleVersion}`;
    return `${version} ${by} ${from.toISOString().slice(8, 16)} ${to?.toISOString().slice(8, 16) ?? 'on'}`;
  });

describe('memberships', () => {
  it('are those of every version that names somebody within the time', () => {
    const named = { members: ['li.wei'] };
    const versions = [
      group(1, '01T00:00', '05T10:00', named),
      group(2, '05T10:00', '05T11:00'),
      group(3, '05T11:00', null, named),
    ];
    expect(told(membershipsIn(past(versions), li, window('05T09:00', '05T12:00')))).toEqual([
      '1 named 01T00:00 05T10:00',
      '3 named 05T11:00 on',
    ]);
    const room = { kind: 'robot', name: 'li.wei' } as const;
    expect(membershipsIn(past(versions), room, window('05T09:00', '05T12:00'))).toEqual([]);
    const ops = past([group(1, '01T00:00', null, { robots: ['ops'] })]);
    expect(told(membershipsIn(ops, { kind: 'robot', name: 'ops' }, window('05T09:00', '05T12:00')))).toHaveLength(1);
  });

  it('are the turns on call within the time, whole, by the version of the schedule of that time', () => {
    const groups = [group(1, '01T00:00', null, { schedules: ['dba'] })];
    const one = past(groups, [rota(4, '01T00:00', null)]);
    expect(told(membershipsIn(one, li, window('06T08:50', '06T09:10')))).toEqual(['1 0 of dba@4 05T09:00 06T09:00']);
    expect(membershipsIn(one, li, window('06T09:00', '06T09:10'))).toEqual([]);
    expect(told(membershipsIn(one, li, window('07T09:00', '07T09:00')))).toEqual(['1 0 of dba@4 07T09:00 08T09:00']);
    const edited = past(groups, [
      rota(4, '01T00:00', '06T10:00'),
      rota(5, '06T10:00', null, [['li.wei', '06T11:00', '06T12:00']]),
    ]);
    expect(told(membershipsIn(edited, li, window('06T09:30', '06T13:00')))).toEqual([
      '1 override of dba@5 06T11:00 06T12:00',
    ]);
  });

  it('are those by an escalation step too, which is named, unless the alert group names them anyhow', () => {
    const nobody = { members: [], schedules: [], robots: [] };
    const escalation = [
      { ...nobody, members: ['wang.wu'] },
      { ...nobody, members: ['li.wei'], schedules: ['dba'], robots: ['ops'] },
    ];
    const by = (of: Partial<PastGroup>, person: { kind: 'contact' | 'robot'; name: string } = li) =>
      membershipsIn(
        past([group(1, '01T00:00', null, { escalation, ...of })], [rota(4, '01T00:00', null)]),
        person,
        window('05T09:10', '05T09:20'),
      ).map(({ step, onCall }) => [step, onCall?.schedule ?? 'named']);
    expect(by({})).toEqual([[2, 'named']]);
    expect(by({ members: ['li.wei'] })).toEqual([[null, 'named']]);
    expect(by({ schedules: ['dba'] })).toEqual([
      [null, 'dba'],
      [2, 'named'],
    ]);
    expect(by({}, { kind: 'robot', name: 'ops' })).toEqual([[2, 'named']]);
    expect(by({}, { kind: 'contact', name: 'zhao.liu' })).toEqual([]);
  });
});
