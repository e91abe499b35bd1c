import type { Server } from 'node:http';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { decrypt, sign } from '../../../support/wecom/crypto.ts';
import type { WecomServer } from '../../../support/wecom.ts';
import { startWecom } from '../../../support/wecom.ts';
import { card, post, sendApp, tokenOf } from './client.ts';

const token = 'callback-token';
const aesKey = 'jWmYm7qr5nMoAUwZRjGtBxmz3KA1tkAj3ykkR6q2B2C';

interface Seen {
  query: URLSearchParams;
  body: string;
}

let wecom: WecomServer;
let receiver: Server;
let seen: Seen[];
let answer: (one: Seen) => { status: number; body: string } | null;

beforeEach(async () => {
  seen = [];
  answer = () => ({ status: 200, body: '' });
  receiver = createServer(async (request, response) => {
    const body = Buffer.concat(await request.toArray()).toString();
    const one = { query: new URL(request.url ?? '', 'http://x').searchParams, body };
    seen.push(one);
    const reply = answer(one);
    if (reply) response.writeHead(reply.status).end(reply.body);
  });
  await new Promise<void>((resolve) => receiver.listen(0, '127.0.0.1', resolve));
  wecom = await startWecom();
  wecom.setCallback({ url: `http://127.0.0.1:${(receiver.address() as AddressInfo).port}/wecom`, token, aesKey });
});
afterEach(async () => {
  await wecom.stop();
  receiver.closeAllConnections();
  receiver.close();
});

function isSigned({ query }: Seen, encrypted: string): boolean {
  const [timestamp, nonce] = [query.get('timestamp') ?? '', query.get('nonce') ?? ''];
  return query.get('msg_signature') === sign(token, timestamp, nonce, encrypted);
}

function open(one: Seen) {
  const encrypted = /<Encrypt><!\[CDATA\[(.*)\]\]><\/Encrypt>/.exec(one.body)?.[1] ?? '';
  return { signed: isSigned(one, encrypted), ...decrypt(aesKey, encrypted) };
}

it('posts a signed, encrypted event whose response code updates the card once', async () => {
  await sendApp(wecom, card('mm-1-1'));
  const click = await wecom.click({ taskId: 'mm-1-1', key: 'ack', userid: 'ZhangSan', selected: { q: ['o1', 'o2'] } });
  expect(click).toMatchObject({ status: 200, attempts: 1 });
  const event = open(seen[0]!);
  expect(event).toMatchObject({ signed: true, receiveId: wecom.corpId });
  for (const part of [
    'ZhangSan',
    'template_card_event',
    'ack',
    'mm-1-1',
    click.responseCode,
    '<OptionId><![CDATA[o2]]>',
  ]) {
    expect(event.message).toContain(part);
  }
  const update = {
    agentid: wecom.agentId,
    atall: 1,
    response_code: click.responseCode,
    button: { replace_name: '已认领' },
  };
  const path = `message/update_template_card?access_token=${await tokenOf(wecom)}`;
  expect(await post(wecom, path, update)).toMatchObject({ errcode: 0 });
  expect(await post(wecom, path, update)).toMatchObject({ errcode: 40058 });
});

it('can sign wrongly, address another corporation and replay the same bytes', async () => {
  await sendApp(wecom, card('mm-1'));
  const wanted = { taskId: 'mm-1', key: 'ack', userid: 'LiWei', attempts: 1 };
  await wecom.click({ ...wanted, wrongSignature: true });
  const honest = await wecom.click({ ...wanted, wrongReceiveId: true });
  await honest.replay();
  expect(seen.map((one) => open(one).signed)).toEqual([false, true, true]);
  expect(open(seen[1]!).receiveId).not.toBe(wecom.corpId);
  expect(seen[2]).toEqual(seen[1]);
});

it('tries three times while there is no 200 in time', async () => {
  await sendApp(wecom, card('mm-1'));
  answer = () => (seen.length === 1 ? { status: 500, body: '' } : null);
  const click = await wecom.click({ taskId: 'mm-1', key: 'ack', userid: 'LiWei', timeoutMs: 1_000 });
  expect(click).toMatchObject({ status: null, attempts: 3 });
  expect(seen).toHaveLength(3);
});

it('accepts a callback URL only when it answers the bare decrypted text', async () => {
  answer = ({ query }) => ({ status: 200, body: decrypt(aesKey, query.get('echostr') ?? '').message });
  expect(await wecom.checkCallback()).toMatchObject({ passed: true });
  expect(isSigned(seen[0]!, seen[0]!.query.get('echostr') ?? '')).toBe(true);
  answer = ({ query }) => ({ status: 200, body: `"${decrypt(aesKey, query.get('echostr') ?? '').message}"` });
  expect(await wecom.checkCallback()).toMatchObject({ passed: false });
});
