import { type Outage, observedMs } from '../../../src/alert/outage.ts';
import {
  decideHeartbeat,
  type HeartbeatDecision,
  type HeartbeatRules,
  heartbeatRules,
  type StreamFacts,
} from '../../../src/watchdog/decide.ts';
import fc from '../../support/fast-check.ts';
import { at } from './fixture.ts';

const rules: HeartbeatRules = { timeoutMs: 180_000, armed: true };

function stream(change: Partial<StreamFacts> = {}): StreamFacts {
  return {
    lastBeatAt: at(0),
    beats: 10,
    goodBeats: 10,
    cadenceMs: 60_000,
    resolvedAt: null,
    alarmedAt: null,
    ...change,
  };
}

const lost = stream({ goodBeats: 0, alarmedAt: at(180) });

describe('heartbeatRules', () => {
  it('arms a discovered heartbeat after three beats, with three times its cadence and at least three minutes', () => {
    expect(heartbeatRules({ beats: 2, cadenceMs: 60_000 }, null).armed).toBe(false);
    expect(heartbeatRules({ beats: 3, cadenceMs: 50_000 }, null)).toEqual({ armed: true, timeoutMs: 180_000 });
    expect(heartbeatRules({ beats: 3, cadenceMs: 300_000 }, null)).toEqual({ armed: true, timeoutMs: 900_000 });
  });

  it('arms a declared heartbeat from its first beat, with its own timeout', () => {
    expect(heartbeatRules({ beats: 0, cadenceMs: null }, 60_000)).toEqual({ armed: false, timeoutMs: 60_000 });
    expect(heartbeatRules({ beats: 1, cadenceMs: 600_000 }, 60_000)).toEqual({ armed: true, timeoutMs: 60_000 });
  });
});

describe('decideHeartbeat', () => {
  it('leaves a heartbeat that never beat, or is not armed, pending however long it is silent', () => {
    const pending = { state: 'pending', reason: null, alarm: null, dueAt: null };
    expect(decideHeartbeat(stream({ lastBeatAt: null, beats: 0 }), rules, at(9e6), [])).toEqual(pending);
    expect(decideHeartbeat(stream({ beats: 2 }), { ...rules, armed: false }, at(9e6), [])).toEqual(pending);
  });

  it('goes from ok to late, and raises the alarm at the timeout and not before', () => {
    expect(decideHeartbeat(stream(), rules, at(90), [])).toMatchObject({ state: 'ok', alarm: null, dueAt: at(180) });
    expect(decideHeartbeat(stream(), rules, at(91), [])).toMatchObject({ state: 'late', alarm: null, dueAt: at(180) });
    expect(decideHeartbeat(stream(), rules, at(179.999), [])).toMatchObject({ state: 'late', alarm: null });
    expect(decideHeartbeat(stream(), rules, at(180), [])).toEqual({
      state: 'lost',
      reason: 'heartbeat_lost',
      alarm: 'raise',
      dueAt: null,
    });
  });

  it('raises nothing again while the alarm is out', () => {
    expect(decideHeartbeat(lost, rules, at(999), [])).toMatchObject({ state: 'lost', alarm: null });
  });

  it('recovers after two good beats', () => {
    const one = { ...lost, goodBeats: 1, lastBeatAt: at(600) };
    expect(decideHeartbeat(one, rules, at(601), [])).toMatchObject({ state: 'recovering', alarm: null });
    const two = { ...lost, goodBeats: 2, lastBeatAt: at(660) };
    expect(decideHeartbeat(two, rules, at(661), [])).toMatchObject({
      state: 'ok',
      reason: 'heartbeat_recovered',
      alarm: 'clear',
    });
  });

  it('is lost again, in the same episode, when only one beat came', () => {
    const one = { ...lost, goodBeats: 1, lastBeatAt: at(600) };
    expect(decideHeartbeat(one, rules, at(780), [])).toMatchObject({ state: 'lost', alarm: null });
  });

  it('raises the alarm at once when the source reports it as resolved, and recovers when it fires again', () => {
    const resolved = stream({ resolvedAt: at(10), goodBeats: 0 });
    expect(decideHeartbeat(resolved, rules, at(11), [])).toMatchObject({
      state: 'lost',
      reason: 'heartbeat_resolved',
      alarm: 'raise',
    });
    const alarmed = { ...resolved, alarmedAt: at(11) };
    expect(decideHeartbeat({ ...alarmed, goodBeats: 1 }, rules, at(12), []).state).toBe('recovering');
    expect(decideHeartbeat({ ...alarmed, goodBeats: 2 }, rules, at(12), []).alarm).toBe('clear');
  });

  it('ignores a resolved report after which two beats came', () => {
    expect(decideHeartbeat(stream({ resolvedAt: at(-200), goodBeats: 2 }), rules, at(1), []).state).toBe('ok');
  });

  it.each([
    ['a restart of 11 s', 11],
    ['a restart of 2 h', 7_200],
    ['an event loop blocked for 40 s', 40],
    ['a clock that was set forward by an hour', 3_600],
  ])('does not count %s', (_, lengthSeconds) => {
    const outages = [{ from: at(59), to: at(59 + lengthSeconds) }];
    const back = 59 + lengthSeconds;
    expect(decideHeartbeat(stream(), rules, at(back), outages).state).toBe('ok');
    expect(decideHeartbeat(stream(), rules, at(back + 120), outages).alarm).toBe(null);
    expect(decideHeartbeat(stream(), rules, at(back + 121), outages).alarm).toBe('raise');
  });

  it('takes a last beat from the future, after the clock was set back, as just now', () => {
    const decision = decideHeartbeat(stream({ lastBeatAt: at(3_600) }), rules, at(0), []);
    expect(decision).toMatchObject({ state: 'ok', alarm: null, dueAt: at(180) });
  });

  it('waits for the next beat after an absence that swallowed one shortly before the timeout', () => {
    const tight = { timeoutMs: 70_000, armed: true };
    const outages = [{ from: at(59), to: at(71) }];
    expect(decideHeartbeat(stream(), tight, at(120), outages)).toMatchObject({ alarm: null, dueAt: at(141) });
    expect(decideHeartbeat(stream(), tight, at(141), outages).alarm).toBe('raise');
  });

  it('raises the alarm at twice the timeout even when we are away again and again', () => {
    const outages = Array.from({ length: 50 }, (_, n) => ({ from: at(20 + n * 40), to: at(40 + n * 40) }));
    const firstAlarm = Array.from({ length: 2_000 }, (_, second) => at(second)).find(
      (now) => decideHeartbeat(stream(), rules, now, outages).alarm === 'raise',
    );
    expect(observedMs(at(0), firstAlarm as Date, outages)).toBe(360_000);
  });
});

const absences = fc.array(fc.tuple(fc.integer({ min: 200, max: 4_000 }), fc.integer({ min: 1, max: 7_200 })), {
  maxLength: 6,
});

/** Absences one after the other: each a time there, then a time away. */
function absencesOf(parts: readonly (readonly [number, number])[]): Outage[] {
  let second = 0;
  return parts.map(([there, away]) => {
    const from = second + there;
    second = from + away;
    return { from: at(from), to: at(second) };
  });
}

const isAway = (now: Date, outages: readonly Outage[]): boolean => outages.some((o) => o.from < now && now < o.to);

/** What the shell does to a stream's facts when a beat arrives, and when a decision is stored. */
function beat(facts: StreamFacts, now: Date): StreamFacts {
  return { ...facts, lastBeatAt: now, beats: facts.beats + 1, goodBeats: facts.goodBeats + 1 };
}

function store(facts: StreamFacts, decision: HeartbeatDecision, now: Date): StreamFacts {
  const alarmedAt = decision.alarm === null ? facts.alarmedAt : decision.alarm === 'raise' ? now : null;
  const goodBeats = decision.state === 'lost' ? 0 : facts.goodBeats;
  return { ...facts, alarmedAt, goodBeats, resolvedAt: alarmedAt === null ? null : facts.resolvedAt };
}

describe('decideHeartbeat, at any time', () => {
  it('never raises an alarm while a heartbeat beats, whenever and however long we were away', () => {
    const cases = fc.record({
      parts: absences,
      cadence: fc.integer({ min: 10, max: 60 }),
      slack: fc.double({ min: 1.2, max: 5, noNaN: true }),
    });
    fc.assert(
      fc.property(cases, ({ parts, cadence, slack }) => {
        const outages = absencesOf(parts);
        const patience = { timeoutMs: cadence * slack * 1_000, armed: true };
        let facts = stream({ cadenceMs: cadence * 1_000 });
        for (let second = 0; second < 9_000; second += 5) {
          const now = at(second);
          if (isAway(now, outages)) continue;
          if (second % cadence < 5) facts = beat(facts, now);
          const known = outages.filter((o) => o.to <= now);
          expect(decideHeartbeat(facts, patience, now, known).alarm).toBe(null);
        }
      }),
    );
  });

  it('never raises an alarm before the timeout of observed time, and always at twice it', () => {
    fc.assert(
      fc.property(absences, fc.nat({ max: 20_000 }), (parts, second) => {
        const outages = absencesOf(parts).filter((o) => o.to <= at(second));
        const silentMs = observedMs(at(0), at(second), outages);
        const { alarm } = decideHeartbeat(stream(), rules, at(second), outages);
        if (silentMs < rules.timeoutMs) expect(alarm).toBe(null);
        if (silentMs >= 2 * rules.timeoutMs) expect(alarm).toBe('raise');
        if (outages.length === 0) expect(alarm).toBe(silentMs >= rules.timeoutMs ? 'raise' : null);
      }),
    );
  });

  it('raises and clears in turn, once each per episode, whatever comes', () => {
    const event = fc.record({
      after: fc.integer({ min: 1, max: 250 }),
      what: fc.constantFrom('beat', 'resolved', 'nothing'),
    });
    fc.assert(
      fc.property(fc.array(event, { maxLength: 60 }), (events) => {
        let facts = stream();
        let now = at(0);
        const alarms: string[] = [];
        for (const { after, what } of events) {
          now = new Date(now.getTime() + after * 1_000);
          if (what === 'beat') facts = beat(facts, now);
          if (what === 'resolved') facts = { ...facts, resolvedAt: now, goodBeats: 0 };
          const decision = decideHeartbeat(facts, rules, now, []);
          if (decision.alarm !== null) alarms.push(decision.alarm);
          facts = store(facts, decision, now);
          expect(facts.alarmedAt !== null).toBe(['lost', 'recovering'].includes(decision.state));
        }
        expect(alarms).toEqual(alarms.map((_, n) => (n % 2 === 0 ? 'raise' : 'clear')));
      }),
    );
  });
});
