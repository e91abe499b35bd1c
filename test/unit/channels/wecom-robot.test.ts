import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { createWecomRobotChannel } from '../../../src/channels/wecom-robot/channel.ts';
import type { WecomRobotSettings } from '../../../src/channels/wecom-robot/config.ts';
import { startWecom, type WecomServer } from '../../support/wecom.ts';
import { expectNoSecrets, failureOf } from './no-secrets.ts';
import { messageOf } from './samples.ts';

const path = '/cgi-bin/webhook/send';
const key = '693a91f6-7xxx-4bc4-97a0-0ec2sifa5aaa';
const to = { address: 'ops', messageId: '<mm.1@mm>', repeat: false };

let wecom: WecomServer;
beforeEach(async () => {
  wecom = await startWecom();
  wecom.addRobot(key);
});
afterEach(() => wecom.stop());

function setUp(changes: Partial<WecomRobotSettings> = {}) {
  const settings = { apiUrl: wecom.url, rateLimits: [], ...changes };
  const channel = createWecomRobotChannel(settings, { keyOf: (address) => (address === 'ops' ? key : null) });
  const content = channel.render(messageOf());
  return {
    content,
    send: () => channel.send(content, to),
    fail: (address = 'ops') => failureOf(channel.send(content, { ...to, address }), [key]),
  };
}

it('posts its markdown to the room, and neither content nor answer holds the key', async () => {
  const { send, content } = setUp();
  const answer = await send();
  expect(answer.text).toBe('errcode 0 ok');
  expect(JSON.stringify(wecom.messages)).toContain(JSON.stringify(content['text']).slice(1, -1));
  expectNoSecrets([content, answer], [key]);
});

it('says that a removed robot is a matter of settings', async () => {
  wecom.removeRobot(key);
  const error = await setUp().fail();
  expect([error.kind, error.reason]).toEqual(['config', 'bad_credentials']);
  expect(error.remedy).toContain('robot');
});

it('does not reach a room whose robot is gone from the configuration', async () => {
  const error = await setUp().fail('gone');
  expect([error.kind, error.reason]).toEqual(['permanent', 'bad_recipient']);
  expect(wecom.calls(path)).toBe(0);
});

it('waits when the room has had its 20 messages of the minute', async () => {
  const { send, fail } = setUp();
  for (let n = 0; n < 20; n += 1) await send();
  expect(await fail()).toMatchObject({ kind: 'limited', reason: 'rate_limited_by_provider', retryAfterMs: 60_000 });
});

it('shortens what is refused as too long, once', async () => {
  const { send, content, fail } = setUp();
  wecom.faults.next(path, { errcode: 40058, errmsg: 'markdown.content exceed max length 4096' });
  await send();
  expect(JSON.stringify(wecom.messages)).toContain(JSON.stringify(content['shorter']).slice(1, -1));
  wecom.faults.next(path, { errcode: 40058, times: 2 });
  expect(await fail()).toMatchObject({ kind: 'permanent', reason: 'bad_content' });
});

it.each([
  [{ status: 502 }, 'transient'],
  [{ truncated: true }, 'in_doubt'],
  [{ reset: 'after' as const }, 'in_doubt'],
  [{ delayMs: 60_000 }, 'in_doubt'],
  [{ errcode: -1 }, 'transient'],
])('answers %o as %s', async (fault, kind) => {
  wecom.faults.next(path, fault);
  expect((await setUp({ timeoutMs: 1_500 }).fail()).kind).toBe(kind);
});

it('repeats no part of the key that a gateway shows where its page is cut off', async () => {
  const page = `<html>${'.'.repeat(175)}${key}</html>`;
  const gateway = createServer((_, res) => res.writeHead(502).end(page));
  await new Promise<void>((resolve) => gateway.listen(0, '127.0.0.1', resolve));
  const apiUrl = `http://127.0.0.1:${(gateway.address() as AddressInfo).port}`;
  const error = await setUp({ apiUrl }).fail();
  gateway.close();
  expect(error.answer).not.toContain(key.slice(0, 8));
  expect(error.answer).toContain('***');
});
