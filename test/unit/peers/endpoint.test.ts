/** Who is answered when somebody says that they are a peer. */
import { createHash, createHmac } from 'node:crypto';
import { createServer } from 'node:http';
import { type AddressInfo, connect } from 'node:net';
import type { Peer } from '../../../src/alert/peer.ts';
import { createAsker } from '../../../src/peers/asker.ts';
import { createNonces } from '../../../src/peers/nonces.ts';
import { ask, isHeard } from '../../../src/peers/request.ts';
import { acceptedMs, probePath, type SignedHead, signAnswer, signRequest } from '../../../src/peers/sign.ts';
import { fitting } from '../../../src/peers/status.ts';
import { handClock } from '../../support/clock.ts';
import { closed, listening, secret, status } from '../../support/peer-site.ts';
import { eventually } from '../../support/wait.ts';

const nonce = '00112233445566778899aabbccddeeff';

const body = JSON.stringify({ ask: 'status' });
const headOf = (more: Partial<SignedHead> = {}): SignedHead => ({
  ...{ from: 'site-a', to: 'site-b', time: Date.parse('2026-01-05T08:00:00.000Z'), nonce, ...more },
});

/** Posts as a peer would, with what a test wants to be wrong. */
async function post(
  url: string,
  { head = headOf(), key = secret, text = body, signature = signRequest(key, head, text) } = {} as {
    head?: SignedHead;
    key?: string;
    text?: string;
    signature?: string;
  },
) {
  const answer = await fetch(`${url}${probePath}`, {
    method: 'POST',
    headers: {
      ...{ 'mm-peer-from': head.from, 'mm-peer-to': head.to, 'mm-peer-time': String(head.time) },
      ...{ 'mm-peer-nonce': head.nonce, 'mm-peer-signature': signature },
    },
    body: text,
  });
  return { status: answer.status, body: (await answer.json()) as Record<string, unknown>, headers: answer.headers };
}

describe('a signature', () => {
  it('is HMAC-SHA256 over method, path, both names, time, nonce and the hash of the body', () => {
    const hash = createHash('sha256').update(body).digest('hex');
    const said = `mm-peer-1\nPOST\n/api/v1/peers/probe\nsite-a\nsite-b\n${headOf().time}\n${nonce}\n${hash}`;
    const expected = createHmac('sha256', secret).update(said).digest('hex');
    expect(signRequest(secret, headOf(), body)).toBe(expected);
    expect(expected).toBe('2949bea5dd34bff878da5fcfffe15ba9db4d96013f504c5d4891353e01617dd3');
  });

  it('is another one for every part that differs', () => {
    const parts: Partial<SignedHead>[] = [
      { from: 'site-c' },
      { to: 'site-c' },
      { time: 1 },
      { nonce: 'ff'.repeat(16) },
    ];
    const signatures = [
      ...parts.map((more) => signRequest(secret, headOf(more), body)),
      signRequest(secret, headOf(), ''),
    ];
    expect(new Set([...signatures, signRequest(secret, headOf(), body)]).size).toBe(6);
  });
});

describe('a peer', () => {
  it('is answered, by a signature over its nonce', async () => {
    await using site = await listening();
    const answer = await post(site.url);
    expect([answer.status, answer.body]).toEqual([200, status]);
    const time = Number(answer.headers.get('mm-peer-time'));
    const signature = signAnswer(secret, { nonce, status: 200, time }, JSON.stringify(status));
    expect(answer.headers.get('mm-peer-signature')).toBe(signature);
    expect(site.refused).toEqual([]);
  });

  it.each([
    ['bad_signature', 401, { key: 'another-secret-0123456789' }],
    [
      'bad_signature',
      401,
      { text: JSON.stringify({ ask: 'leaving', back_within_ms: 1 }), signature: signRequest(secret, headOf(), body) },
    ],
    ['unknown_peer', 401, { head: headOf({ from: 'site-z' }) }],
    ['wrong_site', 401, { head: headOf({ to: 'site-c' }) }],
    ['not_signed', 401, { head: headOf({ nonce: 'short' }) }],
    ['stale', 401, { head: headOf({ time: headOf().time - acceptedMs - 1 }) }],
    ['stale', 401, { head: headOf({ time: headOf().time + acceptedMs + 1 }) }],
    ['malformed', 400, { text: '{"ask":"everything"}' }],
    ['too_large', 413, { text: JSON.stringify({ ask: 'status', more: 'x'.repeat(64 * 1024) }) }],
  ] as const)('is refused: %s', async (reason, code, wrong) => {
    await using site = await listening();
    const answer = await post(site.url, wrong);
    expect([answer.status, answer.body]).toEqual([code, { reason }]);
    expect(site.refused).toEqual([reason]);
  });

  it('is refused when its request comes a second time, also after the clock was set back by an hour', async () => {
    await using site = await listening();
    expect((await post(site.url)).status).toBe(200);
    expect((await post(site.url)).body).toEqual({ reason: 'replayed' });
    site.clock.advance(30 * 60_000);
    site.clock.step(-30 * 60_000);
    expect((await post(site.url)).body).toEqual({ reason: 'replayed' });
  });

  it('is looked at no more than it must be where many are refused, and a good one still gets through', async () => {
    await using site = await listening();
    for (let i = 0; i < 60; i++) await post(site.url, { key: 'another-secret-0123456789' });
    expect((await post(site.url, { key: 'another-secret-0123456789' })).status).toBe(429);
    expect((await post(site.url, { text: JSON.stringify({ ask: 'status', more: 'x'.repeat(2_000) }) })).status).toBe(
      429,
    );
    expect((await post(site.url)).status).toBe(200);
  });

  it('that is broken off before it has come whole is counted, and is no fault of ours', async () => {
    await using site = await listening();
    const signed = { 'mm-peer-from': 'site-a', 'mm-peer-to': 'site-b', 'mm-peer-time': '1', 'mm-peer-nonce': nonce };
    const head = Object.entries({ ...signed, host: 'b', 'content-length': '100' }).map(
      ([name, of]) => `${name}: ${of}`,
    );
    const socket = connect(Number(new URL(site.url).port), '127.0.0.1');
    socket.write(`POST ${probePath} HTTP/1.1\r\n${head.join('\r\n')}\r\n\r\n{"ask":`);
    await site.asked();
    socket.destroy();
    await eventually(() => site.refused.length > 0);
    expect(site.refused).toEqual(['broken_off']);
  });

  it('gets no other address than the one for probes', async () => {
    await using site = await listening();
    expect((await fetch(`${site.url}${probePath}`)).status).toBe(404);
  });
});

describe('whoever asks', () => {
  const clocked = () => ({ clock: handClock(), site: 'site-a' });
  const how = { timeoutMs: 2_000, offsetMs: 0 };

  it('believes what is signed, and knows how far the clocks are apart', async () => {
    await using site = await listening();
    site.clock.step(1_500);
    expect(await ask(clocked(), site.b, { ask: 'status' }, how)).toMatchObject({
      ok: true,
      answer: status,
      offsetMs: 1_500,
    });
  });

  it('understands a newer site: words that it does not know are left out, or claim nothing', async () => {
    const beat = { name: 'b', source: null, fingerprint: 'f', state: 'dreaming', last_beat_at: null };
    const newer = { name: 'site-a', state: 'resting', verdict: 'moved', told: ['PeerBored', 'PeerDown'], more: 1 };
    const said = { ...status, ready: false, not_ready: ['tired', 'database'], heartbeats: [beat], peers: [newer] };
    await using site = await listening(() => said);
    expect(await ask(clocked(), site.b, { ask: 'status' }, how)).toMatchObject({
      ok: true,
      answer: {
        ...{ ready: false, not_ready: ['database'] },
        heartbeats: [{ state: 'pending', added: true }],
        peers: [{ name: 'site-a', state: 'unknown', verdict: null, told: ['PeerDown'] }],
      },
    });
    await using third = await listening(() => ({ reaches: true, sight: newer }));
    expect(await ask(clocked(), third.b, { ask: 'reach', peer: 'site-c' }, how)).toMatchObject({
      ...{ ok: true, answer: { reaches: true, sight: { state: 'unknown', verdict: null, told: ['PeerDown'] } } },
    });
  });

  it('is answered although a clock was set by an hour: the refusal says the time, and it asks once more', async () => {
    await using site = await listening();
    const asker = createAsker(clocked());
    for (const step of [3_600_000, -7_200_000]) {
      site.clock.step(step);
      expect(await asker.ask(site.b, { ask: 'status' }, 2_000)).toMatchObject({ ok: true });
    }
    expect(site.refused).toEqual(['stale', 'stale']);
  });

  it.each([
    [
      'its answer is not signed with our secret',
      'another',
      (site: Peer) => ({ ...site, secret: 'another-secret-0123456789' }),
    ],
  ])('believes nobody else: %s', async (_, __, as) => {
    await using site = await listening();
    const asked = await ask(clocked(), as(site.b), { ask: 'status' }, how);
    expect(asked).toMatchObject({ ok: false, why: 'HTTP 401 (bad_signature)', offsetMs: null });
  });

  it('hears what it does not understand, and who refuses it', async () => {
    await using odd = await listening(() => ({ ...status, server_time: 'half past eight' }));
    const asked = await ask(clocked(), odd.b, { ask: 'status' }, how);
    expect(asked).toMatchObject({ ok: false, why: 'its answer is not understood' });
    expect(isHeard(asked)).toBe(true);
    const newer = { ask: 'weather' } as unknown as { ask: 'status' };
    const refused = await ask(clocked(), odd.b, newer, how);
    expect(refused).toMatchObject({ ok: false, why: 'it refuses us: malformed' });
    expect(isHeard(refused)).toBe(true);
    const another = await ask(clocked(), { ...odd.b, name: 'site-c' }, { ask: 'status' }, how);
    expect(another).toMatchObject({ ok: false, why: 'it refuses us: wrong_site' });
    expect(isHeard(another)).toBe(false);
    const unsigned = await ask(clocked(), { ...odd.b, secret: 'another-secret-0123456789' }, { ask: 'status' }, how);
    expect(isHeard(unsigned)).toBe(false);
  });

  it('reads no answer over 256 kB, and follows no redirect', async () => {
    await using big = await listening(() => ({ more: 'x'.repeat(300 * 1024) }));
    expect(await ask(clocked(), big.b, { ask: 'status' }, how)).toMatchObject({
      why: 'its answer is larger than 262144 bytes',
    });
    await using server = await redirecting();
    const asked = await ask(clocked(), { ...big.b, url: server.url }, { ask: 'status' }, how);
    expect(asked).toMatchObject({ why: 'HTTP 302, a redirect, which is not followed' });
  });

  it.each(['http://169.254.169.254', 'http://[fe80::1]', 'http://0.0.0.0', 'http://[::ffff:169.254.169.254]'])(
    'never connects to %s',
    async (url) => {
      await using site = await listening();
      const asked = await ask(clocked(), { ...site.b, url }, { ask: 'status' }, how);
      expect(asked).toMatchObject({ ok: false, why: 'an address at which no peer may be' });
    },
  );
});

async function redirecting() {
  const server = createServer((_, res) => res.writeHead(302, { location: 'http://127.0.0.1:1/' }).end());
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return { url, [Symbol.asyncDispose]: () => closed(server) };
}

it('nonces are kept for as long as a request could be accepted, and never more than so many', () => {
  const nonces = createNonces();
  const taken = Array.from({ length: 12_000 }, (_, i) => nonces.take('site-a', String(i), i));
  expect(taken).not.toContain(false);
  expect([nonces.take('site-a', '11999', 12_000), nonces.take('site-b', '11999', 12_000)]).toEqual([false, true]);
});

it('a status that is too long for an answer loses of its longest lists, not the answer', () => {
  const beat = {
    name: 'x'.repeat(180),
    source: 'y'.repeat(180),
    fingerprint: 'f'.repeat(16),
    added: false,
    last_beat_at: null,
  };
  const heartbeats = Array.from({ length: 1_000 }, () => ({ ...beat, state: 'ok' as const }));
  const cut = fitting({ ...status, heartbeats, peers: [{ name: 'site-a', state: 'up', verdict: null, told: [] }] });
  expect(JSON.stringify(cut).length).toBeLessThanOrEqual(256 * 1024);
  expect([cut.heartbeats.length, cut.peers.length]).toEqual([500, 1]);
});
