/** Messages of a self-built app: `message/send` and `message/recall`. */
import { createHash } from 'node:crypto';
import { checkAppCard, isAnswerable, issueResponseCode } from './cards.ts';
import type { Shown } from './content.ts';
import { checkNews, checkTextCard, cutText, strictText } from './content.ts';
import type { Answer } from './errors.ts';
import { ApiError } from './errors.ts';
import type { JsonObject } from './json.ts';
import { numberAt, objectAt, textAt } from './json.ts';
import type { Recipients } from './recipients.ts';
import { recipientsOf } from './recipients.ts';
import type { Call } from './request.ts';
import { bodyOf } from './request.ts';
import type { App, State, WecomMessage } from './state.ts';
import { newId, nowMs, takeRoom } from './state.ts';
import { appOf } from './tokens.ts';

const textLimit = 2_048;
const markdownLimit = 2_048;
const recallWithinMs = 24 * 3_600_000;
const duplicateDefaultSeconds = 1_800;
const duplicateMaxSeconds = 14_400;

/** `POST /cgi-bin/message/send`. Errcode 0 does not mean that everybody, or anybody, got it. */
export function sendAppMessage(call: Call): Answer {
  const { state } = call;
  const app = appOf(call);
  const body = bodyOf(call);
  checkAgent(state, app, body);
  const shown = checkContent(state, app, body);
  const recipients = recipientsOf(state, body);
  const known = duplicateOf(call, body);
  if (known) {
    discard(call, app, 'duplicate', recipients.reached);
    return { ...known };
  }
  const answer = deliver(call, { app, body, shown, recipients });
  rememberForDuplicates(call, body, answer);
  return answer;
}

/** `POST /cgi-bin/message/recall`: within 24 hours, by the app that sent it. */
export function recallAppMessage(call: Call): Answer {
  const { state } = call;
  const app = appOf(call);
  const msgid = textAt(bodyOf(call), 'msgid');
  const message = state.messages.find((one) => one.msgid === msgid && one.sender === String(app.agentId));
  if (message === undefined || nowMs(state) - message.at.getTime() > recallWithinMs) throw new ApiError(40058);
  message.recalled = true;
  return { errcode: 0, errmsg: 'ok' };
}

function checkAgent(state: State, app: App, body: JsonObject): void {
  const given = body['agentid'];
  if (given === undefined || given === '') throw new ApiError(41011);
  const agentId = Number(given);
  if (!Number.isInteger(agentId)) throw new ApiError(40056);
  if (agentId === app.agentId) return;
  throw new ApiError(state.apps.some((other) => other.agentId === agentId) ? 301002 : 40056);
}

function checkContent(state: State, app: App, body: JsonObject): Shown {
  switch (textAt(body, 'msgtype')) {
    case 'text':
      return cutText(body, textLimit);
    case 'markdown':
      // What the real platform does here is not documented; a refusal is the strict reading.
      return strictText(body, 'markdown', markdownLimit);
    case 'textcard':
      return checkTextCard(body);
    case 'news':
      return checkNews(body);
    case 'template_card':
      checkAppCard(state, app, objectAt(body, 'template_card'));
      return { content: '', truncated: false };
    default:
      throw new ApiError(40008);
  }
}

function deliver(
  call: Call,
  { app, body, shown, recipients }: { app: App; body: JsonObject; shown: Shown; recipients: Recipients },
): Answer {
  const { state } = call;
  const got = recipients.reached.filter((userid) => hasRoom(state, app, userid));
  const dropped = recipients.reached.filter((userid) => !got.includes(userid));
  if (dropped.length > 0) discard(call, app, 'rate', dropped);
  const message = messageOf(call, { app, body, shown, to: got });
  if (got.length > 0) state.messages.push(message);
  const code = message.card && isAnswerable(message.card) ? { response_code: issueResponseCode(state, message) } : {};
  return { errcode: 0, errmsg: 'ok', ...recipients.lists, msgid: message.msgid, ...code };
}

function messageOf(
  { state, raw }: Call,
  { app, body, shown, to }: { app: App; body: JsonObject; shown: Shown; to: string[] },
): WecomMessage {
  const msgtype = textAt(body, 'msgtype');
  const card = msgtype === 'template_card' ? objectAt(body, 'template_card') : null;
  return {
    kind: 'app',
    at: state.clock.now(),
    sender: String(app.agentId),
    to,
    msgtype,
    ...shown,
    body,
    raw: raw.toString(),
    msgid: newId(),
    taskId: card ? textAt(card, 'task_id') : '',
    card,
    replacedBy: null,
    recalled: false,
    mentions: [],
  };
}

function hasRoom(state: State, app: App, userid: string): boolean {
  return takeRoom(state, `${app.agentId} ${userid}`, [
    { ms: 60_000, max: state.limits.memberPerMinute },
    { ms: 3_600_000, max: state.limits.memberPerHour },
  ]);
}

function discard({ state, raw }: Call, app: App, why: 'rate' | 'duplicate', to: string[]): void {
  state.discarded.push({ why, at: state.clock.now(), sender: String(app.agentId), to, raw: raw.toString() });
}

function hashOf(raw: Buffer): string {
  return createHash('sha256').update(raw).digest('hex');
}

/** The answer that a suppressed duplicate gets: 0, but no msgid, so that nobody relies on one. */
function duplicateOf({ state, raw }: Call, body: JsonObject): JsonObject | null {
  if (numberAt(body, 'enable_duplicate_check') !== 1) return null;
  const known = state.duplicates.get(hashOf(raw));
  return known && known.untilMs > nowMs(state) ? known.answer : null;
}

function rememberForDuplicates({ state, raw }: Call, body: JsonObject, { errcode, errmsg }: Answer): void {
  if (numberAt(body, 'enable_duplicate_check') !== 1) return;
  const wanted = numberAt(body, 'duplicate_check_interval') || duplicateDefaultSeconds;
  const untilMs = nowMs(state) + Math.min(wanted, duplicateMaxSeconds) * 1_000;
  state.duplicates.set(hashOf(raw), { untilMs, answer: { errcode, errmsg } });
}
