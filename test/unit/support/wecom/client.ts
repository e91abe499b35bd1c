/** The smallest client of the fake platform, for its own tests. */
import type { WecomServer } from '../../../support/wecom.ts';

export type Body = Record<string, unknown>;

export async function getJson(url: string): Promise<Body> {
  return (await (await fetch(url)).json()) as Body;
}

export async function post(server: WecomServer, pathAndQuery: string, body: unknown): Promise<Body> {
  const text = typeof body === 'string' ? body : JSON.stringify(body);
  const response = await fetch(`${server.url}/cgi-bin/${pathAndQuery}`, { method: 'POST', body: text });
  expect(response.status).toBe(200);
  return (await response.json()) as Body;
}

export function tokenUrl(server: WecomServer, secret = server.secret, corpId = server.corpId): string {
  return `${server.url}/cgi-bin/gettoken?corpid=${corpId}&corpsecret=${secret}`;
}

export async function tokenOf(server: WecomServer): Promise<string> {
  return String((await getJson(tokenUrl(server)))['access_token']);
}

/** Sends as the first app; `message` is merged into a text for LiWei. */
export async function sendApp(server: WecomServer, message: Body = {}): Promise<Body> {
  const whole = {
    touser: 'LiWei',
    agentid: server.agentId,
    msgtype: 'text',
    text: { content: '磁盘将满' },
    ...message,
  };
  return post(server, `message/send?access_token=${await tokenOf(server)}`, whole);
}

export function sendRobot(server: WecomServer, message: Body, key = 'robot-key'): Promise<Body> {
  return post(server, `webhook/send?key=${key}`, message);
}

/** A card with one button. */
export function card(taskId: string): Body {
  return {
    msgtype: 'template_card',
    template_card: {
      card_type: 'button_interaction',
      main_title: { title: '磁盘将满' },
      task_id: taskId,
      button_list: [{ text: '认领', key: 'ack' }],
    },
  };
}
