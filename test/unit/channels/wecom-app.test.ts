import { createWecomAppChannel } from '../../../src/channels/wecom-app/channel.ts';
import type { WecomAppSettings } from '../../../src/channels/wecom-app/config.ts';
import { handClock } from '../../support/clock.ts';
import { freePort } from '../../support/wait.ts';
import { startWecom, type WecomServer } from '../../support/wecom.ts';
import { memoryTokenStore } from './memory-token-store.ts';
import { failureOf } from './no-secrets.ts';
import { messageOf } from './samples.ts';

const sendPath = '/cgi-bin/message/send';
const tokenPath = '/cgi-bin/gettoken';
const minuteMs = 60_000;

let wecom: WecomServer;
const to = { address: 'LiWei', messageId: '<mm.1@mm>', repeat: false };
beforeEach(async () => {
  wecom = await startWecom();
  wecom.addMember({ userid: 'LiWei' });
});
afterEach(() => wecom.stop());

function setUp(changes: Partial<WecomAppSettings> = {}) {
  const clock = handClock(new Date());
  const tokens = memoryTokenStore();
  const { url: apiUrl, corpId, agentId, secret } = wecom;
  const settings: WecomAppSettings = { apiUrl, corpId, agentId, secret, format: 'text', rateLimits: [], ...changes };
  const channel = createWecomAppChannel(settings, { tokens, clock });
  const content = channel.render(messageOf());
  const secrets = () => [settings.secret, ...[...tokens.stored.values()].map(({ token }) => token)];
  return {
    clock,
    tokens,
    content,
    send: (repeat = false, address = to.address) => channel.send(content, { ...to, address, repeat }),
    fail: (address = to.address) => failureOf(channel.send(content, { ...to, address }), secrets()),
  };
}

describe('a message to a member', () => {
  it('arrives whole, as the frozen text', async () => {
    const { send, content } = setUp();
    const answer = await send();
    expect(answer.text).toMatch(/^errcode 0 ok msgid \S+/);
    expect(wecom.messages).toHaveLength(1);
    expect(JSON.stringify(wecom.messages[0])).toContain(JSON.stringify(content['text']).slice(1, -1));
  });

  it('arrives once when it is sent again in doubt', async () => {
    const { send } = setUp();
    wecom.faults.next(sendPath, { reset: 'after' });
    const first = await send().catch((error: unknown) => error);
    expect(first).toMatchObject({ kind: 'in_doubt', reason: 'network' });
    await send(true);
    expect(wecom.messages).toHaveLength(1);
  });

  it('arrives once when the answer to it was missing for an hour', async () => {
    const platform = handClock(new Date());
    await using slow = await startWecom({ clock: platform, members: ['LiWei'] });
    const { send } = setUp({ apiUrl: slow.url, corpId: slow.corpId, agentId: slow.agentId, secret: slow.secret });
    slow.faults.next(sendPath, { reset: 'after' });
    await expect(send()).rejects.toMatchObject({ kind: 'in_doubt' });
    platform.advance(60 * minuteMs);
    await send(true);
    expect(slow.messages).toHaveLength(1);
  });

  it('can be markdown', async () => {
    const { content } = setUp({ format: 'markdown' });
    expect(content).toMatchObject({ format: 'markdown' });
  });
});

describe('who is not reached', () => {
  it('an unknown member is a bad recipient', async () => {
    const error = await setUp().fail('nobody');
    expect([error.kind, error.reason]).toEqual(['permanent', 'bad_recipient']);
    expect(error.remedy).toContain('userid');
  });

  it('a member without a licence is a bad recipient, although errcode is 0', async () => {
    wecom.addMember({ userid: 'poor', licensed: false });
    const error = await setUp().fail('poor');
    expect([error.kind, error.reason]).toEqual(['permanent', 'bad_recipient']);
  });
});

describe('error codes', () => {
  it.each([
    [-1, 'transient', 'provider_busy'],
    [6000, 'transient', 'provider_busy'],
    [45033, 'transient', 'provider_busy'],
    [45009, 'limited', 'rate_limited_by_provider'],
    [40056, 'config', 'misconfigured'],
    [301002, 'config', 'misconfigured'],
    [48002, 'config', 'not_allowed'],
    [60020, 'config', 'not_allowed'],
    [81013, 'permanent', 'bad_recipient'],
    [60111, 'permanent', 'bad_recipient'],
    [44004, 'permanent', 'bad_content'],
    [99999, 'transient', 'provider_error'],
  ])('%d is %s, %s', async (errcode, kind, reason) => {
    wecom.faults.next(sendPath, { errcode, times: 5 });
    const error = await setUp().fail();
    expect([error.kind, error.reason]).toEqual([kind, reason]);
    expect(error.answer).toContain(`errcode ${errcode}`);
  });

  it('45009 waits for a minute', async () => {
    wecom.faults.next(sendPath, { errcode: 45009 });
    expect((await setUp().fail()).retryAfterMs).toBe(minuteMs);
  });

  it('60020 says which address to add', async () => {
    const errmsg = 'not allow to access from your ip, hint: [1], from ip: 203.0.113.7, more info at https://open.work';
    wecom.faults.next(sendPath, { errcode: 60020, errmsg });
    const error = await setUp().fail();
    expect(error.remedy).toContain('203.0.113.7');
  });

  it.each([40058, 45002, 85002])('%d sends a shorter message instead, once', async (errcode) => {
    const { send, content } = setUp();
    wecom.faults.next(sendPath, { errcode });
    await send();
    expect(JSON.stringify(wecom.messages)).toContain(JSON.stringify(content['shorter']).slice(1, -1));
    wecom.faults.next(sendPath, { errcode, times: 2 });
    expect(await setUp().fail()).toMatchObject({ kind: 'permanent', reason: 'bad_content' });
  });

  it('repeats no secret that the answer holds', async () => {
    wecom.faults.next(sendPath, { errcode: 48002, errmsg: `bad secret ${wecom.secret}` });
    expect((await setUp().fail()).answer).toContain('***');
  });
});

describe('answers that are none', () => {
  it('a gateway page is transient', async () => {
    wecom.faults.next(sendPath, { status: 502 });
    const error = await setUp().fail();
    expect([error.kind, error.reason]).toEqual(['transient', 'provider_error']);
    expect(error.answer).toContain('HTTP 502');
  });

  it('half an answer leaves doubt, because the message was taken', async () => {
    wecom.faults.next(sendPath, { truncated: true });
    expect((await setUp().fail()).kind).toBe('in_doubt');
    expect(wecom.messages).toHaveLength(1);
  });

  it('a refused connection is transient', async () => {
    const error = await setUp({ apiUrl: `http://127.0.0.1:${await freePort()}` }).fail();
    expect([error.kind, error.reason]).toEqual(['transient', 'network']);
  });

  it('a reset leaves doubt', async () => {
    wecom.faults.next(sendPath, { reset: 'before' });
    expect(await setUp().fail()).toMatchObject({ kind: 'in_doubt', reason: 'network' });
  });

  it('a late answer leaves doubt', async () => {
    wecom.faults.next(sendPath, { delayMs: 60_000 });
    expect(await setUp({ timeoutMs: 1_500 }).fail()).toMatchObject({ kind: 'in_doubt', reason: 'timeout' });
  });

  it.each([{ reset: 'before' as const }, { delayMs: 60_000 }, { truncated: true }, { status: 502 }])(
    'while fetching a token never leave doubt: %o',
    async (fault) => {
      wecom.faults.next(tokenPath, fault);
      expect((await setUp({ timeoutMs: 1_500 }).fail()).kind).toBe('transient');
      expect(wecom.calls(sendPath)).toBe(0);
    },
  );
});

describe('the access token', () => {
  it('is fetched once for everybody', async () => {
    const { send } = setUp();
    for (let n = 0; n < 5; n += 1) wecom.addMember({ userid: `user-${n}` });
    await Promise.all([0, 1, 2, 3, 4].map((n) => send(false, `user-${n}`)));
    expect(wecom.calls(tokenPath)).toBe(1);
    expect(wecom.messages).toHaveLength(5);
  });

  it('is renewed before it expires', async () => {
    const { send, clock } = setUp();
    await send();
    clock.advance(107 * minuteMs);
    await send(false);
    expect(wecom.calls(tokenPath)).toBe(1);
    clock.advance(2 * minuteMs);
    await send(false);
    expect(wecom.calls(tokenPath)).toBe(2);
  });

  it('goes on being used while it is valid and cannot be renewed', async () => {
    const { send, fail, clock } = setUp();
    await send();
    clock.advance(116 * minuteMs);
    wecom.faults.next(tokenPath, { status: 502, times: 2 });
    await send();
    clock.advance(5 * minuteMs);
    expect((await fail()).kind).toBe('transient');
  });

  it.each([40001, 40014, 42001] as const)('is renewed once when it is refused with %d', async (code) => {
    const { send } = setUp();
    await send();
    wecom.invalidateTokens(code);
    wecom.addMember({ userid: 'other' });
    await send(false, 'other');
    expect(wecom.calls(tokenPath)).toBe(2);
    expect(wecom.messages).toHaveLength(2);
  });

  it('is not fetched again when another replica has renewed it already', async () => {
    const { send, tokens } = setUp();
    await send();
    const other = setUp();
    wecom.invalidateTokens();
    await other.send();
    const fetched = wecom.calls(tokenPath);
    for (const [key, token] of other.tokens.stored) {
      const stale = tokens.stored.get(key)!;
      let asked = false;
      const current = tokens.current;
      tokens.current = async (name) => {
        const answer = asked ? await current(name) : stale;
        asked = true;
        tokens.stored.set(name, token);
        return answer;
      };
    }
    await send();
    expect(wecom.calls(tokenPath)).toBe(fetched);
  });

  it('is not asked for in a loop', async () => {
    wecom.faults.next(sendPath, { errcode: 42001, times: 10 });
    expect(await setUp().fail()).toMatchObject({ kind: 'transient', reason: 'bad_credentials' });
    expect(wecom.calls(sendPath)).toBe(2);
  });

  it('is not asked for with a refused secret for a minute, then two, and never longer than 15 minutes', async () => {
    const { fail, clock } = setUp({ secret: 'wrong-secret' });
    const calls = () => wecom.calls(tokenPath);
    expect(await fail()).toMatchObject({ kind: 'config', reason: 'bad_credentials' });
    clock.advance(59_000);
    expect(await fail()).toMatchObject({ kind: 'config', reason: 'bad_credentials' });
    expect(calls()).toBe(1);
    clock.advance(2_000);
    await fail();
    expect(calls()).toBe(2);
    clock.advance(119_000);
    await fail();
    expect(calls()).toBe(2);
    clock.advance(2_000);
    await fail();
    expect(calls()).toBe(3);
  });
});
