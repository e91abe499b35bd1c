import { request } from 'node:http';
import { eachDeployment } from '../support/deployments.ts';
import { payload } from '../support/payload.ts';
import { type HostileBody, hostileBodies } from '../unit/receive/hostile.ts';
import { startFlow, tokenOf } from './flow.ts';

/** The full number is for the drills. */
const count = process.env['MM_DRILLS'] === '1' ? 10_000 : 1_000;
const atOnce = 4;
/** As an Alertmanager does; only a machine that is too busy makes a second try necessary. */
const tries = 5;
/** A valid request beside the hostile ones is answered within this. */
const patienceMs = 10_000;

/** By hand, because fetch refuses some of the headers. Resolves with the status. */
function post(url: string, token: string, { contentType, body }: Omit<HostileBody, 'name'>): Promise<number> {
  return new Promise((resolve, reject) => {
    const sending = request(`${url}/api/v1/webhooks/alertmanager`, {
      method: 'POST',
      headers: {
        authorization: `Bearer ${token}`,
        'content-length': body.length,
        ...(contentType === '' ? {} : { 'content-type': contentType }),
      },
    });
    sending.on('response', (response) => {
      response.resume();
      response.on('end', () => resolve(response.statusCode ?? 0));
      response.on('error', reject);
    });
    sending.on('error', reject);
    sending.end(body);
  });
}

/** Tries again while it is told to. */
async function patiently(send: () => Promise<number>): Promise<number> {
  let status = await send();
  for (let tried = 1; status === 503 && tried < tries; tried++) status = await send();
  return status;
}

eachDeployment((deployment) => {
  it(`${count} hostile bodies crash nothing, make no 5xx, and hold up no valid request`, async () => {
    await using flow = await startFlow(deployment, { channels: [] });
    await flow.configure({});
    const bodies = hostileBodies(4, count)[Symbol.iterator]();
    const wrong: string[] = [];
    let attacking = true;
    const attack = async () => {
      for (let next = bodies.next(); !next.done; next = bodies.next()) {
        const { value } = next;
        const status = await patiently(() => post(flow.s.url, tokenOf('az-a'), value)).catch((e: Error) => e.message);
        if (status !== 200 && status !== 400) wrong.push(`${value.name}: ${status}`);
      }
    };
    const waits: number[] = [];
    const live = async () => {
      for (let i = 0; attacking; i++) {
        const body = payload([{ labels: { alertname: 'Fine', team: 'database', instance: `i${i % 50}` } }]);
        const began = performance.now();
        expect(await patiently(async () => (await flow.s.post(tokenOf('az-b'), body)).status)).toBe(200);
        waits.push(performance.now() - began);
      }
    };
    const attacks = Promise.all(Array.from({ length: atOnce }, attack)).finally(() => {
      attacking = false;
    });
    await Promise.all([attacks, live()]);
    expect(wrong).toEqual([]);
    expect(waits.length).toBeGreaterThan(10);
    expect(Math.max(...waits)).toBeLessThan(patienceMs);
    await flow.pass(60_000);
    const { items } = await flow.s.api<{ items: unknown[] }>('GET', '/api/v1/incidents?group=database');
    expect(items.length).toBeGreaterThan(0);
    const logged = flow.s.logLines.filter((line) => /"level":(50|60|"error"|"fatal")/.test(line));
    expect(logged).toEqual([]);
  }, 600_000);
});
