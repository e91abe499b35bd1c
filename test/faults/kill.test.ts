/** `kill -9` at random moments while alerts arrive: nothing that was acknowledged is lost, and only what was in flight repeats. */
import { setTimeout as pause } from 'node:timers/promises';
import { needs } from '../support/needs.ts';
import { startProcessService } from '../support/process-service.ts';
import { startSmtp } from '../support/smtp.ts';
import { eventually } from '../support/wait.ts';
import { deployments, drills } from './deployments.ts';
import { compareMails, loadConfig, startLoad } from './load.ts';
import { seededRandom } from './random.ts';

const kills = drills ? 50 : 5;
/** A message in flight is left alone until its lease (60 s) has run out. */
const settleMs = 180_000;
/** Messages to one destination that are sent side by side. */
const inFlightAtMost = 5;

async function killUnderLoad(name: keyof typeof deployments): Promise<void> {
  const random = seededRandom();
  console.log(`kill.test: ${name}, MM_SEED=${random.seed}, ${kills} kills`);
  await using ground = await deployments[name]();
  await using smtp = await startSmtp();
  await using service = await startProcessService({
    config: loadConfig(),
    env: { ...ground.env, SMTP_URL: smtp.url, MM_MAIL_FROM: 'mm@example.org' },
  });
  smtp.delay(30);
  const load = startLoad({ service });
  for (let kill = 1; kill <= kills; kill++) {
    // A slow machine takes its time to take in enough to lose; the moment of the kill stays random.
    await eventually(() => load.acknowledged().size > kill * 5, { timeoutMs: settleMs });
    await pause(200 + random.next() * 1_300);
    await service.kill();
    await service.start();
    if (drills && kill % 10 === 0) console.log(`kill.test: ${name}, ${kill} kills, ${smtp.mails.length} mails`);
  }
  await load.stop();
  const acknowledged = load.acknowledged();
  expect(acknowledged.size).toBeGreaterThan(kills * 5);
  await eventually(() => compareMails(acknowledged, smtp).lost.length === 0, {
    timeoutMs: settleMs,
    everyMs: 200,
    describe: () => `mails about ${compareMails(acknowledged, smtp).lost.slice(0, 5).join(', ')}`,
  });
  const told = compareMails(acknowledged, smtp);
  expect(told.twice).toEqual([]);
  expect(told.repeats).toBeLessThanOrEqual(kills * inFlightAtMost);
  console.log(`kill.test: ${name}, ${acknowledged.size} alerts acknowledged, lost 0, ${told.repeats} mails repeated`);
}

needs('postgres', 'redis')('kill -9 while alerts arrive', () => {
  it.concurrent.for(['embedded', 'PostgreSQL and Redis'] as const)(
    'loses no acknowledged alert and repeats only what was in flight: %s',
    { timeout: settleMs + kills * 30_000 + 240_000 },
    killUnderLoad,
  );
});
