/** Access tokens of WeCom apps: `gettoken`, and the check that every app API makes. */
import type { Answer } from './errors.ts';
import { ApiError } from './errors.ts';
import type { Call } from './request.ts';
import type { App, State, Token } from './state.ts';
import { newId, nowMs } from './state.ts';

const badSecretsAllowed = 5;
const blockMs = 3_600_000;

/** `GET /cgi-bin/gettoken`: the same token while it is valid; five wrong secrets in a row block the address for 1 h. */
export function getToken({ state, query, ip }: Call): Answer {
  const corpId = query.get('corpid');
  const secret = query.get('corpsecret');
  if (!corpId) throw new ApiError(41002);
  if (!secret) throw new ApiError(41004);
  const record = state.badSecrets.get(ip) ?? { inARow: 0, blockedUntil: 0 };
  if (nowMs(state) < record.blockedUntil) throw new ApiError(45009);
  const app = corpId === state.corpId ? state.apps.find((one) => one.secret === secret) : undefined;
  if (app === undefined) {
    countBadSecret(state, ip, record);
    throw new ApiError(corpId === state.corpId ? 40001 : 40013);
  }
  state.badSecrets.delete(ip);
  const token =
    validToken(state, String(app.agentId)) ?? issueToken(state, String(app.agentId), state.tokenLifeSeconds);
  const expiresIn = Math.ceil((token.expiresAt - nowMs(state)) / 1_000);
  return { errcode: 0, errmsg: 'ok', access_token: token.value, expires_in: expiresIn };
}

function countBadSecret(state: State, ip: string, { inARow }: { inARow: number }): void {
  const blockedUntil = inARow + 1 >= badSecretsAllowed ? nowMs(state) + blockMs : 0;
  state.badSecrets.set(ip, { inARow: blockedUntil ? 0 : inARow + 1, blockedUntil });
}

/** The app that the call's token belongs to. @throws ApiError 41001, 40014, 42001, 60020 */
export function appOf({ state, query, ip }: Call): App {
  const token = checkToken(state, query.get('access_token'));
  const app = state.apps.find(({ agentId }) => String(agentId) === token.owner);
  if (app === undefined) throw new ApiError(40014);
  if (state.trustedIps !== null && !state.trustedIps.includes(ip)) throw new ApiError(60020);
  return app;
}

/** @throws ApiError 41001 without a token, 40014 for an unknown one, 42001 for an expired one. */
export function checkToken(state: State, value: string | null): Token {
  if (!value) throw new ApiError(41001);
  const token = state.tokens.find((one) => one.value === value);
  if (token === undefined) throw new ApiError(40014);
  if (token.revokedWith !== null) throw new ApiError(token.revokedWith);
  if (token.expiresAt <= nowMs(state)) throw new ApiError(42001);
  return token;
}

/** The newest token of `owner` that still works. */
export function validToken(state: State, owner: string): Token | undefined {
  const now = nowMs(state);
  return state.tokens.findLast((one) => one.owner === owner && one.revokedWith === null && one.expiresAt > now);
}

export function issueToken(state: State, owner: string, lifeSeconds: number): Token {
  const now = nowMs(state);
  const token = { value: newId(160), owner, issuedAt: now, expiresAt: now + lifeSeconds * 1_000, revokedWith: null };
  state.tokens.push(token);
  return token;
}
