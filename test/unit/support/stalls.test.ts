import { setTimeout as pause } from 'node:timers/promises';
import { watchStalls } from '../../support/stalls.ts';

function blockFor(ms: number): void {
  const until = performance.now() + ms;
  while (performance.now() < until);
}

it('tells how long this process stood still', async () => {
  await using stalls = watchStalls();
  await pause(20);
  const from = performance.now();
  blockFor(300);
  const to = performance.now();
  await stalls.stop();
  expect(stalls.during(from, to)).toBeGreaterThanOrEqual(250);
});

it('takes what its probe waits for as a stall', async () => {
  await using stalls = watchStalls({ probe: () => pause(200) });
  const from = performance.now();
  await pause(100);
  await stalls.stop();
  expect(stalls.during(from, performance.now())).toBeGreaterThanOrEqual(190);
});
