import { handClock } from '../../../support/clock.ts';
import type { WecomServer } from '../../../support/wecom.ts';
import { startWecom } from '../../../support/wecom.ts';
import { getJson, post, sendApp, tokenOf, tokenUrl } from './client.ts';

const clock = handClock();
let wecom: WecomServer;
beforeEach(async () => {
  wecom = await startWecom({
    clock,
    apps: [
      { agentId: 1, secret: 'one' },
      { agentId: 2, secret: 'two' },
    ],
  });
});
afterEach(() => wecom.stop());

const text = { touser: 'LiWei', agentid: 1, msgtype: 'text', text: { content: 'x' } };

it('gives the same token while it is valid and counts the calls', async () => {
  const first = await getJson(tokenUrl(wecom));
  expect(first).toMatchObject({ errcode: 0, errmsg: 'ok', expires_in: 7200 });
  clock.advance(60_000);
  expect(await getJson(tokenUrl(wecom))).toMatchObject({ access_token: first['access_token'], expires_in: 7140 });
  clock.advance(7_200_000);
  expect(await tokenOf(wecom)).not.toBe(first['access_token']);
  expect(wecom.calls('/cgi-bin/gettoken')).toBe(3);
});

it('names what is missing or wrong, and blocks the address for an hour after five wrong secrets', async () => {
  expect(await getJson(`${wecom.url}/cgi-bin/gettoken?corpsecret=one`)).toMatchObject({ errcode: 41002 });
  expect(await getJson(`${wecom.url}/cgi-bin/gettoken?corpid=x`)).toMatchObject({ errcode: 41004 });
  expect(await getJson(tokenUrl(wecom, 'one', 'ww0'))).toMatchObject({ errcode: 40013 });
  for (let wrong = 1; wrong < 5; wrong++) {
    expect(await getJson(tokenUrl(wecom, 'bad'))).toMatchObject({ errcode: 40001, errmsg: 'invalid credential' });
  }
  expect(await getJson(tokenUrl(wecom))).toMatchObject({ errcode: 45009 });
  clock.advance(3_600_000);
  expect(await getJson(tokenUrl(wecom))).toMatchObject({ errcode: 0 });
});

it('tells a missing, an unknown, an expired and a killed token apart', async () => {
  const send = (token: string) => post(wecom, `message/send?access_token=${token}`, text);
  expect(await send('')).toMatchObject({ errcode: 41001, errmsg: 'access_token missing' });
  expect(await send('nonsense')).toMatchObject({ errcode: 40014, errmsg: 'invalid access_token' });
  const old = await tokenOf(wecom);
  clock.advance(7_200_000);
  expect(await send(old)).toMatchObject({ errcode: 42001, errmsg: 'access_token expired' });
  const current = await tokenOf(wecom);
  wecom.invalidateTokens();
  expect(await send(current)).toMatchObject({ errcode: 40014 });
  expect(await send(await tokenOf(wecom))).toMatchObject({ errcode: 0 });
});

it('refuses another app’s agentid, and callers that are not trusted with the caller’s address', async () => {
  expect(await sendApp(wecom, { agentid: 2 })).toMatchObject({ errcode: 301002 });
  expect(await sendApp(wecom, { agentid: 3 })).toMatchObject({ errcode: 40056 });
  expect(await sendApp(wecom, { agentid: undefined })).toMatchObject({ errcode: 41011, errmsg: 'missing agentid' });
  wecom.trustIps(['203.0.113.7']);
  const refused = await sendApp(wecom);
  expect(refused['errmsg']).toMatch(
    /^not allow to access from your ip, hint: \[\d{25}\], from ip: 127\.0\.0\.1, more info at https:\S+e=60020$/,
  );
});

describe('the service account', () => {
  const account = { grant_type: 'client_credential', appid: 'wxapp0000000001', secret: 'official-secret' };
  const message = {
    touser: 'openid-1',
    template_id: 't1',
    data: { thing1: { value: '磁盘将满' }, const2: { value: 'a🔥b\nc' } },
  };

  beforeEach(() => {
    wecom.official.followers.set('openid-1', true).set('openid-2', false);
    wecom.official.templates.set('t1', ['thing1', 'const2']);
  });

  it('keeps its stable token until five minutes before the end, and the old one works on', async () => {
    const first = await post(wecom, 'stable_token', account);
    expect(first).toEqual({ access_token: expect.any(String), expires_in: 7200 });
    clock.advance(7_200_000 - 240_000);
    const second = await post(wecom, 'stable_token', account);
    expect(second['access_token']).not.toBe(first['access_token']);
    expect(await post(wecom, `message/template/send?access_token=${first['access_token']}`, message)).toMatchObject({
      errcode: 0,
    });
  });

  it('retires the former token of the old endpoint after five minutes', async () => {
    const url = `${wecom.url}/cgi-bin/token?grant_type=client_credential&appid=${account.appid}&secret=${account.secret}`;
    const first = String((await getJson(url))['access_token']);
    await getJson(url);
    clock.advance(5 * 60_000);
    expect(await post(wecom, `message/template/send?access_token=${first}`, message)).toMatchObject({ errcode: 42001 });
  });

  it('sends once per client_msg_id, takes emoji and line feeds away, and checks the template', async () => {
    const token = (await post(wecom, 'stable_token', account))['access_token'];
    const send = (body: object) => post(wecom, `message/template/send?access_token=${token}`, body);
    const first = await send({ ...message, client_msg_id: 'mm-1' });
    expect(await send({ ...message, client_msg_id: 'mm-1' })).toEqual(first);
    expect(wecom.messages).toMatchObject([{ kind: 'official', to: ['openid-1'], content: '磁盘将满\nabc' }]);
    clock.advance(10 * 60_000);
    await send({ ...message, client_msg_id: 'mm-1' });
    expect(wecom.messages).toHaveLength(2);
    expect(await send({ ...message, touser: 'nobody' })).toMatchObject({ errcode: 40003 });
    expect(await send({ ...message, touser: 'openid-2' })).toMatchObject({ errcode: 43004 });
    expect(await send({ ...message, template_id: 't2' })).toMatchObject({ errcode: 40037 });
    const long = { ...message.data, thing1: { value: '长'.repeat(21) } };
    expect(await send({ ...message, data: long })).toMatchObject({ errcode: 47003 });
  });
});
