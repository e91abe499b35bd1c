/** Random messages to several destinations that share a limit: what the pure parts of a claim let through. */
import type { RateLimit } from '../../src/channels/channel.ts';
import { ownLimits, sharedLimit } from '../../src/channels/limits.ts';
import { fullBucket } from '../../src/pipeline/deliver/bucket.ts';
import {
  afterTaking,
  allowanceOf,
  type Held,
  isLimited,
  repeatable,
  waitFor,
} from '../../src/pipeline/deliver/limits.ts';
import { type Due, pack } from '../../src/pipeline/deliver/pack.ts';
import * as fc from '../support/fast-check.ts';
import { runs } from './runs.ts';

const minute = 60_000;
const hour = 60 * minute;
const start = Date.parse('2026-03-02T09:00:00Z');

interface Waiting extends Due {
  at: number;
  nextAt: number;
}

interface Sent {
  to: number;
  at: number;
  ids: string[];
  priority: number;
}

/** Some destinations, each with its own minute and hour, and one limit that all share: claims by turns, as rows would have them. */
function createOffice(destinations: number, { own, shared }: { own: RateLimit[]; shared: RateLimit[] }) {
  const buckets = Array.from({ length: destinations }, () => own.map((limit): Held => ({ limit, bucket: fullBucket })));
  let common = shared.map((limit): Held => ({ limit, bucket: fullBucket }));
  const waiting = Array.from({ length: destinations }, (): Waiting[] => []);
  const sent: Sent[] = [];

  function claim(to: number, now: number): void {
    const due = (waiting[to] ?? []).filter((w) => w.nextAt <= now);
    const held = [...(buckets[to] ?? []), ...common];
    const { messages } = pack(due, { ...allowanceOf(held, new Date(now)), summary: false });
    const left = afterTaking(held, messages.length, new Date(now));
    buckets[to] = left.filter((h) => !h.limit.shared);
    common = left.filter((h) => h.limit.shared);
    for (const message of messages) {
      sent.push({ to, at: now, ids: message.map((m) => m.id), priority: Math.max(...message.map((m) => m.priority)) });
    }
    const said = new Set(messages.flat());
    waiting[to] = (waiting[to] ?? []).filter((w) => !said.has(w));
    if (!isLimited(left)) return;
    for (const w of due.filter((d) => !said.has(d)))
      w.nextAt = waitFor(left, w.priority > 0, new Date(now)).at.getTime();
  }

  /** Claims everything that is due, at the times at which it becomes due, up to this one. */
  function until(end: number): void {
    for (let rounds = 0; ; rounds++) {
      const next = Math.min(...waiting.flat().map((w) => w.nextAt));
      if (next > end) return;
      expect(rounds, 'claims that lead to nothing').toBeLessThan(5_000);
      waiting.forEach((rows, to) => {
        if (rows.some((w) => w.nextAt <= next)) claim(to, next);
      });
    }
  }

  return {
    sent,
    left: () => waiting.flat().length,
    until,
    arrive: (to: number, priority: number, id: string, at: number) => {
      until(at);
      waiting[to]?.push({ id, priority, together: null, at, nextAt: at });
      claim(to, at);
    },
  };
}

/** The most messages in any window of this length. */
function mostIn(times: readonly number[], windowMs: number): number {
  return Math.max(0, ...times.map((from) => times.filter((at) => at >= from && at < from + windowMs).length));
}

const rates = fc
  .record({
    burst: fc.integer({ min: 1, max: 8 }),
    perMinute: fc.integer({ min: 1, max: 20 }),
    perHour: fc.option(fc.integer({ min: 1, max: 60 }), { nil: null }),
    kept: fc.nat(3),
    relay: fc.option(fc.integer({ min: 1, max: 30 }), { nil: null }),
  })
  .map(({ kept, relay, ...own }) => ({ ...own, reserved: Math.min(kept, own.burst - 1), relay }));

const arrivals = fc.array(
  fc.record({
    gapMs: fc.oneof(fc.constant(0), fc.nat(2_000), fc.nat(5 * minute)),
    to: fc.nat(3),
    priority: fc.constantFrom(0, 0, 0, 1, 2),
  }),
  { minLength: 1, maxLength: 80 },
);

const officeOf = ({ relay, ...own }: { relay: number | null } & Parameters<typeof ownLimits>[0] & object) =>
  createOffice(4, { own: ownLimits(own), shared: sharedLimit('smtp_relay', relay, 1) });

describe('the limits of a destination and those that it shares', () => {
  it('let no more through in any window than each of them allows, and lose nothing', () => {
    fc.assert(
      fc.property(rates, arrivals, (rate, steps) => {
        const office = officeOf(rate);
        let now = start;
        steps.forEach(({ gapMs, to, priority }, i) => {
          now += gapMs;
          office.arrive(to, priority, String(i), now);
        });
        office.until(now + 100 * hour);
        expect(office.left()).toBe(0);
        expect(office.sent.flatMap((s) => s.ids).sort()).toEqual(steps.map((_, i) => String(i)).sort());
        for (const to of [0, 1, 2, 3]) {
          const times = office.sent.filter((s) => s.to === to).map((s) => s.at);
          expect(mostIn(times, minute)).toBeLessThanOrEqual(rate.burst + rate.perMinute);
          if (rate.perHour !== null) expect(mostIn(times, hour)).toBeLessThanOrEqual(rate.perHour);
        }
        const all = office.sent.map((s) => s.at);
        if (rate.relay !== null) expect(mostIn(all, minute)).toBeLessThanOrEqual(rate.relay);
      }),
      runs(150),
    );
  });

  it('never let normal messages, to anybody, hold up one that is critical', () => {
    const roomy = rates.filter(
      ({ reserved, perHour, relay }) => reserved > 0 && (perHour ?? 9) > 3 && (relay ?? 9) > 3,
    );
    fc.assert(
      fc.property(roomy, arrivals, fc.constantFrom(1, 2), (rate, steps, priority) => {
        const office = officeOf(rate);
        let now = start;
        steps.forEach(({ gapMs, to }, i) => {
          now += gapMs;
          office.arrive(to, 0, String(i), now);
        });
        office.arrive(0, priority, 'urgent', now);
        expect(office.sent.find((s) => s.ids.includes('urgent'))?.at).toBe(now);
      }),
      runs(150),
    );
  });

  it('say as much of what waits as they can in the next message', () => {
    const office = officeOf({ burst: 2, perMinute: 1, perHour: null, reserved: 0, relay: null });
    for (let i = 0; i < 10; i++) office.arrive(0, 0, String(i), start + i);
    office.until(start + 2 * minute);
    expect(office.sent.map((s) => s.ids.length)).toEqual([1, 1, 8]);
  });
});

describe('messages in doubt', () => {
  const doubtful = [{ priority: 2 }, { priority: 1 }, { priority: 0 }, { priority: 0 }];

  it('are repeated as far as the tokens go, those that are not urgent without the reserve', () => {
    expect(repeatable(doubtful, { tokens: null, reserved: 0 }).later).toEqual([]);
    expect(repeatable(doubtful, { tokens: 3, reserved: 0 })).toEqual({
      now: doubtful.slice(0, 3),
      later: [doubtful[3]],
    });
    expect(repeatable(doubtful, { tokens: 3, reserved: 2 }).now).toEqual(doubtful.slice(0, 2));
    expect(repeatable(doubtful, { tokens: 0, reserved: 0 }).now).toEqual([]);
  });
});

describe('a limit of so many messages in a window', () => {
  it.each([1, 2, 3, 4, 30, 1_000])('of %i lets in half of them at once, and keeps a part of those', (most) => {
    const [limit] = sharedLimit('smtp_relay', most, 1) as [RateLimit];
    expect(limit.burst + (most === 1 ? 0 : limit.perMinute)).toBe(most);
    expect(limit.reserved).toBeLessThan(limit.burst);
    if (limit.burst > 1) expect(limit.reserved).toBeGreaterThan(0);
  });

  it('is none when the setting is empty', () => {
    expect([...sharedLimit('wecom_app', null, 1_440), ...ownLimits(null)]).toEqual([]);
  });
});
