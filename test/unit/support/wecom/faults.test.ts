import type { WecomServer } from '../../../support/wecom.ts';
import { startWecom } from '../../../support/wecom.ts';
import { sendRobot } from './client.ts';

const path = '/cgi-bin/webhook/send';
const text = { msgtype: 'text', text: { content: '磁盘将满' } };
let wecom: WecomServer;
beforeEach(async () => {
  wecom = await startWecom();
});
afterEach(() => wecom.stop());

function raw() {
  return fetch(`${wecom.url}${path}?key=robot-key`, { method: 'POST', body: JSON.stringify(text) });
}

it('answers an errcode as often as it was told, and delivers nothing meanwhile', async () => {
  wecom.faults.next(path, { errcode: 45009, times: 2 });
  expect(await sendRobot(wecom, text)).toMatchObject({ errcode: 45009 });
  expect(await sendRobot(wecom, text)).toMatchObject({ errcode: 45009 });
  expect(wecom.messages).toEqual([]);
  expect(await sendRobot(wecom, text)).toMatchObject({ errcode: 0 });
  expect(wecom.requests.map(({ errcode }) => errcode)).toEqual([45009, 45009, 0]);
});

it('resets the connection before or after the message has arrived', async () => {
  wecom.faults.next(path, { reset: 'before' });
  await expect(raw()).rejects.toThrow('fetch failed');
  expect(wecom.messages).toHaveLength(0);
  wecom.faults.next(path, { reset: 'after' });
  await expect(raw()).rejects.toThrow('fetch failed');
  expect(wecom.messages).toHaveLength(1);
});

it('answers like a broken gateway', async () => {
  wecom.faults.next(path, { status: 502 });
  const response = await raw();
  expect(response.status).toBe(502);
  expect(response.headers.get('content-type')).toBe('text/html');
  expect(wecom.messages).toEqual([]);
});

it('delivers, but answers half a JSON text', async () => {
  wecom.faults.next(path, { truncated: true });
  await expect((await raw()).json()).rejects.toThrow();
  expect(wecom.messages).toHaveLength(1);
});

it('delivers at once and answers late', async () => {
  wecom.faults.next(path, { delayMs: 60_000 });
  const answering = raw().catch((error: Error) => error);
  await wecom.waitFor(({ content }) => content === '磁盘将满');
  await wecom.stop();
  expect(await answering).toBeInstanceOf(Error);
});

it('kills tokens and shows messages over its control paths', async () => {
  await sendRobot(wecom, text);
  const shown = await (await fetch(`${wecom.url}/_ctl/messages`)).json();
  expect(shown).toMatchObject([{ sender: 'robot-key' }]);
  expect((await fetch(`${wecom.url}/_ctl/invalidate`, { method: 'POST' })).status).toBe(200);
});
