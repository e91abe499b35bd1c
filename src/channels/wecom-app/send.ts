/** Sends frozen messages as a WeCom application. Source: developer.work.weixin.qq.com/document/path/90236 */
import { createHash } from 'node:crypto';
import type { Clock } from '../../clock.ts';
import { type Answer, DeliveryError } from '../channel.ts';
import { redact } from '../redact.ts';
import type { WecomContent } from '../wecom/content.ts';
import { meaningOf, refusedContent, refusedToken, WecomError, wecomError } from '../wecom/errcodes.ts';
import { callWecom } from '../wecom/http.ts';
import {
  type AccessToken,
  type AccessTokens,
  createAccessTokens,
  lifetimeOf,
  type TokenStore,
} from './access-token.ts';
import type { WecomAppSettings } from './config.ts';

/** How long a repeat of the same bytes is swallowed: the most that WeCom allows, since doubt can last for hours. */
const duplicateCheckSeconds = 14_400;

/** For everything that one message may need; what fetching a token takes comes on top. */
const deadlineMs = 19_000;

const defaultTimeoutMs = 10_000;

async function fetchToken(settings: WecomAppSettings, clock: Clock): Promise<AccessToken> {
  const { apiUrl, corpId, agentId, secret, timeoutMs = defaultTimeoutMs } = settings;
  const asked = clock.now();
  const answer = await callWecom({
    apiUrl,
    path: '/cgi-bin/gettoken',
    query: { corpid: corpId, corpsecret: secret },
    secrets: [secret],
    // Half of the time that a message gets, since the message itself comes after it.
    timeoutMs: timeoutMs / 2,
  });
  const { errcode, access_token: token, expires_in: seconds } = answer;
  if (errcode !== 0) throw wecomError(answer, [secret], agentId);
  if (typeof token !== 'string' || token === '') {
    throw new DeliveryError('gettoken: no access_token', { kind: 'transient', reason: 'provider_error' });
  }
  return lifetimeOf(token, asked, (typeof seconds === 'number' && seconds > 0 ? seconds : 7200) * 1000);
}

/** The access tokens of the application that `settings` names. */
export function tokensOf(settings: WecomAppSettings, deps: { tokens: TokenStore; clock: Clock }): AccessTokens {
  const key = createHash('sha256').update(`${settings.corpId}\0${settings.secret}`).digest('hex').slice(0, 32);
  return createAccessTokens({
    store: deps.tokens,
    key,
    clock: deps.clock,
    fetch: () => fetchToken(settings, deps.clock),
  });
}

/** WeCom lower-cases the ids in its lists. */
function lists(answer: Record<string, unknown>, field: string, userId: string): boolean {
  const value = answer[field];
  return typeof value === 'string' && value.toLowerCase().split('|').includes(userId.toLowerCase());
}

/** Success is only what the answer says about the one person addressed. */
function accepted(answer: Record<string, unknown>, userId: string, secrets: readonly string[]): Answer {
  const text = redact(`errcode 0 ${answer['errmsg'] ?? ''} msgid ${answer['msgid'] ?? '-'}`, secrets);
  for (const field of ['invaliduser', 'unlicenseduser']) {
    if (!lists(answer, field, userId)) continue;
    throw new DeliveryError(`errcode 0 but ${field} names the recipient`, {
      kind: 'permanent',
      reason: 'bad_recipient',
      remedy:
        field === 'invaliduser'
          ? (meaningOf(81013).remedy ?? '')
          : 'This member has no WeCom licence: assign one in the WeCom admin console.',
    });
  }
  return { text };
}

interface Envelope {
  format: 'text' | 'markdown';
  text: string;
  userId: string;
  deadline: AbortSignal;
}

async function post(settings: WecomAppSettings, token: string, envelope: Envelope): Promise<Answer> {
  const { apiUrl, agentId, secret, timeoutMs = defaultTimeoutMs } = settings;
  const { format, text, userId, deadline } = envelope;
  const secrets = [token, secret];
  // Built here and not kept as an object: a row need not keep the order of keys, and the bytes must not change.
  const body = JSON.stringify({
    touser: userId,
    agentid: agentId,
    msgtype: format,
    [format]: { content: text },
    enable_duplicate_check: 1,
    duplicate_check_interval: duplicateCheckSeconds,
  });
  const query = { access_token: token };
  const answer = await callWecom({ apiUrl, path: '/cgi-bin/message/send', query, body, secrets, timeoutMs, deadline });
  if (answer['errcode'] !== 0) throw wecomError(answer, secrets, agentId);
  return accepted(answer, userId, secrets);
}

/** Sends content to one member: renews a refused token once, and shortens refused content once. */
export function createSender(settings: WecomAppSettings, tokens: AccessTokens) {
  const withToken = async (envelope: Envelope): Promise<Answer> => {
    const token = await tokens.get();
    try {
      return await post(settings, token, envelope);
    } catch (error) {
      if (!(error instanceof WecomError) || !refusedToken.has(error.errcode)) throw error;
      return post(settings, await tokens.renew(token), envelope);
    }
  };
  return async ({ format, text, shorter }: WecomContent, userId: string): Promise<Answer> => {
    const deadline = AbortSignal.timeout(deadlineMs);
    try {
      return await withToken({ format, text, userId, deadline });
    } catch (error) {
      if (!(error instanceof WecomError) || !refusedContent.has(error.errcode)) throw error;
      return withToken({ format, text: shorter, userId, deadline });
    }
  };
}
