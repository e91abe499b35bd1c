import type { AlertTruth } from '../../../src/alert/alert.ts';
import {
  converge,
  type DestinationFacts,
  type IncidentFacts,
  type Outcome,
} from '../../../src/pipeline/converge/converge.ts';
import { noHolds } from '../../../src/pipeline/converge/hold.ts';
import { usualPolicy } from '../../support/policy.ts';
import { plainly } from '../../support/truth.ts';

const minute = 60_000;
const start = Date.UTC(2026, 0, 5, 8, 0, 0);
const at = (ms: number) => new Date(start + ms);

const firing = (fingerprint: string, more: Partial<AlertTruth> = {}): AlertTruth => ({
  fingerprint,
  labels: { alertname: fingerprint },
  state: 'firing',
  episode: 1,
  since: at(0),
  endedAt: null,
  changedAt: at(0),
  critical: false,
  suppressedBy: null,
  ...plainly,
  continues: more.episode ?? 1,
  ...more,
});
const ended = (fingerprint: string, more: Partial<AlertTruth> = {}) =>
  firing(fingerprint, { state: 'resolved', endedAt: at(minute), changedAt: at(minute), ...more });

const told = (...receipts: [string, number, 'firing' | 'resolved' | 'undeliverable'][]) =>
  new Map(receipts.map(([f, episode, state]) => [f, { episode, state }]));

const member = (more: Partial<DestinationFacts> = {}): DestinationFacts => ({
  id: 1,
  member: true,
  receipts: new Map(),
  thread: null,
  open: false,
  onTheWay: new Set(),
  summaryDue: false,
  escalatedBy: null,
  digest: null,
  heldUntil: null,
  ...more,
});

const facts = (more: Partial<IncidentFacts> = {}): IncidentFacts => ({
  lane: 'normal',
  lastFlushAt: null,
  acknowledged: false,
  policy: usualPolicy,
  muted: null,
  holds: noHolds,
  alerts: [firing('a')],
  destinations: [member()],
  nextChangeAt: null,
  ...more,
});

const outcome = (decision: ReturnType<typeof converge>, id = 1) => decision.outcomes.get(id) as Outcome;
const toldAt = (ms: number) => ({ joinedAt: null, lastAcceptedAt: at(ms) });

describe('converge', () => {
  it('waits group_wait from the earliest start before the first flush, not longer (rule 6)', () => {
    expect(converge(facts(), at(1_000))).toMatchObject({ dueAt: at(30_000), flushed: false, close: false });
    expect(outcome(converge(facts(), at(30_000)))).toMatchObject({ kind: 'send', reason: 'opened' });
    const longAgo = facts({ alerts: [firing('a', { since: at(-60 * minute) })] });
    expect(outcome(converge(longAgo, at(0))).kind).toBe('send');
  });

  it('tells later changes group_interval after the last flush (rule 6)', () => {
    const incident = facts({
      lastFlushAt: at(30_000),
      alerts: [firing('a'), firing('b', { since: at(minute), changedAt: at(minute) })],
      destinations: [member({ receipts: told(['a', 1, 'firing']), thread: toldAt(30_000) })],
    });
    expect(converge(incident, at(2 * minute)).dueAt).toEqual(at(30_000 + 5 * minute));
    const due = outcome(converge(incident, at(30_000 + 5 * minute)));
    expect(due).toMatchObject({ kind: 'send', reason: 'changed' });
    if (due.kind === 'send') expect(due.difference.fresh.map((a) => a.fingerprint)).toEqual(['b']);
  });

  it('says nothing about what resolved before anybody was told, and closes (rules 6 and 7)', () => {
    const decision = converge(facts({ alerts: [ended('a')] }), at(minute));
    expect(outcome(decision).kind).toBe('nothing');
    expect(decision).toMatchObject({ close: true, dueAt: null });
  });

  it('tells one "fired again" for an end and a start between two flushes (rule 6)', () => {
    const incident = facts({
      lastFlushAt: at(0),
      alerts: [firing('a', { episode: 2, since: at(2 * minute) })],
      destinations: [member({ receipts: told(['a', 1, 'firing']), thread: toldAt(0) })],
    });
    const due = outcome(converge(incident, at(5 * minute)));
    if (due.kind !== 'send') throw new Error(due.kind);
    expect(due.difference.fresh).toHaveLength(1);
    expect([...due.difference.again]).toEqual(['a']);
    expect(due.difference.resolved).toHaveLength(0);
  });

  it('repeats what still fires, counted from what the destination accepted last (rule 6)', () => {
    const destinations = [member({ receipts: told(['a', 1, 'firing']), thread: toldAt(minute) })];
    const incident = facts({ lastFlushAt: at(30_000), destinations });
    expect(converge(incident, at(2 * minute)).dueAt).toEqual(at(minute + 240 * minute));
    expect(outcome(converge(incident, at(241 * minute)))).toMatchObject({ kind: 'send', reason: 'repeat' });
  });

  it('tells whom a step names at once and once, and starts no timer by it; not what is acknowledged', () => {
    const called = member({ id: 2, escalatedBy: 1 });
    const first = member({ receipts: told(['a', 1, 'firing']), thread: toldAt(0) });
    const incident = facts({ lastFlushAt: at(0), destinations: [first, called] });
    const decision = converge(incident, at(minute));
    expect(outcome(decision, 2)).toMatchObject({ kind: 'send', reason: 'escalated' });
    expect([decision.flushed, decision.lateJoiners]).toEqual([false, []]);
    expect(outcome(converge({ ...incident, acknowledged: true }, at(minute)), 2).reason).toBe('acknowledged');
    const since = { ...called, receipts: told(['a', 1, 'firing']), thread: toldAt(minute) };
    expect(outcome(converge({ ...incident, destinations: [since] }, at(2 * minute)), 2).reason).toBe('repeat_interval');
  });

  it('does not repeat what is acknowledged, but tells fresh alerts (rule 7)', () => {
    const destinations = [member({ receipts: told(['a', 1, 'firing']), thread: toldAt(0) })];
    const incident = facts({ lastFlushAt: at(0), acknowledged: true, destinations });
    expect(outcome(converge(incident, at(300 * minute))).reason).toBe('acknowledged');
    const fresh = { ...incident, alerts: [firing('a'), firing('b', { since: at(minute), changedAt: at(minute) })] };
    expect(outcome(converge(fresh, at(300 * minute))).kind).toBe('send');
  });

  it('tells an end to everybody who was told of the start, member or not (rule 8)', () => {
    const former = member({ member: false, receipts: told(['a', 1, 'firing']), thread: toldAt(0) });
    const stranger = member({ id: 2, member: false });
    const incident = facts({ lastFlushAt: at(0), alerts: [ended('a')], destinations: [former, stranger] });
    const decision = converge(incident, at(10 * minute));
    expect(outcome(decision)).toMatchObject({ kind: 'send', reason: 'resolved_all' });
    expect(outcome(decision, 2).kind).toBe('nothing');
    const off = { ...incident, policy: { ...incident.policy, sendResolved: false } };
    expect(converge(off, at(10 * minute))).toMatchObject({ close: true });
  });

  it('does not tell a former member of what begins (rule 8)', () => {
    const decision = converge(facts({ destinations: [member({ member: false })] }), at(minute));
    expect(outcome(decision).kind).toBe('nothing');
  });

  it('lets a new member start with the next change or repeat (rule 8)', () => {
    const old = member({ receipts: told(['a', 1, 'firing']), thread: toldAt(30_000) });
    const newcomer = member({ id: 2 });
    const incident = facts({ lastFlushAt: at(30_000), destinations: [old, newcomer] });
    const joined = converge(incident, at(60 * minute));
    expect(joined.lateJoiners).toEqual([2]);
    expect(outcome(joined, 2)).toMatchObject({ kind: 'wait', reason: 'new_member' });

    const waiting = member({ id: 2, thread: { joinedAt: at(60 * minute), lastAcceptedAt: null } });
    const quiet = facts({ lastFlushAt: at(30_000), destinations: [old, waiting] });
    expect(outcome(converge(quiet, at(90 * minute)), 2).kind).toBe('wait');
    const repeat = converge(quiet, at(30_000 + 240 * minute));
    expect(outcome(repeat, 2)).toMatchObject({ kind: 'send', reason: 'repeat' });

    const changed = {
      ...quiet,
      alerts: [firing('a'), firing('b', { since: at(91 * minute), changedAt: at(91 * minute) })],
    };
    const now = outcome(converge(changed, at(92 * minute)), 2);
    if (now.kind !== 'send') throw new Error(now.kind);
    expect(now.difference.fresh.map((a) => a.fingerprint)).toEqual(['a', 'b']);
  });

  it('reminds a new member when the others would be, also of those that have been reminded before (rule 8)', () => {
    const former = member({ member: false, receipts: told(['a', 1, 'firing']), thread: toldAt(240 * minute) });
    const at300 = facts({ lastFlushAt: at(0), destinations: [former, member({ id: 2 })] });
    const joins = converge(at300, at(300 * minute));
    expect([joins.lateJoiners, joins.dueAt]).toEqual([[2], at(480 * minute)]);
    // What others are told after it has come does not put it off.
    const waiting = member({ id: 2, thread: { joinedAt: at(300 * minute), lastAcceptedAt: null } });
    const other = member({ id: 3, receipts: told(['a', 1, 'firing']), thread: toldAt(400 * minute) });
    const later = facts({ lastFlushAt: at(0), destinations: [former, waiting, other] });
    expect(outcome(converge(later, at(480 * minute)), 2)).toMatchObject({ kind: 'send', reason: 'repeat' });
  });

  it('takes what is suppressed for no difference, and computes again when that ends (rule 9)', () => {
    const silenced = facts({ alerts: [firing('a', { suppressedBy: 'silenced' })], nextChangeAt: at(60 * minute) });
    const decision = converge(silenced, at(minute));
    expect(outcome(decision)).toMatchObject({ kind: 'nothing', reason: 'silenced' });
    expect(decision).toMatchObject({ close: false, dueAt: at(60 * minute) });
  });

  it('stays open while an end that must be told is suppressed (rule 9)', () => {
    const destinations = [member({ receipts: told(['a', 1, 'firing']), thread: toldAt(0) })];
    const alerts = [ended('a', { suppressedBy: 'silenced' })];
    expect(converge(facts({ lastFlushAt: at(0), alerts, destinations }), at(9 * minute)).close).toBe(false);
  });

  it('tells nobody what another incident has told them already (rule 4)', () => {
    const destinations = [member({ receipts: told(['a', 1, 'firing']) })];
    expect(outcome(converge(facts({ destinations }), at(minute)))).toMatchObject({ reason: 'already_told' });
  });

  it('opens no second notification beside an unfinished one (rule 5)', () => {
    const decision = converge(facts({ destinations: [member({ open: true })] }), at(minute));
    expect(outcome(decision)).toMatchObject({ kind: 'nothing', reason: 'open_notification' });
    expect(decision.close).toBe(false);
  });

  it('does not try again what could not be delivered, until the alert fires anew (rule 5)', () => {
    const destinations = [member({ receipts: told(['a', 1, 'undeliverable']), thread: toldAt(0) })];
    const incident = facts({ lastFlushAt: at(0), destinations });
    expect(outcome(converge(incident, at(10 * minute))).kind).toBe('nothing');
    const anew = { ...incident, alerts: [firing('a', { episode: 2 })] };
    expect(outcome(converge(anew, at(10 * minute))).kind).toBe('send');
  });

  it('holds the incident open for what is stale, without repeating it (rule 2)', () => {
    const destinations = [member({ receipts: told(['a', 1, 'firing']), thread: toldAt(0) })];
    const incident = facts({ lastFlushAt: at(0), alerts: [firing('a', { state: 'stale' })], destinations });
    const decision = converge(incident, at(600 * minute));
    expect(decision).toMatchObject({ close: false, flushed: false });
    expect(outcome(decision).kind).toBe('nothing');
  });

  it('tells of watchdog alarms within five seconds and of their end at once (rule 11)', () => {
    const alarm = facts({ lane: 'watchdog', alerts: [firing('w', { critical: true })] });
    expect(converge(alarm, at(0)).dueAt).toEqual(at(5_000));
    const destinations = [member({ receipts: told(['w', 1, 'firing']), thread: toldAt(5_000) })];
    const over = { ...alarm, lastFlushAt: at(5_000), alerts: [ended('w')], destinations };
    expect(outcome(converge(over, at(6_000))).kind).toBe('send');
  });

  it('says everything at once to a channel that has just been configured', () => {
    const decision = converge(facts({ lastFlushAt: at(0), destinations: [member({ summaryDue: true })] }), at(1));
    expect(outcome(decision)).toMatchObject({ kind: 'send', reason: 'summary' });
  });
});
