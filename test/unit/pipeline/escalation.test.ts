import type { AlertTruth } from '../../../src/alert/alert.ts';
import {
  afterTelling,
  type Escalation,
  type EscalationFacts,
  escalate,
  nextLook,
  stepNaming,
} from '../../../src/pipeline/converge/escalation.ts';
import { plainly } from '../../support/truth.ts';

const minute = 60_000;
const start = Date.UTC(2026, 0, 5, 8, 0, 0);
const at = (minutes: number) => new Date(start + minutes * minute);

const alert = (more: Partial<AlertTruth> = {}): AlertTruth => ({
  fingerprint: 'a',
  labels: {},
  state: 'firing',
  episode: 1,
  since: at(0),
  endedAt: null,
  changedAt: at(0),
  critical: false,
  suppressedBy: null,
  ...plainly,
  continues: 1,
  ...more,
});
const nobody = { members: [], schedules: [], robots: [] };
const known = new Map([[1, new Map([['a', { episode: 1, state: 'firing' as const }]])]]);
const facts = (more: Partial<EscalationFacts> = {}): EscalationFacts => ({
  steps: [15, 30].map((minutes) => ({ afterMs: minutes * minute, ...nobody })),
  acknowledged: false,
  alerts: [alert()],
  receipts: known,
  heard: true,
  groupWaitMs: minute,
  ...more,
});
const begun: Escalation = { since: at(0), reached: 0 };
const notYet: Escalation = { since: null, reached: 0 };

describe('escalation', () => {
  it('reaches each step at its time, counted from the same beginning', () => {
    const reached = [14, 15, 29, 30, 99].map((minutes) => escalate(begun, facts(), at(minutes)).reached);
    expect(reached).toEqual([0, 1, 1, 2, 2]);
    expect([0, 1, 2].map((n) => nextLook({ since: at(0), reached: n }, facts()))).toEqual([at(15), at(30), null]);
  });

  it('begins with the first message', () => {
    const untold = facts({ receipts: new Map() });
    expect(escalate(notYet, untold, at(1))).toEqual(notYet);
    expect(afterTelling(notYet, untold, false, at(1))).toEqual(notYet);
    expect(afterTelling(notYet, untold, true, at(1))).toEqual({ since: at(1), reached: 0 });
    expect(nextLook(notYet, untold)).toBeNull();
  });

  it('begins anew at once where somebody knows of it already', () => {
    expect(escalate({ since: null, reached: 1 }, facts(), at(60))).toEqual({ since: at(60), reached: 1 });
    const earlier = new Map([[1, new Map([['a', { episode: 1, state: 'firing' as const }]])]]);
    const again = facts({ alerts: [alert({ episode: 2, continues: 2 })], receipts: earlier });
    expect(escalate(notYet, again, at(60))).toEqual(notYet);
  });

  it('begins when somebody would have been told, where nobody is there', () => {
    const alone = facts({ receipts: new Map(), heard: false });
    expect(escalate(notYet, alone, at(0.5))).toEqual(notYet);
    expect(nextLook(notYet, alone)).toEqual(at(1));
    expect(escalate(notYet, alone, at(1)).since).toEqual(at(1));
    const pending = facts({ ...alone, alerts: [alert({ pendingUntil: at(5) })] });
    expect([escalate(notYet, pending, at(1)).since, nextLook(notYet, pending)]).toEqual([null, at(5)]);
  });

  it.each<[string, Partial<EscalationFacts>]>([
    ['acknowledged', { acknowledged: true }],
    ['silenced', { alerts: [alert({ suppressedBy: 'silenced' })] }],
    ['not yet of that age', { alerts: [alert({ pendingUntil: at(99) })] }],
    ['over', { alerts: [alert({ state: 'resolved', endedAt: at(1) })] }],
    ['of a group without steps', { steps: [] }],
  ])('counts nothing of what is %s, and takes no step back', (_, more) => {
    expect(escalate({ since: at(0), reached: 1 }, facts(more), at(60))).toEqual({ since: null, reached: 1 });
    expect(nextLook({ since: null, reached: 0 }, facts(more))).toBeNull();
  });

  it.each<[string, Partial<AlertTruth>]>([
    ['its sources are quiet', { state: 'stale' }],
    ['its end does not count yet', { state: 'resolved', endedAt: at(1), keptUntil: at(99) }],
    ['it flaps and is down just now', { state: 'resolved', endedAt: at(1), flappingUntil: at(99) }],
  ])('goes on counting while %s, and calls nobody', (_, more) => {
    expect(escalate(begun, facts({ alerts: [alert(more)] }), at(60))).toEqual(begun);
    expect(nextLook(begun, facts({ alerts: [alert(more)] }))).toBeNull();
    expect(escalate(begun, facts(), at(61)).reached).toBe(2);
  });

  it('knows by which step somebody is a member', () => {
    const membersAt = (steps: number) => [[1], [1, 2], [1, 2, 3]][steps] ?? [];
    expect([1, 2, 3, 4].map((id) => stepNaming(id, 2, membersAt))).toEqual([null, 1, 2, null]);
    expect(stepNaming(3, 1, membersAt)).toBeNull();
  });
});
