import type { AlertState, AlertTruth } from '../../src/alert/alert.ts';
import { converge, type DestinationFacts, type IncidentFacts } from '../../src/pipeline/converge/converge.ts';
import { difference } from '../../src/pipeline/converge/difference.ts';
import { noHolds } from '../../src/pipeline/converge/hold.ts';
import { type DedupeOutcome, dedupe, fires, type ReporterState } from '../../src/pipeline/dedupe/dedupe.ts';
import { type AlertEpisode, deriveAlert, type ReporterFacts } from '../../src/pipeline/dedupe/derive.ts';
import * as fc from '../support/fast-check.ts';
import { runs } from './runs.ts';

const start = Date.UTC(2026, 0, 5, 8);
const at = (seconds: number) => new Date(start + seconds * 1000);
const seconds = (max: number) => fc.nat(max).map(at);
const many = runs(250);

const report = fc
  .record({ startsAt: fc.nat(900), lasts: fc.option(fc.nat(300)) })
  .map(({ startsAt, lasts }) =>
    lasts === null
      ? { status: 'firing' as const, startsAt: at(startsAt), endsAt: null, expiresAt: null }
      : { status: 'resolved' as const, startsAt: at(startsAt), endsAt: at(startsAt + lasts), expiresAt: null },
  );
type Said = { status: 'firing' | 'resolved'; startsAt: Date; endsAt: Date | null; expiresAt: Date | null };

function hear(reports: readonly Said[]): { state: ReporterState | null; outcomes: DedupeOutcome[] } {
  const outcomes: DedupeOutcome[] = [];
  for (const r of reports) outcomes.push(dedupe(r, outcomes.at(-1)?.state ?? null, at(1000), 60_000));
  return { state: outcomes.at(-1)?.state ?? null, outcomes };
}

describe('dedupe (rules 1 and 3)', () => {
  it('ends the same in any order, with any repeats', () => {
    const shuffled = fc
      .array(report, { minLength: 1, maxLength: 12 })
      .chain((reports) =>
        fc.tuple(
          fc.constant(reports),
          fc.shuffledSubarray([...reports, ...reports], { minLength: reports.length, maxLength: 2 * reports.length }),
        ),
      );
    fc.assert(
      fc.property(shuffled, ([reports, others]) => {
        expect(hear([...others, ...reports]).state).toEqual(hear(reports).state);
        expect(hear([...reports].reverse()).state).toEqual(hear(reports).state);
      }),
      many,
    );
  });

  it('calls the same report news once at most, and reports news whenever a reporter begins or ends', () => {
    fc.assert(
      fc.property(fc.array(report, { minLength: 1, maxLength: 12 }), (reports) => {
        const { outcomes } = hear(reports);
        outcomes.forEach((outcome, i) => {
          const before = outcomes[i - 1]?.state ?? null;
          const fired = before !== null && fires(before);
          if (fired !== fires(outcome.state)) expect(outcome.news && outcome.write).toBe(true);
          const again = dedupe(reports[i] as Said, outcome.state, at(1000), 60_000);
          expect([again.news, again.write]).toEqual([again.reason === 'late_resolved', false]);
        });
      }),
      many,
    );
  });
});

const reporter: fc.Arbitrary<ReporterFacts> = fc.record({
  firingAt: seconds(900),
  resolvedAt: fc.option(seconds(900)),
  live: fc.boolean(),
  expired: fc.boolean(),
});
const episode: fc.Arbitrary<AlertEpisode> = fc.record({
  state: fc.constantFrom<AlertState[]>('firing', 'resolved', 'stale', 'expired'),
  episode: fc.nat(3),
  since: seconds(900),
  endedAt: fc.constant(null),
  changedAt: seconds(900),
  periods: fc.constant([]),
});
const now = at(1000);

describe('deriveAlert (rules 1 and 2)', () => {
  it('gives the same for its reporters in any order, and the same again', () => {
    fc.assert(
      fc.property(episode, fc.array(reporter, { maxLength: 6 }), (before, reporters) => {
        const after = deriveAlert(before, reporters, now);
        expect(deriveAlert(before, [...reporters].reverse(), now)).toEqual(after);
        if (after.state === 'firing' && after.episode > before.episode) {
          const later = deriveAlert(after, reporters, now);
          expect([later.state, later.episode]).toEqual(['firing', after.episode]);
        } else expect(deriveAlert(after, reporters, now)).toEqual(after);
      }),
      many,
    );
  });

  it('fires exactly while a live reporter fires, so a quiet source neither begins nor continues anything', () => {
    fc.assert(
      fc.property(episode, fc.array(reporter, { maxLength: 6 }), (before, reporters) => {
        const after = deriveAlert(before, reporters, now);
        const expected = reporters.some((r) => r.live && !r.expired && fires(r));
        expect(after.state === 'firing').toBe(expected);
        expect(after.episode - before.episode).toBeLessThanOrEqual(expected ? 1 : 0);
        expect(after.episode).toBeGreaterThanOrEqual(before.episode);
      }),
      many,
    );
  });

  it('begins no episode for a startsAt that shifts', () => {
    const firing = fc.array(
      seconds(900).map((firingAt): ReporterFacts => ({ firingAt, resolvedAt: null, live: true, expired: false })),
      { minLength: 1, maxLength: 6 },
    );
    fc.assert(
      fc.property(firing, fc.integer({ min: -60, max: 60 }), (reporters, shift) => {
        const before = deriveAlert({ ...unknown }, reporters, now);
        const shifted = reporters.map((r) => ({ ...r, firingAt: new Date(r.firingAt.getTime() + shift * 1000) }));
        expect(deriveAlert(before, shifted, now)).toBe(before);
      }),
      many,
    );
  });
});
const unknown: AlertEpisode = {
  state: 'resolved',
  episode: 0,
  since: at(0),
  endedAt: null,
  changedAt: at(0),
  periods: [],
};

const later = fc.integer({ min: 1001, max: 2000 }).map((s) => at(s * 1000));
const truth = (fingerprint: string): fc.Arbitrary<AlertTruth> =>
  fc.record({
    fingerprint: fc.constant(fingerprint),
    labels: fc.constant({}),
    state: fc.constantFrom<AlertState[]>('firing', 'resolved', 'stale', 'expired'),
    episode: fc.integer({ min: 1, max: 3 }),
    since: seconds(900),
    endedAt: fc.constant(null),
    changedAt: seconds(900),
    critical: fc.boolean(),
    suppressedBy: fc.constantFrom(null, null, 'silenced' as const),
    pendingUntil: fc.option(later, { freq: 2 }),
    continues: fc.constant(1),
    keptUntil: fc.option(later, { freq: 2 }),
    flappingUntil: fc.option(later, { freq: 2 }),
  });
const names = ['a', 'b', 'c'];
const receipt = fc.record({
  episode: fc.integer({ min: 1, max: 3 }),
  state: fc.constantFrom('firing' as const, 'resolved' as const, 'flapping' as const, 'undeliverable' as const),
});
const destination = (id: number): fc.Arbitrary<DestinationFacts> =>
  fc.record({
    id: fc.constant(id),
    member: fc.boolean(),
    receipts: fc
      .tuple(...names.map(() => fc.option(receipt)))
      .map((all) => new Map(all.flatMap((r, i) => (r === null ? [] : [[names[i] as string, r] as const])))),
    thread: fc.option(fc.record({ joinedAt: fc.option(seconds(900)), lastAcceptedAt: fc.option(seconds(1000)) })),
    open: fc.boolean(),
    onTheWay: fc.subarray(names).map((all) => new Set(all)),
    summaryDue: fc.boolean(),
    escalatedBy: fc.option(fc.integer({ min: 1, max: 3 })),
    digest: fc.option(fc.constant({ zone: 'UTC', minutes: Array.from({ length: 144 }, (_, n) => 10 * n) })),
    heldUntil: fc.option(seconds(1000)),
  });
const incident: fc.Arbitrary<IncidentFacts> = fc.record({
  lane: fc.constantFrom('normal' as const, 'watchdog' as const),
  lastFlushAt: fc.option(seconds(1000)),
  acknowledged: fc.boolean(),
  policy: fc.record({
    groupBy: fc.constant([]),
    groupWaitMs: fc.constantFrom(0, 30_000),
    groupIntervalMs: fc.constantFrom(60_000, 300_000),
    repeatIntervalMs: fc.constantFrom(600_000, 3_600_000),
    sendResolved: fc.boolean(),
    forMs: fc.constant(0),
    keepFiringForMs: fc.constant(0),
    flapping: fc.constant(null),
    storm: fc.constant(null),
    quietTimes: fc.constant(null),
    muteTimes: fc.constant(null),
    activeTimes: fc.constant(null),
  }),
  muted: fc.constant(null),
  holds: fc.oneof(
    fc.constant(noHolds),
    seconds(1000).map((at) => ({
      normal: { reason: 'storm' as const, at, key: 'storm/1', sendAt: at },
      critical: null,
    })),
  ),
  alerts: fc.tuple(...names.map(truth)),
  destinations: fc.tuple(destination(1), destination(2)),
  nextChangeAt: fc.constant(null),
});

const isHeld = (a: AlertTruth) => a.pendingUntil !== null || a.keptUntil !== null || a.flappingUntil !== null;

/** The same incident at a later moment, when what kept its alerts back until then does so no longer. */
function asOf(facts: IncidentFacts, moment: Date): IncidentFacts {
  const left = (until: Date | null) => (until !== null && until > moment ? until : null);
  const alerts = facts.alerts.map((a) => ({
    ...a,
    ...{ pendingUntil: left(a.pendingUntil), keptUntil: left(a.keptUntil), flappingUntil: left(a.flappingUntil) },
  }));
  return { ...facts, alerts };
}

/** The same incident after everything that was sent has been accepted. */
function afterAcceptance(facts: IncidentFacts): IncidentFacts {
  const decision = converge(facts, now);
  const destinations = facts.destinations.map((d): DestinationFacts => {
    const outcome = decision.outcomes.get(d.id);
    const thread = d.thread ?? (decision.lateJoiners.includes(d.id) ? { joinedAt: now, lastAcceptedAt: null } : null);
    if (outcome?.kind !== 'send') return { ...d, thread };
    const receipts = new Map(d.receipts);
    for (const { fingerprint, episode, flappingUntil } of outcome.difference.fresh)
      receipts.set(fingerprint, { episode, state: flappingUntil === null ? 'firing' : 'flapping' });
    for (const { fingerprint, episode } of outcome.difference.resolved)
      receipts.set(fingerprint, { episode, state: 'resolved' });
    return { ...d, receipts, thread: { joinedAt: null, lastAcceptedAt: now } };
  });
  return { ...facts, destinations, lastFlushAt: decision.flushed ? now : facts.lastFlushAt };
}

describe('converge (rules 4 to 9)', () => {
  it('is due in the future only, and what it waits for comes', () => {
    fc.assert(
      fc.property(incident, (facts) => {
        const { dueAt, outcomes, close } = converge(facts, now);
        if (dueAt !== null) {
          expect(dueAt.getTime()).toBeGreaterThan(now.getTime());
          const then = converge(asOf(facts, dueAt), dueAt);
          const sends = [...then.outcomes.values()].some((o) => o.kind === 'send');
          // What its policy lets go at that moment may have to wait for a timer yet.
          const waitsOn = facts.alerts.some(isHeld) && (then.dueAt === null || then.dueAt > dueAt);
          expect(sends || then.urgent.length > 0 || then.close || waitsOn).toBe(true);
        }
        if (close) expect([...outcomes.values()].filter((o) => o.kind !== 'nothing')).toEqual([]);
      }),
      many,
    );
  });

  it('hurries what is on its way for a critical alert that is due, and for nothing else', () => {
    fc.assert(
      fc.property(incident, (facts) => {
        const { urgent } = converge(facts, now);
        const critical = facts.alerts.some((a) => a.critical && a.suppressedBy === null);
        for (const id of urgent) expect(facts.destinations.find((d) => d.id === id)).toMatchObject({ open: true });
        if (!critical) expect(urgent).toEqual([]);
      }),
      many,
    );
  });

  it('says nothing more at the same moment once everything that it said is accepted', () => {
    fc.assert(
      fc.property(incident, (facts) => {
        const again = converge(afterAcceptance(facts), now);
        expect([...again.outcomes.values()].filter((o) => o.kind === 'send')).toEqual([]);
        expect(again.flushed).toBe(false);
      }),
      many,
    );
  });

  it('owes an end to whoever knows of a beginning, member or not, until it is told', () => {
    const ended = truth('a').map((alert): AlertTruth => ({ ...alert, state: 'resolved', suppressedBy: null }));
    const known = receipt.filter(({ state }) => state === 'firing' || state === 'flapping');
    fc.assert(
      fc.property(ended, known, fc.boolean(), (alert, told, member) => {
        const what = difference([alert], { member, receipts: new Map([['a', told]]) }, true);
        const calm = alert.flappingUntil === null && alert.keptUntil === null;
        if (calm) expect(what.resolved).toEqual([alert]);
        else expect(what.held !== null || (member && what.fresh.length === 1)).toBe(true);
        if (!member) expect([what.fresh, what.stillFiring]).toEqual([[], []]);
      }),
      many,
    );
  });

  it('tells nobody what is suppressed, on its way or known, nor strangers what begins', () => {
    fc.assert(
      fc.property(incident, (facts) => {
        for (const d of facts.destinations) {
          const outcome = converge(facts, now).outcomes.get(d.id);
          if (outcome?.kind !== 'send') continue;
          expect(d.open).toBe(false);
          const { fresh, resolved } = outcome.difference;
          for (const alert of [...fresh, ...resolved]) {
            expect(alert.suppressedBy).toBeNull();
            expect(d.onTheWay.has(alert.fingerprint)).toBe(false);
          }
          for (const alert of fresh) {
            const known = d.receipts.get(alert.fingerprint);
            expect(alert.pendingUntil).toBeNull();
            if (alert.flappingUntil !== null) expect([d.member, known?.state === 'flapping']).toEqual([true, false]);
            else
              expect(
                (d.member && alert.state === 'firing' && (known?.episode ?? 0) < alert.continues) ||
                  known?.state === 'resolved' ||
                  known?.state === 'flapping',
              ).toBe(true);
          }
          for (const alert of resolved) {
            expect(['firing', 'flapping']).toContain(d.receipts.get(alert.fingerprint)?.state);
            expect([alert.keptUntil, alert.flappingUntil]).toEqual([null, null]);
          }
        }
      }),
      many,
    );
  });
});
