/**
 * What WeCom's error codes mean for a message.
 * Source: the global error code table, developer.work.weixin.qq.com/document/path/90313; what to do about each is ours.
 */
import type { Reason } from '../../alert/reason.ts';
import { DeliveryError, type FailureKind } from '../channel.ts';
import { redact } from '../redact.ts';

/** What to do after an error code, and what a person can do about it. */
export interface CodeMeaning {
  kind: FailureKind;
  reason: Reason;
  en: string | null;
  zh: string | null;
}

type Row = [codes: readonly number[], kind: FailureKind, reason: Reason, en?: string, zh?: string];

const rows: readonly Row[] = [
  [[-1, 6000, 45033], 'transient', 'provider_busy'],
  [
    [45009],
    'limited',
    'rate_limited_by_provider',
    'Nothing to do: it is sent again after a pause.',
    '无需处理：稍后会自动重发。',
  ],
  [
    [40001],
    'config',
    'bad_credentials',
    'The application secret is wrong, was reset, or the application is disabled: copy the secret again from the WeCom admin console.',
    '应用 Secret 错误、已被重置或应用已停用：请在企业微信管理后台重新复制 Secret。',
  ],
  [
    [40013, 41002],
    'config',
    'bad_credentials',
    'The corp id is wrong: copy it from "My company" in the WeCom admin console.',
    '企业 ID 不正确：请在管理后台“我的企业”中复制。',
  ],
  [[41004], 'config', 'bad_credentials', 'The application secret is missing: set it.', '缺少应用 Secret：请配置。'],
  [
    [40014, 42001, 41001],
    'transient',
    'bad_credentials',
    'The access token was refused even after it had been renewed: check that no other system resets the application secret.',
    '刷新后的 access_token 仍被拒绝：请检查是否有其他系统重置了应用 Secret。',
  ],
  [
    [40056, 41011, 301002],
    'config',
    'misconfigured',
    'The agent id does not belong to the application whose secret is set: compare both in the WeCom admin console.',
    'AgentId 与 Secret 不属于同一个应用：请在管理后台核对。',
  ],
  [
    [60020],
    'config',
    'not_allowed',
    "Add this service's address to the application's trusted IP list in the WeCom admin console; it takes effect after about a minute.",
    '请在企业微信管理后台把本服务的出口 IP 加入该应用的“企业可信 IP”，约 1 分钟后生效。',
  ],
  [
    [43009, 43012, 48002, 48006, 50003, 50002, 60011],
    'config',
    'not_allowed',
    'The application may not do this: check its status, permissions and visible range in the WeCom admin console.',
    '应用没有该权限：请在管理后台检查应用状态、权限和可见范围。',
  ],
  [
    [40003, 60111, 46004, 43004, 81013, 82001],
    'permanent',
    'bad_recipient',
    "Check the contact's WeCom userid, and that this person is in the application's visible range.",
    '请检查联系人的企业微信 userid，并确认其在应用的可见范围内。',
  ],
  [[40031, 40032, 40066, 60123, 40068, 82002, 82003, 86001, 86003, 86008], 'permanent', 'bad_recipient'],
  [[40008, 40035, 40039, 40058, 40063, 42014, 44004, 45002, 45034], 'permanent', 'bad_content'],
  [
    [85002],
    'permanent',
    'bad_content',
    'WeCom refuses a word in this message: read it in the page, and change the wording of the alert.',
    '消息含有企业微信禁止的词语：请在页面中查看，并修改告警文案。',
  ],
  [
    [93000, 93004, 93008],
    'config',
    'bad_credentials',
    "The robot's key is wrong, or the robot was disabled or removed from the room: add it again and save the new key.",
    '机器人 Key 无效，或机器人已被停用或移出群聊：请重新添加机器人并保存新的 Key。',
  ],
];

const meanings: ReadonlyMap<number, CodeMeaning> = new Map(
  rows.flatMap(([codes, kind, reason, en = null, zh = null]) =>
    codes.map((code) => [code, { kind, reason, en, zh }] as const),
  ),
);

const unknownCode: CodeMeaning = { kind: 'transient', reason: 'provider_error', en: null, zh: null };

/** Codes after which a shorter, plainer message may pass: too long, refused content. */
export const refusedContent: ReadonlySet<number> = new Set([40058, 45002, 85002]);

/** Codes that say the access token is no longer good. 40001 says so only when a message was sent with one. */
export const refusedToken: ReadonlySet<number> = new Set([40001, 40014, 41001, 42001]);

/** The meaning of a code; an unknown one is worth trying again. */
export function meaningOf(code: number): CodeMeaning {
  return meanings.get(code) ?? unknownCode;
}

/** First wait after 45009: the shortest window that WeCom blocks for. */
const retryAfterMs = 60_000;

/** The `errcode` of an answer that was not 0, as a delivery error. */
export function wecomError(answer: Record<string, unknown>, secrets: readonly string[]): DeliveryError {
  const code = Number(answer['errcode']);
  const errmsg = redact(String(answer['errmsg'] ?? ''), secrets);
  const { kind, reason, en } = meaningOf(code);
  const ip = code === 60020 ? /from ip: ([0-9a-f.:]+[0-9a-f])/i.exec(errmsg)?.[1] : undefined;
  return new WecomError(code, `errcode ${code} ${errmsg}`.trim(), {
    kind,
    reason,
    ...(en === null ? {} : { remedy: ip ? `${en} The address is ${ip}.` : en }),
    ...(kind === 'limited' ? { retryAfterMs } : {}),
  });
}

/** A delivery error that knows WeCom's code. */
export class WecomError extends DeliveryError {
  readonly errcode: number;

  constructor(errcode: number, message: string, facts: ConstructorParameters<typeof DeliveryError>[1]) {
    super(message, facts);
    this.errcode = errcode;
  }
}

/** The remedy in the reader's language, with the address that WeCom saw when the answer names one. */
export function remedyOf(code: number, locale: string, answer = ''): string | null {
  const { en, zh } = meaningOf(code);
  const chinese = /^zh\b/i.test(locale);
  const words = chinese ? zh : en;
  const ip = code === 60020 ? /from ip: ([0-9a-f.:]+[0-9a-f])/i.exec(answer)?.[1] : undefined;
  if (words === null || !ip) return words;
  return chinese ? `${words}当前 IP：${ip}。` : `${words} The address is ${ip}.`;
}
