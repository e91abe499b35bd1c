import type { AddressInfo } from 'node:net';
import { createEvents, type Marks } from '../../../src/http/events.ts';
import { createHttpServer } from '../../../src/http/server.ts';
import { eventually } from '../../support/wait.ts';

const still: Marks = { incidents: '1', alerts: '1', notifications: '1', heartbeats: '1', config: '1' };

/** A server with the stream, whose marks the test sets, and the text that each listener has been sent. */
async function serve(
  options: { maxClients?: number; maxOfCaller?: number; heartbeatMs?: number; idleMs?: number } = {},
) {
  const world = { marks: still, looks: 0 };
  const events = createEvents({
    look: async () => {
      world.looks++;
      return world.marks;
    },
    onFault: () => {},
    maxClients: options.maxClients ?? 10,
    maxOfCaller: options.maxOfCaller ?? 10,
    times: { leastMs: 5, idleMs: options.idleMs ?? 20, heartbeatMs: options.heartbeatMs ?? 60_000 },
  });
  const server = createHttpServer({
    routes: events.routes,
    authenticate: async (req) =>
      req.headers.authorization ? { name: req.headers.authorization, role: 'viewer' } : null,
    info: { title: '', version: '' },
    log: { debug: () => {}, error: () => {} },
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  async function listen(headers: Record<string, string> = { authorization: 'Bearer a' }) {
    const abort = new AbortController();
    const answer = await fetch(`http://127.0.0.1:${port}/api/v1/events`, { headers, signal: abort.signal });
    const heard = { status: answer.status, text: '', ended: false, leave: () => abort.abort() };
    const read = async () => {
      const decoder = new TextDecoder();
      for await (const chunk of answer.body ?? []) heard.text += decoder.decode(chunk as Uint8Array);
    };
    read()
      .catch(() => {})
      .finally(() => {
        heard.ended = true;
      });
    return heard;
  }
  const stop = async () => {
    await events.close();
    server.closeIdleConnections();
    await new Promise((resolve) => server.close(resolve));
  };
  return { world, events, listen, [Symbol.asyncDispose]: stop };
}

const bearer = { authorization: 'Bearer a' };

describe('the stream of events', () => {
  it('names the kinds that have changed to everybody who listens, and once more for what was committed beside', async () => {
    await using s = await serve();
    const [one, two] = [await s.listen(), await s.listen()];
    s.world.marks = { ...still, incidents: '2', alerts: '2' };
    for (const heard of [one, two]) {
      await eventually(() => heard.text.includes('event: change\ndata: {"kinds":["incidents","alerts"]}\n\n'));
    }
    s.world.marks = { ...s.world.marks, config: '2' };
    await eventually(() => one.text.includes('{"kinds":["config"]}'));
    expect(one.text.split('"incidents"')).toHaveLength(3);
  });

  it('shares one look among pages that come at once, and lets in no more of them than there is room for', async () => {
    await using s = await serve({ maxClients: 3, idleMs: 60_000 });
    const all = await Promise.all(Array.from({ length: 6 }, () => s.listen()));
    expect(all.map((heard) => heard.status).sort()).toEqual([200, 200, 200, 503, 503, 503]);
    expect(s.world.looks).toBe(1);
  });

  it('reads nothing while nobody listens', async () => {
    await using s = await serve({ idleMs: 60_000 });
    s.events.poke();
    expect(s.world.looks).toBe(0);
    const heard = await s.listen();
    await eventually(() => heard.text.includes('id: '));
    expect(s.world.looks).toBe(1);
    s.events.poke();
    await eventually(() => s.world.looks === 2);
  });

  it('is for those who may see, and for so many at once', async () => {
    await using s = await serve({ maxClients: 1 });
    expect((await s.listen({})).status).toBe(401);
    const first = await s.listen();
    expect((await s.listen()).status).toBe(503);
    first.leave();
    await eventually(async () => (await s.listen()).status === 200);
  });

  it('leaves room for others, however many one caller opens', async () => {
    await using s = await serve({ maxOfCaller: 2, idleMs: 60_000 });
    const all = await Promise.all(Array.from({ length: 3 }, () => s.listen()));
    expect(all.map((heard) => heard.status).sort()).toEqual([200, 200, 429]);
    expect((await s.listen({ authorization: 'Bearer b' })).status).toBe(200);
    all.find((heard) => heard.status === 200)?.leave();
    await eventually(async () => (await s.listen()).status === 200);
  });

  it('sends who comes again to read everything that it may have missed', async () => {
    await using s = await serve();
    const first = await s.listen();
    await eventually(() => first.text.includes('id: '));
    const id = /id: (\w+)/.exec(first.text)?.[1] ?? '';
    const same = await s.listen({ ...bearer, 'last-event-id': id });
    const behind = await s.listen({ ...bearer, 'last-event-id': 'of-yesterday' });
    await eventually(() => behind.text.includes('"heartbeats","config"]}'));
    await eventually(() => same.text.includes('{"kinds":[]}'));
  });

  it('keeps a quiet connection open, and ends it when the service stops', async () => {
    const s = await serve({ heartbeatMs: 10 });
    const heard = await s.listen();
    await eventually(() => heard.text.includes(': still here\n\n'));
    await s[Symbol.asyncDispose]();
    await eventually(() => heard.ended);
  });
});
