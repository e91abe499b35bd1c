import type { AlertTruth } from '../../../src/alert/alert.ts';
import {
  converge,
  type DestinationFacts,
  type IncidentFacts,
  type Outcome,
} from '../../../src/pipeline/converge/converge.ts';
import { difference } from '../../../src/pipeline/converge/difference.ts';
import { criticalKey, type Hold, noHolds, quietKey } from '../../../src/pipeline/converge/hold.ts';
import { heldAgain } from '../../../src/pipeline/deliver/held-again.ts';
import { usualPolicy } from '../../support/policy.ts';
import { plainly } from '../../support/truth.ts';

const second = 1_000;
const minute = 60 * second;
const hour = 60 * minute;
/** Six in the morning; digests are at nine and at five. */
const start = Date.UTC(2026, 0, 5, 6);
const at = (ms: number) => new Date(start + ms);
const [nine, five, tomorrow] = [at(3 * hour), at(11 * hour), at(27 * hour)];
const digest = { zone: 'UTC', minutes: [9 * 60, 17 * 60] };

const firing = (fingerprint: string, more: Partial<AlertTruth> = {}): AlertTruth => ({
  ...{ fingerprint, labels: { alertname: fingerprint }, state: 'firing', episode: 1, critical: false },
  ...{ since: at(0), endedAt: null, changedAt: at(0), suppressedBy: null },
  ...plainly,
  continues: more.episode ?? 1,
  ...more,
});
const ended = (fingerprint: string, more: Partial<AlertTruth> = {}) =>
  firing(fingerprint, { state: 'resolved', endedAt: at(minute), changedAt: at(minute), ...more });
const told = (...fingerprints: string[]) =>
  new Map(fingerprints.map((f) => [f, { episode: 1, state: 'firing' as const }]));

const bob = (more: Partial<DestinationFacts> = {}): DestinationFacts => ({
  ...{ id: 1, member: true, receipts: new Map(), thread: null, open: false, onTheWay: new Set<string>() },
  ...{ summaryDue: false, escalatedBy: null, digest, heldUntil: null },
  ...more,
});
const toldAt = (ms: number) => ({ joinedAt: null, lastAcceptedAt: at(ms) });
const facts = (more: Partial<IncidentFacts> = {}): IncidentFacts => ({
  ...{ lane: 'normal', lastFlushAt: null, acknowledged: false, policy: usualPolicy, muted: null, holds: noHolds },
  ...{ alerts: [firing('a')], destinations: [bob()], nextChangeAt: null },
  ...more,
});
const outcome = (more: Partial<IncidentFacts>, now: Date, id = 1) =>
  converge(facts(more), now).outcomes.get(id) as Outcome;

const quiet = (until: Date): Hold => ({ reason: 'quiet_hours', at: until, key: quietKey, sendAt: until });
const storm = (next: Date): Hold => ({ reason: 'storm', at: next, key: 'storm/1', sendAt: next });

describe('a digest', () => {
  it('keeps what is not critical until its next time, and tells it then in one message with its like', () => {
    const waiting = converge(facts(), at(minute));
    expect(waiting.outcomes.get(1)).toEqual({ kind: 'wait', reason: 'digest', until: nine });
    expect(waiting).toMatchObject({ dueAt: nine, flushed: false });
    const then = { destinations: [bob({ heldUntil: nine })] };
    expect(outcome(then, nine)).toMatchObject({
      ...{ kind: 'send', reason: 'opened' },
      together: { key: 'digest', sendAt: at(3 * hour + 15 * second) },
    });
  });

  it('comes late rather than at the next time when nobody could decide', () => {
    const late = at(3 * hour + 20 * minute);
    expect(outcome({ destinations: [bob({ heldUntil: nine })] }, late).kind).toBe('send');
    expect(outcome({}, late)).toMatchObject({ kind: 'wait', until: five });
    expect(outcome({ destinations: [bob({ heldUntil: nine })] }, at(2 * hour))).toMatchObject({ until: nine });
  });

  it('tells nothing of what ended before it', () => {
    expect(outcome({ alerts: [ended('a')], destinations: [bob({ heldUntil: nine })] }, nine).kind).toBe('nothing');
  });

  it('keeps the end too, whether the receiver was told of the beginning by it or not', () => {
    const destinations = [bob({ receipts: told('a'), thread: toldAt(0) })];
    expect(outcome({ alerts: [ended('a')], destinations }, at(minute))).toMatchObject({
      reason: 'digest',
      until: nine,
    });
  });

  it('lets others be told at once, and keeps none of them waiting by what it tells', () => {
    const ann = bob({ id: 2, digest: null });
    const both = { destinations: [bob(), ann] };
    const first = converge(facts(both), at(minute));
    expect(first.outcomes.get(2)).toMatchObject({ kind: 'send', reason: 'opened', together: null });
    expect([first.flushed, first.dueAt]).toEqual([true, nine]);
    const known = { ...ann, receipts: told('a'), thread: toldAt(minute) };
    const held = bob({ heldUntil: nine, thread: { joinedAt: null, lastAcceptedAt: null } });
    const later = { destinations: [held, known], lastFlushAt: at(minute) };
    expect(converge(facts(later), nine).flushed).toBe(false);
    const alone = { ...later, destinations: [held] };
    expect(converge(facts(alone), nine).flushed).toBe(true);
  });

  describe('and what is critical', () => {
    const critical = [firing('a'), firing('b', { critical: true })];

    it('has nothing to do with each other', () => {
      const holds = { normal: storm(at(2 * minute)), critical: { key: criticalKey, sendAt: at(minute + 5 * second) } };
      expect(outcome({ alerts: critical }, at(minute))).toMatchObject({ kind: 'send', together: null });
      expect(outcome({ alerts: critical, holds }, at(minute))).toMatchObject({ together: { key: criticalKey } });
      const end = [ended('b', { critical: true })];
      const destinations = [bob({ receipts: told('b'), thread: toldAt(0) })];
      expect(outcome({ alerts: end, destinations }, at(10 * minute)).kind).toBe('send');
      expect(outcome({ alerts: [firing('b', { critical: true })], destinations }, at(5 * hour)).reason).toBe('repeat');
    });

    it('hurries what gathers for a digest', () => {
      const decision = converge(facts({ alerts: critical, destinations: [bob({ open: true })] }), at(hour));
      expect(decision.urgent).toEqual([1]);
    });
  });

  it.each([
    ['until before it: at its time', at(2 * hour), null, nine],
    ['until its time: then', nine, null, nine],
    ['until after it: when they end', at(4 * hour), null, at(4 * hour)],
    ['that go on over the next one too: when they end', at(12 * hour), null, at(12 * hour)],
    ['that have begun meanwhile: when they end', at(3 * hour + minute), nine, at(3 * hour + minute)],
  ])('in quiet hours %s', (_, until, heldUntil, expected) => {
    const now = heldUntil === null ? at(minute) : nine;
    const holds = { normal: quiet(until), critical: null };
    const found = outcome({ holds, destinations: [bob({ heldUntil })] }, now);
    expect(found).toEqual({ kind: 'wait', reason: 'digest', until: expected });
  });

  it('has nothing to add to a storm, and a storm nothing to it', () => {
    const holds = { normal: storm(at(3 * hour + 5 * minute)), critical: null };
    expect(outcome({ holds }, at(minute))).toMatchObject({ reason: 'digest', until: nine });
    const due = outcome({ holds, destinations: [bob({ heldUntil: nine })] }, nine);
    expect(due).toMatchObject({ kind: 'send', together: { key: 'digest' } });
  });

  it('does not keep back an alarm of the watchdog', () => {
    expect(outcome({ lane: 'watchdog' }, at(minute))).toMatchObject({ kind: 'send', together: null });
  });

  it('does not keep back what an escalation step calls somebody in for, nor what follows in that incident', () => {
    const called = bob({ escalatedBy: 1 });
    expect(outcome({ destinations: [called] }, at(minute))).toMatchObject({ kind: 'send', reason: 'escalated' });
    const since = { ...called, receipts: told('a'), thread: toldAt(0) };
    expect(outcome({ alerts: [ended('a')], destinations: [since] }, at(10 * minute)).reason).toBe('resolved_all');
  });

  it('does not keep back the summary of a channel that has just been configured', () => {
    expect(outcome({ destinations: [bob({ summaryDue: true })] }, at(minute)).reason).toBe('summary');
  });

  describe('reminds', () => {
    const since = (ms: number, more: Partial<DestinationFacts> = {}) => ({
      lastFlushAt: at(ms),
      destinations: [bob({ receipts: told('a'), thread: toldAt(ms), ...more })],
    });
    const policy = (repeatIntervalMs: number) => ({ policy: { ...usualPolicy, repeatIntervalMs } });

    it('at its times only, and daily where it is daily, whenever the last one arrived', () => {
      const known = since(3 * hour + 15 * second);
      expect(outcome(known, at(4 * hour))).toEqual({ kind: 'wait', reason: 'repeat_interval', until: five });
      expect(outcome(known, five)).toMatchObject({ kind: 'send', reason: 'repeat', together: { key: 'digest' } });
      const daily = { ...since(3 * hour + 20 * minute), ...policy(24 * hour) };
      expect(outcome(daily, at(4 * hour))).toMatchObject({ until: tomorrow });
      expect(outcome(daily, tomorrow)).toMatchObject({ reason: 'repeat' });
      expect(outcome(daily, new Date(tomorrow.getTime() + 10 * minute))).toMatchObject({ reason: 'repeat' });
    });

    it.each([
      [
        'not minutes after something was told at once, but in the next one',
        11 * hour - 10 * minute,
        4 * hour,
        tomorrow,
      ],
      ['a little early rather than half a day late', 8 * hour, 4 * hour, five],
      ['a little late rather than hours early', 10 * hour, 24 * hour, at(35 * hour)],
      ['in none of the first half of the interval, however late the next one is', 10 * hour, 4 * hour, tomorrow],
      ['in the last one before the end of the interval when that is nearer', 6 * hour, 24 * hour, tomorrow],
    ])('%s', (_, toldMs, repeatMs, expected) => {
      const found = outcome({ ...since(toldMs), ...policy(repeatMs) }, at(toldMs + minute));
      expect(found).toEqual({ kind: 'wait', reason: 'repeat_interval', until: expected });
    });

    it('daily, also when the clocks have been put forward meanwhile', () => {
      const berlin = { zone: 'Europe/Berlin', minutes: [9 * 60] };
      const [saturday, sunday] = [new Date('2026-03-28T08:00:15Z'), new Date('2026-03-29T07:00:00Z')];
      const thread = { joinedAt: null, lastAcceptedAt: saturday };
      const known = bob({ receipts: told('a'), thread, digest: berlin });
      const found = outcome({ lastFlushAt: saturday, destinations: [known], ...policy(24 * hour) }, saturday);
      expect(found).toMatchObject({ until: sunday });
    });

    it('of nothing that is acknowledged', () => {
      expect(outcome({ ...since(0), acknowledged: true }, five).reason).toBe('acknowledged');
    });

    it('when quiet hours have ended', () => {
      const holds = { normal: quiet(at(12 * hour)), critical: null };
      expect(outcome({ ...since(3 * hour), holds }, five)).toMatchObject({ reason: 'digest', until: at(12 * hour) });
    });
  });
});

describe('what was decided and not sent', () => {
  const telling = {
    group: { id: 1, policy: usualPolicy },
    lane: 'normal' as const,
    together: null,
    digest,
    calledIn: false,
    reminds: false,
  };
  const about = (...alerts: AlertTruth[]) => difference(alerts, { member: true, receipts: new Map() }, true);

  it('waits for the digest when only what is not critical is left of it', () => {
    expect(heldAgain(telling, about(firing('a')), at(0))).toBe('digest');
    const still = { ...about(firing('a')), stillFiring: [firing('b', { critical: true })] };
    expect(heldAgain(telling, still, at(0))).toBe('digest');
    expect(heldAgain({ ...telling, reminds: true }, still, at(0))).toBeNull();
    expect(heldAgain(telling, about(firing('a', { critical: true })), at(0))).toBeNull();
    expect(heldAgain({ ...telling, together: 'digest' }, about(firing('a')), at(0))).toBeNull();
    expect(heldAgain({ ...telling, digest: null }, about(firing('a')), at(0))).toBeNull();
    expect(heldAgain({ ...telling, calledIn: true }, about(firing('a')), at(0))).toBeNull();
    expect(heldAgain({ ...telling, lane: 'watchdog' }, about(firing('a')), at(0))).toBeNull();
  });
});
