/** Service account (服务号): `stable_token`, the old `token`, and `message/template/send`. */
import type { Answer } from './errors.ts';
import { ApiError } from './errors.ts';
import type { JsonObject } from './json.ts';
import { objectAt, parseObject, textAt } from './json.ts';
import type { Call } from './request.ts';
import { bodyOf } from './request.ts';
import type { State, Token } from './state.ts';
import { nowMs, takeRoom } from './state.ts';
import { checkToken, issueToken, validToken } from './tokens.ts';

const lifeSeconds = 7_200;
const overlapMs = 5 * 60_000;
const dayMs = 86_400_000;
const repeatWindowMs = 10 * 60_000;
const fieldCharacters = 20;

/** `POST /cgi-bin/stable_token`: the same token while it is valid; changes 5 minutes before the end. */
export function stableToken(call: Call): Answer {
  const { state } = call;
  const body = bodyOf(call);
  checkAccount(call, textAt(body, 'appid'), textAt(body, 'secret'));
  const owner = `stable ${state.official.appId}`;
  if (body['force_refresh'] === true) return tokenAnswer(state, forceRefresh(state, owner));
  const current = validToken(state, owner);
  const fresh =
    current && current.expiresAt - nowMs(state) > overlapMs ? current : issueToken(state, owner, lifeSeconds);
  return tokenAnswer(state, fresh);
}

/** `GET /cgi-bin/token`: each call makes a new token and lets the old one live for 5 more minutes; 2000 a day. */
export function oldToken(call: Call): Answer {
  const { state, query } = call;
  checkAccount(call, query.get('appid') ?? '', query.get('secret') ?? '');
  if (!takeRoom(state, 'old token', [{ ms: dayMs, max: 2_000 }])) throw new ApiError(45009);
  const owner = `old ${state.official.appId}`;
  const former = validToken(state, owner);
  if (former) former.expiresAt = Math.min(former.expiresAt, nowMs(state) + overlapMs);
  return tokenAnswer(state, issueToken(state, owner, lifeSeconds));
}

/** `POST /cgi-bin/message/template/send`: the same client_msg_id and openid within 10 minutes is sent once. */
export function sendTemplateMessage(call: Call): Answer {
  const { state, raw } = call;
  const token = checkToken(state, call.query.get('access_token'));
  if (!token.owner.endsWith(state.official.appId)) throw new ApiError(40014);
  const body = call.method === 'POST' ? parseObject(raw.toString()) : null;
  if (body === null) throw new ApiError(47001);
  const data = checkTemplate(state, body);
  const repeatKey = `${textAt(body, 'touser')} ${textAt(body, 'client_msg_id')}`;
  const known = state.duplicates.get(repeatKey);
  if (known && textAt(body, 'client_msg_id') !== '' && known.untilMs > nowMs(state)) return { ...known.answer };
  const msgid = state.messages.length + 200_228_332;
  state.messages.push({
    kind: 'official',
    at: state.clock.now(),
    sender: state.official.appId,
    to: [textAt(body, 'touser')],
    msgtype: 'template',
    content: Object.values(data).join('\n'),
    truncated: false,
    body: { ...body, data },
    raw: raw.toString(),
    msgid: String(msgid),
    taskId: '',
    card: null,
    replacedBy: null,
    recalled: false,
    mentions: [],
  });
  const answer = { errcode: 0, errmsg: 'ok', msgid };
  state.duplicates.set(repeatKey, { untilMs: nowMs(state) + repeatWindowMs, answer });
  return answer;
}

function checkAccount({ state, ip }: Call, appId: string, secret: string): void {
  if (appId === '') throw new ApiError(41002, 'appid missing');
  if (secret === '') throw new ApiError(41004, 'appsecret missing');
  if (appId !== state.official.appId) throw new ApiError(40013, 'invalid appid');
  if (secret !== state.official.secret) throw new ApiError(40001);
  if (state.trustedIps !== null && !state.trustedIps.includes(ip)) {
    throw new ApiError(40164, `invalid ip ${ip}, not in whitelist`);
  }
}

/** 20 a day, at least 30 s apart; kills the former token at once. */
function forceRefresh(state: State, owner: string): Token {
  const room = takeRoom(state, `force ${owner}`, [
    { ms: dayMs, max: 20 },
    { ms: 30_000, max: 1 },
  ]);
  if (!room) throw new ApiError(45009);
  for (const token of state.tokens) if (token.owner === owner) token.revokedWith ??= 40001;
  return issueToken(state, owner, lifeSeconds);
}

function tokenAnswer(state: State, token: Token): Answer {
  return { access_token: token.value, expires_in: Math.ceil((token.expiresAt - nowMs(state)) / 1_000) };
}

/** The data as people will see it. @throws ApiError 40003, 43004, 40037, 47003 */
function checkTemplate(state: State, body: JsonObject): Record<string, string> {
  const follows = state.official.followers.get(textAt(body, 'touser'));
  if (follows === undefined) throw new ApiError(40003);
  if (!follows) throw new ApiError(43004);
  const keys = state.official.templates.get(textAt(body, 'template_id'));
  if (keys === undefined) throw new ApiError(40037);
  const data = objectAt(body, 'data');
  if ([...keys].sort().join() !== Object.keys(data).sort().join())
    throw new ApiError(47003, 'argument invalid! data keys');
  return Object.fromEntries(keys.map((key) => [key, checkField(key, textAt(objectAt(data, key), 'value'))]));
}

/** `thing` is refused when too long; elsewhere the surplus, emoji and line feeds just vanish (rule of 2023-05-04). */
function checkField(key: string, value: string): string {
  const tooLong = key.startsWith('thing') && [...value].length > fieldCharacters;
  if (value === '' || tooLong) throw new ApiError(47003, `argument invalid! data.${key}.value invalid`);
  const plain = value.replace(/\p{Extended_Pictographic}|\u200d|\ufe0f|[\r\n]/gu, '');
  return [...plain].slice(0, fieldCharacters).join('');
}
