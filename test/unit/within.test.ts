/** Something that must end in time. */
import { getEventListeners } from 'node:events';
import { isLate, within } from '../../src/within.ts';

const ended = (signal: AbortSignal) =>
  new Promise<boolean>((resolve) => {
    if (signal.aborted) resolve(isLate(signal));
    signal.addEventListener('abort', () => resolve(isLate(signal)));
  });

it('is ended when its time is over, and when the service stops', async () => {
  const stopped = new AbortController();
  expect(await within({ timeoutMs: 1, stopped: stopped.signal }, ended)).toBe(true);
  const running = within({ timeoutMs: 60_000, stopped: stopped.signal }, ended);
  stopped.abort();
  expect(await running).toBe(false);
  expect(await within({ timeoutMs: 60_000, stopped: stopped.signal }, ended)).toBe(false);
});

it('leaves nothing behind at a signal that lives as long as the process, however it ends', async () => {
  const { signal } = new AbortController();
  const listening: number[] = [];
  const run = async () => listening.push(getEventListeners(signal, 'abort').length);
  for (let i = 0; i < 3; i++) await within({ timeoutMs: 60_000, stopped: signal }, run);
  await expect(within({ timeoutMs: 60_000, stopped: signal }, () => Promise.reject(new Error('no')))).rejects.toThrow();
  expect([...listening, getEventListeners(signal, 'abort').length]).toEqual([1, 1, 1, 0]);
});
