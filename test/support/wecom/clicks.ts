/** A person who clicks a card: the encrypted callback that the platform then posts to the app's URL. */
import { randomBytes } from 'node:crypto';
import { issueResponseCode } from './cards.ts';
import { encrypt, sign } from './crypto.ts';
import type { App, Callback, State, WecomMessage } from './state.ts';
import { nowMs } from './state.ts';

/** What to click, and how the callback is to be wrong. */
export interface Click {
  taskId: string;
  /** The button's key. */
  key: string;
  userid: string;
  /** question_key -> chosen option ids, for votes and selections. */
  selected?: Record<string, readonly string[]>;
  event?: 'template_card_event' | 'template_card_menu_event';
  wrongSignature?: boolean;
  wrongReceiveId?: boolean;
  /** Unix seconds; default: the platform's clock. */
  timestamp?: number;
  /** How often the platform tries (it posts again when there is no 200 within `timeoutMs`). */
  attempts?: number;
  /** Default 5 s, as the platform's. */
  timeoutMs?: number;
}

/** What came of a callback. */
export interface CallbackResult {
  /** The last HTTP status, or null when no answer came in time. */
  status: number | null;
  body: string;
  attempts: number;
  /** The one-use code that the event carried. */
  responseCode: string;
  /** Posts exactly the same request once more, as an attacker would. */
  replay(): Promise<{ status: number | null; body: string }>;
}

interface Sent {
  url: string;
  body: string;
}

/** Posts a click. @throws Error when there is no such card, or its app has no callback. */
export async function click(state: State, wanted: Click): Promise<CallbackResult> {
  const message = state.messages.findLast((one) => one.kind === 'app' && one.taskId === wanted.taskId);
  const app = state.apps.find(({ agentId }) => String(agentId) === message?.sender);
  if (message === undefined || !app?.callback) throw new Error(`no card ${wanted.taskId} of an app with a callback`);
  const responseCode = issueResponseCode(state, message);
  const request = sealed(state, app, app.callback, { ...wanted, xml: eventXml(state, message, wanted, responseCode) });
  const { attempts = 3, timeoutMs = 5_000 } = wanted;
  let answer = await post(request, timeoutMs);
  let tries = 1;
  for (; tries < attempts && answer.status !== 200; tries++) answer = await post(request, timeoutMs);
  return { ...answer, attempts: tries, responseCode, replay: () => post(request, timeoutMs) };
}

/** The check that the platform makes when an admin saves the callback URL: resolves with whether it is passed. */
export async function checkCallbackUrl(
  state: State,
  app: App,
  { wrongSignature = false }: { wrongSignature?: boolean } = {},
): Promise<{ passed: boolean; status: number; body: string }> {
  if (!app.callback) throw new Error('the app has no callback');
  const { url, token, aesKey } = app.callback;
  const echo = randomBytes(8).readBigUInt64BE().toString();
  const echostr = encrypt({ aesKey, message: echo, receiveId: state.corpId });
  const query = signedQuery(state, { token, encrypted: echostr, wrongSignature });
  query.set('echostr', echostr);
  const response = await fetch(`${url}?${query}`, { signal: AbortSignal.timeout(5_000) });
  const body = await response.text();
  return { passed: response.status === 200 && body === echo, status: response.status, body };
}

function sealed(
  state: State,
  app: App,
  { url, token, aesKey }: Callback,
  { xml, wrongReceiveId, wrongSignature = false, timestamp }: Click & { xml: string },
): Sent {
  const receiveId = wrongReceiveId ? 'wwsomebodyelse01' : state.corpId;
  const encrypted = encrypt({ aesKey, message: xml, receiveId });
  const query = signedQuery(state, { token, encrypted, wrongSignature, ...(timestamp ? { timestamp } : {}) });
  const body = `<xml>${tag('ToUserName', state.corpId)}${tag('AgentID', String(app.agentId))}${tag('Encrypt', encrypted)}</xml>`;
  return { url: `${url}?${query}`, body };
}

function signedQuery(
  state: State,
  facts: { token: string; encrypted: string; wrongSignature: boolean; timestamp?: number },
): URLSearchParams {
  const timestamp = String(facts.timestamp ?? Math.floor(nowMs(state) / 1_000));
  const nonce = randomBytes(5).readUIntBE(0, 5).toString();
  const right = sign(facts.token, timestamp, nonce, facts.encrypted);
  const signature = facts.wrongSignature ? sign('another token', timestamp, nonce, facts.encrypted) : right;
  return new URLSearchParams({ msg_signature: signature, timestamp, nonce });
}

async function post({ url, body }: Sent, timeoutMs: number): Promise<{ status: number | null; body: string }> {
  try {
    const response = await fetch(url, {
      method: 'POST',
      headers: { 'content-type': 'text/xml' },
      body,
      signal: AbortSignal.timeout(timeoutMs),
    });
    return { status: response.status, body: await response.text() };
  } catch {
    return { status: null, body: '' };
  }
}

function eventXml(state: State, message: WecomMessage, wanted: Click, responseCode: string): string {
  const event = wanted.event ?? 'template_card_event';
  const items = Object.entries(wanted.selected ?? {}).map(
    ([question, options]) =>
      `<SelectedItem>${tag('QuestionKey', question)}<OptionIds>${options.map((id) => tag('OptionId', id)).join('')}</OptionIds></SelectedItem>`,
  );
  return [
    '<xml>',
    tag('ToUserName', state.corpId),
    tag('FromUserName', wanted.userid),
    `<CreateTime>${Math.floor(nowMs(state) / 1_000)}</CreateTime>`,
    tag('MsgType', 'event'),
    tag('Event', event),
    tag('EventKey', wanted.key),
    tag('TaskId', message.taskId),
    tag('CardType', String(message.card?.['card_type'] ?? '')),
    tag('ResponseCode', responseCode),
    `<AgentID>${message.sender}</AgentID>`,
    event === 'template_card_event' && items.length > 0 ? `<SelectedItems>${items.join('')}</SelectedItems>` : '',
    '</xml>',
  ].join('');
}

function tag(name: string, value: string): string {
  return `<${name}><![CDATA[${value}]]></${name}>`;
}
