import { handClock } from '../../../support/clock.ts';
import type { WecomServer } from '../../../support/wecom.ts';
import { startWecom } from '../../../support/wecom.ts';
import { card, getJson, post, sendApp, tokenOf } from './client.ts';

const clock = handClock();
let wecom: WecomServer;
beforeEach(async () => {
  wecom = await startWecom({ clock });
});
afterEach(() => wecom.stop());

it('delivers to a member whatever the case of the userid', async () => {
  expect(await sendApp(wecom, { touser: 'LIWEI' })).toMatchObject({
    errcode: 0,
    errmsg: 'ok',
    msgid: expect.any(String),
  });
  expect(await getJson(`${wecom.url}/_ctl/messages`)).toMatchObject([{ to: ['liwei'], content: '磁盘将满' }]);
});

it('answers 0 and lists the recipients who got nothing', async () => {
  wecom.addMember({ userid: 'NoLicence', licensed: false });
  expect(await sendApp(wecom, { touser: 'LiWei|Ghost|NoLicence' })).toMatchObject({
    errcode: 0,
    invaliduser: 'ghost',
    unlicenseduser: 'nolicence',
  });
  expect(wecom.messages[0]?.to).toEqual(['liwei']);
});

it('refuses a message that has no valid recipient', async () => {
  expect(await sendApp(wecom, { touser: 'Ghost' })).toMatchObject({ errcode: 81013, invaliduser: 'ghost' });
  expect(await sendApp(wecom, { touser: '' })).toMatchObject({ errcode: 82001 });
  expect(await sendApp(wecom, { touser: Array(1_001).fill('LiWei').join('|') })).toMatchObject({ errcode: 40032 });
});

it('cuts a text at 2048 bytes without a word, even inside a character', async () => {
  expect(await sendApp(wecom, { text: { content: '满'.repeat(700) } })).toMatchObject({ errcode: 0 });
  expect(wecom.messages[0]).toMatchObject({ truncated: true, content: `${'满'.repeat(682)}\ufffd` });
  await sendApp(wecom, { text: { content: `${'满'.repeat(682)}ab` } });
  expect(wecom.messages[1]).toMatchObject({ truncated: false });
});

it('refuses markdown over 2048 bytes, empty text, unknown types and broken JSON', async () => {
  const markdown = (content: string) => ({ msgtype: 'markdown', markdown: { content } });
  expect(await sendApp(wecom, markdown('a'.repeat(2_048)))).toMatchObject({ errcode: 0 });
  expect((await sendApp(wecom, markdown('a'.repeat(2_049))))['errmsg']).toContain('exceed max length 2048');
  expect(await sendApp(wecom, { text: { content: '' } })).toMatchObject({ errcode: 44004 });
  expect(await sendApp(wecom, { msgtype: 'telegram' })).toMatchObject({ errcode: 40008 });
  const broken = await post(wecom, `message/send?access_token=${await tokenOf(wecom)}`, '{"touser":');
  expect(broken).toMatchObject({ errcode: 40058, errmsg: expect.stringContaining('Warning: wrong json format.') });
});

it('silently drops what a member gets past 30 a minute', async () => {
  for (let n = 0; n < 31; n++) expect(await sendApp(wecom, { touser: 'LiWei' })).toMatchObject({ errcode: 0 });
  expect(wecom.messages).toHaveLength(30);
  expect(wecom.discarded).toMatchObject([{ why: 'rate', to: ['liwei'] }]);
  await sendApp(wecom, { touser: 'LiWei|ZhangSan' });
  expect(wecom.messages.at(-1)?.to).toEqual(['zhangsan']);
  clock.advance(60_000);
  await sendApp(wecom);
  expect(wecom.messages.at(-1)?.to).toEqual(['liwei']);
});

it('silently drops what a member gets past the hourly limit', async () => {
  await using small = await startWecom({ clock, limits: { memberPerHour: 2 } });
  for (let n = 0; n < 3; n++) {
    await sendApp(small);
    clock.advance(120_000);
  }
  expect(small.messages).toHaveLength(2);
  clock.advance(3_600_000);
  await sendApp(small);
  expect(small.messages).toHaveLength(3);
});

it('delivers identical JSON once within the interval when the duplicate check is on', async () => {
  const checked = { enable_duplicate_check: 1, duplicate_check_interval: 600 };
  await sendApp(wecom, checked);
  expect(await sendApp(wecom, checked)).toEqual({ errcode: 0, errmsg: 'ok' });
  await sendApp(wecom, { ...checked, text: { content: '磁盘将满 #2' } });
  expect(wecom.messages).toHaveLength(2);
  expect(wecom.discarded).toMatchObject([{ why: 'duplicate', to: ['liwei'] }]);
  clock.advance(600_000);
  await sendApp(wecom, checked);
  expect(wecom.messages).toHaveLength(3);
  await sendApp(wecom);
  await sendApp(wecom);
  expect(wecom.messages).toHaveLength(5);
});

it('recalls a message within 24 hours only', async () => {
  const [first, second] = [await sendApp(wecom), await sendApp(wecom)];
  const recall = async (msgid: unknown) =>
    post(wecom, `message/recall?access_token=${await tokenOf(wecom)}`, { msgid });
  expect(await recall(first['msgid'])).toEqual({ errcode: 0, errmsg: 'ok' });
  expect(wecom.messages.map((message) => message.recalled)).toEqual([true, false]);
  clock.advance(24 * 3_600_000 + 1);
  expect(await recall(second['msgid'])).toMatchObject({ errcode: 40058 });
});

describe('a card', () => {
  beforeEach(() => wecom.setCallback({ url: 'http://127.0.0.1:9/', token: 't', aesKey: 'a'.repeat(43) }));

  async function update(body: object) {
    const whole = { agentid: wecom.agentId, atall: 1, ...body };
    return post(wecom, `message/update_template_card?access_token=${await tokenOf(wecom)}`, whole);
  }

  it('needs a callback, and a task_id that is well-formed and new', async () => {
    wecom.setCallback(null);
    expect(await sendApp(wecom, card('mm-1'))).toMatchObject({ errcode: 43012 });
    wecom.setCallback({ url: 'http://127.0.0.1:9/', token: 't', aesKey: 'a'.repeat(43) });
    expect(await sendApp(wecom, card('not valid!'))).toMatchObject({ errcode: 42014 });
    expect(await sendApp(wecom, card('x'.repeat(129)))).toMatchObject({ errcode: 42014 });
    expect(await sendApp(wecom, card('mm-1'))).toMatchObject({ errcode: 0, response_code: expect.any(String) });
    expect(await sendApp(wecom, card('mm-1'))).toMatchObject({ errcode: 42014 });
  });

  it('is updated once per response code, with either a button or a card', async () => {
    const { response_code } = await sendApp(wecom, card('mm-1'));
    const button = { replace_name: '已认领: 张三' };
    const notice = {
      card_type: 'text_notice',
      main_title: { title: '已恢复' },
      card_action: { type: 1, url: 'http://x' },
    };
    expect(await update({ response_code })).toMatchObject({ errcode: 40058 });
    expect(await update({ response_code, button, template_card: notice })).toMatchObject({ errcode: 40058 });
    expect(await update({ response_code, button, userids: 'LiWei' })).toMatchObject({ errcode: 40058 });
    expect(await update({ response_code, button, userids: ['LiWei', 'WangWu'] })).toMatchObject({
      errcode: 0,
      invaliduser: 'wangwu',
    });
    expect(wecom.messages[0]).toMatchObject({ replacedBy: '已认领: 张三' });
    expect(await update({ response_code, template_card: notice })).toMatchObject({ errcode: 40058 });
  });

  it('cannot be updated after 72 hours', async () => {
    const { response_code } = await sendApp(wecom, card('mm-1'));
    clock.advance(72 * 3_600_000);
    expect(await update({ response_code, button: { replace_name: 'x' } })).toMatchObject({ errcode: 40058 });
  });
});
