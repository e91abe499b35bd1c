import type { Policy, Silence } from '../../src/alert/config.ts';
import type { Gates } from '../../src/pipeline/converge/gates.ts';
import { type Truths, truthsOf } from '../../src/pipeline/converge/incident.ts';
import type { StoredAlert } from '../../src/pipeline/converge/load.ts';
import { deriveAlert } from '../../src/pipeline/dedupe/derive.ts';
import * as fc from '../support/fast-check.ts';
import { usualPolicy } from '../support/policy.ts';
import { runs } from './runs.ts';

const second = 1_000;
const minute = 60 * second;
const start = Date.UTC(2026, 0, 5, 8);

/** Time goes by, then something happens to one of the alerts, or to none of them. */
type Step = { ms: number; alert: number; does: 'begin' | 'end' | 'go quiet' | 'get silenced' | 'nothing' };

const step: fc.Arbitrary<Step> = fc.record({
  ms: fc.constantFrom(0, 1, 30 * second, minute, 5 * minute, 20 * minute),
  alert: fc.nat(2),
  does: fc.constantFrom<Step['does'][]>('begin', 'begin', 'end', 'end', 'go quiet', 'get silenced', 'nothing'),
});
const policies: fc.Arbitrary<Policy> = fc.record({
  ...Object.fromEntries(Object.entries(usualPolicy).map(([key, value]) => [key, fc.constant(value)])),
  forMs: fc.constantFrom(0, minute),
  keepFiringForMs: fc.constantFrom(0, 5 * minute),
  flapping: fc.constantFrom(null, { changes: 3, withinMs: 30 * minute }),
}) as fc.Arbitrary<Policy>;

const unknown = (alert: number): StoredAlert => ({
  ...{ fingerprint: `a${alert}`, labels: { alertname: `a${alert}` }, lane: alert === 2 ? 'watchdog' : 'normal' },
  ...{ state: 'resolved', episode: 0, since: new Date(0), endedAt: null, changedAt: new Date(0), periods: [] },
});

const silence: Silence = {
  ...{ id: 's', name: null, matchers: [], recurs: null, createdBy: '', comment: '' },
  ...{ startsAt: new Date(0), endsAt: new Date(0) },
};

/** What becomes of an alert; the same object while nothing does. */
function happen(before: StoredAlert, does: Step['does'], now: Date): StoredAlert {
  const said = { firingAt: before.since, resolvedAt: before.endedAt, live: true, expired: false };
  const firing = { ...said, firingAt: now };
  if (does === 'begin') return { ...before, ...deriveAlert(before, [firing], now) };
  if (does === 'end') return { ...before, ...deriveAlert(before, [{ ...said, resolvedAt: now }], now) };
  if (does === 'go quiet') return { ...before, ...deriveAlert(before, [{ ...said, live: false }], now) };
  return before;
}

describe('the truth of the alerts of an incident', () => {
  it('is the same whether it is worked out anew or from what was true before', () => {
    fc.assert(
      fc.property(policies, fc.array(step, { maxLength: 40 }), (policy, steps) => {
        const silenced = new Set<string>();
        let stored: StoredAlert[] = [];
        let before: Truths | null = null;
        let now = start;
        for (const { ms, alert, does } of steps) {
          now += ms;
          const at = new Date(now);
          // Alerts come to it one after the other.
          if (stored.length <= alert) stored = [...stored, unknown(stored.length)];
          stored = stored.map((one, i) => (i === alert ? happen(one, does, at) : one));
          if (does === 'get silenced' && !silenced.delete(`a${alert}`)) silenced.add(`a${alert}`);
          const gates: Gates = {
            ...{ inhibitions: new Map(), critical: [] },
            suppress: ({ labels }) =>
              silenced.has(labels['alertname'] ?? '') ? { reason: 'silenced', until: at, by: silence } : null,
          };
          const anew = truthsOf(stored, policy, gates, at);
          before = truthsOf(stored, policy, gates, at, before);
          expect(before).toEqual(anew);
        }
      }),
      runs(100),
    );
  });
});
