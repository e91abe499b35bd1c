/** The errors of the WeCom and WeChat APIs, worded as the real ones are. */
import { randomInt } from 'node:crypto';

/** A JSON answer of the API; HTTP status 200 whatever `errcode` says. */
export interface Answer {
  errcode?: number;
  errmsg?: string;
  [key: string]: unknown;
}

/** Ends the handling of a request with an `errcode`; `extra` joins the answer's body. */
export class ApiError extends Error {
  readonly errcode: number;
  readonly extra: Record<string, unknown>;

  constructor(errcode: number, message?: string, extra: Record<string, unknown> = {}) {
    super(message ?? samples[errcode] ?? 'invalid Request Parameter');
    this.errcode = errcode;
    this.extra = extra;
  }
}

/** errmsg samples seen in error captures of public projects; the rest follows the global error table's meaning. */
const samples: Record<number, string> = {
  [-1]: 'system busy',
  40001: 'invalid credential',
  40003: 'invalid openid',
  40007: 'invalid media_id',
  40008: 'invalid message type',
  40013: 'invalid corpid',
  40014: 'invalid access_token',
  40032: 'invalid user list size',
  40037: 'invalid template_id',
  40056: 'invalid agentid',
  40164: 'not in whitelist',
  41001: 'access_token missing',
  41002: 'corpid missing',
  41004: 'corpsecret missing',
  41011: 'missing agentid',
  42001: 'access_token expired',
  42014: 'invalid task_id',
  43004: 'require subscribe',
  43012: 'app has no callback url',
  44004: 'empty content',
  45009: 'api freq out of limit',
  45011: 'api minute-quota reach limit must slower retry next minute',
  47001: 'data format error',
  60020: 'not allow to access from your ip',
  81013: 'user & party & tag all invalid',
  82001: 'all recipients empty',
  82002: 'too many parties',
  82003: 'too many tags',
  93000: 'invalid webhook url',
  301002: 'not allow operate another agent with this accesstoken.',
};

/** These come without hint, address and help link. */
const bare = new Set([40001, 40014, 41001, 42001, 41011]);

/** The answer for an error: with a hint, the caller's address and a help link, as the real platform adds them. */
export function errorAnswer(error: ApiError, fromIp: string): Answer {
  const { errcode, message, extra } = error;
  if (bare.has(errcode)) return { errcode, errmsg: message, ...extra };
  const help = `https://open.work.weixin.qq.com/devtool/query?e=${errcode}`;
  return { errcode, errmsg: `${message}, hint: [${hint()}], from ip: ${fromIp}, more info at ${help}`, ...extra };
}

/** Looks like 1681717792365202991262631: seconds, then noise. */
function hint(): string {
  const noise = () => String(randomInt(10_000_000, 99_999_999));
  return `1681717792${noise()}${noise().slice(1)}`;
}

/** The malformed-body error of the WeCom side. */
export function wrongJson(): ApiError {
  return new ApiError(40058, 'Warning: wrong json format. invalid Request Parameter');
}
