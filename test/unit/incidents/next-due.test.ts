import { type DueFacts, nextDue } from '../../../src/incidents/next-due.ts';
import { at } from './fixture.ts';

const facts: DueFacts = {
  closed: false,
  acknowledged: false,
  dueAt: at(900),
  lastFlushAt: at(300),
  undecided: false,
  waits: [],
  silencesTurnAt: [],
  hiddenUntil: null,
  inhibited: false,
  handOverAt: null,
  nextStepAt: null,
  remindersAt: [],
};
const reasonOf = (change: Partial<DueFacts>) => nextDue({ ...facts, ...change }, at(600)).reason;

describe('the reason of the next due time', () => {
  it('is what a destination waits for until then', () => {
    const waits = [
      { reason: 'group_wait', until: at(800) },
      { reason: 'new_member', until: at(900) },
    ];
    expect(reasonOf({ waits })).toBe('new_member');
  });

  it('is a silence or a reminder that comes then, else the time after which nobody reports it any more', () => {
    expect(reasonOf({ silencesTurnAt: [at(900)], remindersAt: [at(900)] })).toBe('silenced');
    expect(reasonOf({ silencesTurnAt: [at(901)], remindersAt: [at(900)] })).toBe('repeat_interval');
    expect(reasonOf({})).toBe('expired');
  });

  it('is the end of the silence that hides everything, not a reminder that it will hide too', () => {
    const silenced = { remindersAt: [at(950)], hiddenUntil: at(5_000) };
    expect(nextDue({ ...facts, ...silenced }, at(600))).toMatchObject({ at: at(5_000), reason: 'silenced' });
    expect(nextDue({ ...facts, ...silenced, hiddenUntil: null }, at(600))).toMatchObject({ at: at(950) });
    const ends = { silencesTurnAt: [at(900)], hiddenUntil: at(900) };
    expect(nextDue({ ...facts, ...ends }, at(600)).text).toBe('A silence hides it until then.');
    expect(nextDue({ ...facts, ...ends, hiddenUntil: null }, at(600)).text).toContain('begins, pauses or ends');
  });

  it('is the end of what inhibits all of it, unless a silence ends before', () => {
    expect(nextDue({ ...facts, dueAt: null, inhibited: true }, at(600))).toMatchObject({
      at: null,
      reason: 'inhibited',
    });
    expect(reasonOf({ inhibited: true, remindersAt: [at(950)] })).toBe('inhibited');
    expect(reasonOf({ inhibited: true, silencesTurnAt: [at(900)] })).toBe('silenced');
  });

  it('is a hand-over, unless something is said then', () => {
    expect(nextDue({ ...facts, handOverAt: at(900) }, at(600))).toMatchObject({
      ...{ at: at(900), reason: 'new_member', text: expect.stringContaining('comes on call') },
    });
    expect(reasonOf({ handOverAt: at(900), remindersAt: [at(900)] })).toBe('repeat_interval');
    expect(nextDue({ ...facts, handOverAt: at(900), acknowledged: true }, at(600)).reason).toBe('acknowledged');
  });

  it('is the next escalation step when nothing else is told before', () => {
    expect(reasonOf({ nextStepAt: at(900) })).toBe('escalated');
    expect(nextDue({ ...facts, nextStepAt: at(1_200) }, at(600))).toMatchObject({ at: at(1_200), reason: 'escalated' });
    expect(reasonOf({ nextStepAt: at(1_200), remindersAt: [at(1_000)] })).toBe('repeat_interval');
    expect(reasonOf({ nextStepAt: at(1_200), waits: [{ reason: 'group_interval', until: at(900) }] })).toBe(
      'group_interval',
    );
  });

  it('is group_wait before the first message, but not where nobody is to be told', () => {
    expect(reasonOf({ lastFlushAt: null, undecided: true })).toBe('group_wait');
    expect(reasonOf({ lastFlushAt: null })).toBe('expired');
  });

  it('is no reminder of what is acknowledged, though a change is told', () => {
    const reminded = { acknowledged: true, remindersAt: [at(900), at(950)] };
    expect(nextDue({ ...facts, ...reminded }, at(600))).toMatchObject({ at: null, reason: 'acknowledged' });
    expect(reasonOf({ ...reminded, dueAt: at(700) })).toBe('acknowledged');
    expect(reasonOf({ ...reminded, waits: [{ reason: 'group_interval', until: at(900) }] })).toBe('group_interval');
  });

  it('is none when it is due already, closed, or nothing is to come', () => {
    expect(reasonOf({ dueAt: at(600) })).toBeNull();
    expect(reasonOf({ closed: true })).toBe('closed');
    expect(nextDue({ ...facts, dueAt: null }, at(600))).toMatchObject({ at: null, reason: 'nothing_new' });
  });
});
