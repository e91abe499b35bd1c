import { handClock } from '../../support/clock.ts';
import { eventually } from '../../support/wait.ts';

describe('eventually', () => {
  it('resolves with the first truthy value', async () => {
    let looks = 0;
    expect(await eventually(() => ++looks > 2 && `after ${looks}`, { everyMs: 1 })).toBe('after 3');
  });

  it('shows the last value when the deadline passes', async () => {
    const waiting = eventually(() => null, { timeoutMs: 5, everyMs: 1, describe: 'two mails' });
    await expect(waiting).rejects.toThrow('waited 5 ms for two mails; the last value was null');
  });

  it('shows the last error when the check keeps failing', async () => {
    const failing = () => Promise.reject(new Error('connection refused'));
    const waiting = eventually(failing, { timeoutMs: 5, everyMs: 1 });
    await expect(waiting).rejects.toThrow('the last try failed: connection refused');
  });

  it('does not outlive its deadline when a check hangs', async () => {
    await expect(eventually(() => new Promise(() => {}), { timeoutMs: 5 })).rejects.toThrow('waited 5 ms');
  });
});

describe('the hand-driven clock', () => {
  it('stands still until it is moved', () => {
    const clock = handClock('2026-03-01T00:00:00Z');
    expect(clock.now()).toEqual(clock.at);
    clock.advance(1_500);
    expect(clock.now().toISOString()).toBe('2026-03-01T00:00:01.500Z');
    clock.set('2026-01-01T00:00:00Z');
    expect(clock.at.toISOString()).toBe('2026-01-01T00:00:00.000Z');
  });

  it('cannot be moved through the date that it hands out', () => {
    const clock = handClock('2026-03-01T00:00:00Z');
    clock.now().setFullYear(1999);
    expect(clock.now().getUTCFullYear()).toBe(2026);
  });
});
