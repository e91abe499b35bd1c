/** template_card: what a valid one looks like, and updating one that was sent. */
import { ApiError } from './errors.ts';
import type { JsonObject } from './json.ts';
import { bytesOf, listAt, numberAt, objectAt, objectsAt, textAt } from './json.ts';
import type { Call } from './request.ts';
import { bodyOf } from './request.ts';
import type { App, State, WecomMessage } from './state.ts';
import { newId, nowMs } from './state.ts';
import { appOf } from './tokens.ts';

const interactive = ['button_interaction', 'vote_interaction', 'multiple_interaction'];
const notices = ['text_notice', 'news_notice'];
const codeLifeMs = 72 * 3_600_000;

/** Whether clicks on this card come back, so that it has a task_id and response codes. */
export function isAnswerable(card: JsonObject): boolean {
  return interactive.includes(textAt(card, 'card_type')) || card['action_menu'] !== undefined;
}

/** @throws ApiError 40058, 42014 (task_id), 43012 (no callback) for a card that the platform would refuse. */
export function checkAppCard(state: State, app: App, card: JsonObject): void {
  checkShape(card, [...notices, ...interactive]);
  if (isAnswerable(card) && app.callback === null) throw new ApiError(43012);
  const taskId = textAt(card, 'task_id');
  if (taskId === '' && !isAnswerable(card)) return;
  if (!/^[0-9A-Za-z_@-]{1,128}$/.test(taskId)) throw new ApiError(42014);
  const used = state.messages.some((one) => one.sender === String(app.agentId) && one.taskId === taskId);
  if (used) throw new ApiError(42014, 'task_id has been used');
}

/** A robot can only send notices. @throws ApiError 40058 */
export function checkRobotCard(card: JsonObject): void {
  checkShape(card, notices);
}

function checkShape(card: JsonObject, types: readonly string[]): void {
  const type = textAt(card, 'card_type');
  if (!types.includes(type)) throw invalid('card_type');
  if (textAt(objectAt(card, 'main_title'), 'title') === '' && textAt(card, 'sub_title_text') === '') {
    throw invalid('main_title.title');
  }
  if (listAt(card, 'horizontal_content_list').length > 6) throw invalid('horizontal_content_list');
  if (listAt(card, 'jump_list').length > 3) throw invalid('jump_list');
  if (notices.includes(type)) checkNotice(card, type);
  if (type === 'button_interaction') checkButtons(card);
}

function checkNotice(card: JsonObject, type: string): void {
  if (![1, 2].includes(numberAt(objectAt(card, 'card_action'), 'type'))) throw invalid('card_action');
  if (type === 'news_notice' && !card['card_image'] && !card['image_text_area']) throw invalid('card_image');
}

function checkButtons(card: JsonObject): void {
  const buttons = objectsAt(card, 'button_list');
  if (buttons.length < 1 || buttons.length > 6) throw invalid('button_list');
  const callbacks = buttons.filter((button) => numberAt(button, 'type') === 0).map((button) => textAt(button, 'key'));
  if (callbacks.some((key) => key === '' || bytesOf(key) > 1_024)) throw invalid('button_list.key');
  if (new Set(callbacks).size < callbacks.length) throw invalid('button_list.key');
  if (buttons.some((button) => textAt(button, 'text') === '')) throw invalid('button_list.text');
}

/** A fresh code with which this card can be updated once. */
export function issueResponseCode(state: State, message: WecomMessage): string {
  const code = newId();
  state.responseCodes.set(code, { message, issuedAt: nowMs(state), used: false });
  return code;
}

/** `POST /cgi-bin/message/update_template_card`: a code works once, for 72 hours. */
export function updateCard(call: Call) {
  const { state } = call;
  const app = appOf(call);
  const body = bodyOf(call);
  const { message, userids } = checkUpdate(state, app, body);
  const code = state.responseCodes.get(textAt(body, 'response_code'));
  if (code) code.used = true;
  const strangers = userids.filter((userid) => !message.to.includes(userid));
  if (body['button'] === undefined) message.card = objectAt(body, 'template_card');
  else message.replacedBy = textAt(objectAt(body, 'button'), 'replace_name');
  return { errcode: 0, errmsg: 'ok', invaliduser: strangers.join('|') };
}

function checkUpdate(state: State, app: App, body: JsonObject): { message: WecomMessage; userids: string[] } {
  if (numberAt(body, 'agentid') !== app.agentId) throw new ApiError(301002);
  const userids = listAt(body, 'userids').map((userid) => String(userid).toLowerCase());
  if (userids.length > 1_000) throw new ApiError(40032);
  if ((body['button'] === undefined) === (body['template_card'] === undefined)) throw invalid('button');
  const code = state.responseCodes.get(textAt(body, 'response_code'));
  const fresh = code !== undefined && !code.used && nowMs(state) - code.issuedAt < codeLifeMs;
  if (!fresh || code.message.sender !== String(app.agentId)) throw invalid('response_code');
  const isNotice = notices.includes(textAt(code.message.card ?? {}, 'card_type'));
  if (body['button'] !== undefined && isNotice) throw invalid('button');
  const everybody = numberAt(body, 'atall') === 1;
  if (userids.length + listAt(body, 'partyids').length + listAt(body, 'tagids').length === 0 && !everybody) {
    throw new ApiError(82001);
  }
  if (body['template_card'] !== undefined) checkShape(objectAt(body, 'template_card'), [...notices, ...interactive]);
  return { message: code.message, userids };
}

function invalid(field: string): ApiError {
  return new ApiError(40058, `${field} invalid. invalid Request Parameter`);
}
