import { createHash } from 'node:crypto';
import { handClock } from '../../../support/clock.ts';
import type { WecomServer } from '../../../support/wecom.ts';
import { startWecom } from '../../../support/wecom.ts';
import { card, sendRobot } from './client.ts';

const clock = handClock();
let wecom: WecomServer;
beforeEach(async () => {
  wecom = await startWecom({ clock });
});
afterEach(() => wecom.stop());

const text = { msgtype: 'text', text: { content: '磁盘将满' } };

it('tells a room, and answers without msgid and recipients', async () => {
  expect(await sendRobot(wecom, text)).toEqual({ errcode: 0, errmsg: 'ok' });
  expect(wecom.messages).toMatchObject([{ kind: 'robot', sender: 'robot-key', content: '磁盘将满' }]);
});

it('answers 93000 to an unknown key and to a robot that was removed', async () => {
  expect(await sendRobot(wecom, text, 'nobody')).toMatchObject({ errcode: 93000 });
  wecom.removeRobot('robot-key');
  expect((await sendRobot(wecom, text))['errmsg']).toMatch(/^invalid webhook url, hint: /);
});

it('takes 20 messages a minute', async () => {
  for (let n = 0; n < 20; n++) expect(await sendRobot(wecom, text)).toMatchObject({ errcode: 0 });
  expect((await sendRobot(wecom, text))['errmsg']).toMatch(/^api freq out of limit/);
  clock.advance(60_000);
  expect(await sendRobot(wecom, text)).toMatchObject({ errcode: 0 });
});

it.each([
  ['text', 2_048],
  ['markdown', 4_096],
  ['markdown_v2', 4_096],
])('refuses %s over %i bytes', async (msgtype, limit) => {
  expect(await sendRobot(wecom, { msgtype, [msgtype]: { content: 'x'.repeat(limit) } })).toMatchObject({ errcode: 0 });
  const refused = await sendRobot(wecom, { msgtype, [msgtype]: { content: '满'.repeat(limit / 3 + 1) } });
  expect(refused['errmsg']).toContain(`${msgtype}.content exceed max length ${limit}. invalid Request Parameter`);
});

it('records whom a message mentions', async () => {
  const mentioning = { content: '看 <@zhangsan>', mentioned_list: ['LiWei'], mentioned_mobile_list: ['@all'] };
  await sendRobot(wecom, { msgtype: 'text', text: mentioning });
  await sendRobot(wecom, { msgtype: 'markdown', markdown: { content: '<@wangwu> 看' } });
  await sendRobot(wecom, { msgtype: 'markdown_v2', markdown_v2: { content: '<@wangwu> 看' } });
  expect(wecom.messages.map(({ mentions }) => mentions)).toEqual([['LiWei', '@all', 'zhangsan'], ['wangwu'], []]);
});

it('refuses empty content, unknown types and interactive cards', async () => {
  expect(await sendRobot(wecom, { msgtype: 'text', text: { content: '' } })).toMatchObject({ errcode: 44004 });
  expect(await sendRobot(wecom, { msgtype: 'textcard' })).toMatchObject({ errcode: 40008 });
  expect(await sendRobot(wecom, card('mm-1'))).toMatchObject({ errcode: 40058 });
});

it('takes an image only with its md5', async () => {
  const image = Buffer.from('not really a picture');
  const md5 = createHash('md5').update(image).digest('hex');
  const base64 = image.toString('base64');
  expect(await sendRobot(wecom, { msgtype: 'image', image: { base64, md5 } })).toMatchObject({ errcode: 0 });
  expect(await sendRobot(wecom, { msgtype: 'image', image: { base64, md5: 'x' } })).toMatchObject({ errcode: 40058 });
});

it('takes a file that was uploaded for this robot, for three days', async () => {
  const form = new FormData();
  form.append('media', new Blob(['a,b,c,d\n']), 'alerts.csv');
  const url = `${wecom.url}/cgi-bin/webhook/upload_media?key=robot-key&type=file`;
  const uploaded = (await (await fetch(url, { method: 'POST', body: form })).json()) as { media_id: string };
  expect(uploaded).toMatchObject({ errcode: 0, type: 'file', media_id: expect.any(String) });
  const file = { msgtype: 'file', file: { media_id: uploaded.media_id } };
  expect(await sendRobot(wecom, file)).toMatchObject({ errcode: 0 });
  wecom.addRobot('other');
  expect(await sendRobot(wecom, file, 'other')).toMatchObject({ errcode: 40007 });
  clock.advance(3 * 86_400_000);
  expect(await sendRobot(wecom, file)).toMatchObject({ errcode: 40007 });
});
