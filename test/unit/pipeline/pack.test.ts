import { type Due, pack } from '../../../src/pipeline/deliver/pack.ts';
import * as fc from '../../support/fast-check.ts';

const due = (id: string, priority: 0 | 1 | 2, together: string | null = null): Due => ({ id, priority, together });
const ids = (messages: Due[][]) => messages.map((m) => m.map((d) => d.id));
const open = { tokens: null, reserved: 0, summary: false };

describe('pack', () => {
  it('gives every difference a message of its own when nothing limits the rate', () => {
    expect(ids(pack([due('a', 0), due('b', 1), due('c', 0)], open).messages)).toEqual([['b'], ['a'], ['c']]);
  });

  it('gives what is told together one message, apart for what is critical', () => {
    const all = [due('a', 0, 'storm'), due('b', 1, 'storm'), due('c', 0), due('d', 0, 'storm'), due('e', 1, 'storm')];
    expect(ids(pack(all, open).messages)).toEqual([['b', 'e'], ['a', 'd'], ['c']]);
    expect(pack(all, { tokens: 3, reserved: 0, summary: false })).toMatchObject({
      wait: null,
      messages: { length: 3 },
    });
  });

  it('merges normal ones into one message when they are too many for the rate', () => {
    const packed = pack([due('a', 0), due('b', 0), due('c', 0)], { tokens: 3, reserved: 1, summary: false });
    expect(ids(packed.messages)).toEqual([['a', 'b', 'c']]);
  });

  it('keeps the reserve for critical ones', () => {
    const packed = pack([due('a', 0), due('b', 1)], { tokens: 1, reserved: 1, summary: false });
    expect(packed.wait).toBeNull();
    expect(ids(packed.messages)).toEqual([['b', 'a']]);
    expect(pack([due('a', 0)], { tokens: 1, reserved: 1, summary: false })).toEqual({
      messages: [],
      wait: 'rate_limit',
    });
  });

  it('lets watchdog alarms use every token, in one message with each other only (rule 11)', () => {
    const packed = pack([due('a', 0), due('w', 2), due('x', 2)], { tokens: 1, reserved: 1, summary: false });
    expect(ids(packed.messages)).toEqual([['w', 'x']]);
    expect(packed.wait).toBe('rate_limit');
  });

  it('says everything in one message after a channel was configured, but never hides an alarm in it', () => {
    const packed = pack([due('a', 0), due('b', 1), due('w', 2)], { tokens: null, reserved: 0, summary: true });
    expect(ids(packed.messages)).toEqual([['w'], ['b', 'a']]);
  });

  it('never loses a difference, never exceeds the tokens, and never mixes an alarm with anything else', () => {
    fc.assert(
      fc.property(
        fc.array(fc.tuple(fc.constantFrom(0, 1, 2), fc.constantFrom(null, null, 'x', 'y')), { maxLength: 30 }),
        fc.option(fc.nat(12), { nil: null }),
        fc.nat(4),
        fc.boolean(),
        (kinds, tokens, reserved, summary) => {
          const all = kinds.map(([p, together], i) => due(String(i), p as 0 | 1 | 2, together));
          const packed = pack(all, { tokens, reserved, summary });
          const said = packed.messages.flat();
          expect(new Set(said.map((d) => d.id)).size).toBe(said.length);
          if (packed.wait === null) expect(said.length).toBe(all.length);
          if (tokens !== null) expect(packed.messages.length).toBeLessThanOrEqual(tokens);
          for (const message of packed.messages) {
            expect(message.length).toBeGreaterThan(0);
            const alarms = message.filter((d) => d.priority === 2).length;
            expect([0, message.length]).toContain(alarms);
          }
          if (tokens === null || tokens > 1) expect(all.filter((d) => d.priority > 0 && !said.includes(d))).toEqual([]);
        },
      ),
    );
  });
});
