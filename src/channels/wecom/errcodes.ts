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
  remedy: string | null;
}

type Row = [codes: readonly number[], kind: FailureKind, reason: Reason, remedy?: string];

const rows: readonly Row[] = [
  [[-1, 6000, 45033], 'transient', 'provider_busy'],
  [[45009], 'limited', 'rate_limited_by_provider', 'Nothing to do: it is sent again after a pause.'],
  [
    [40001],
    'config',
    'bad_credentials',
    'The application secret is wrong, was reset, or the application is disabled: copy the secret again from the WeCom admin console.',
  ],
  [
    [40013, 41002],
    'config',
    'bad_credentials',
    'The corp id is wrong: copy it from "My company" in the WeCom admin console.',
  ],
  [[41004], 'config', 'bad_credentials', 'The application secret is missing: set it.'],
  [
    [40014, 42001, 41001],
    'transient',
    'bad_credentials',
    'The access token was refused even after it had been renewed: check that no other system resets the application secret.',
  ],
  [
    [40056, 41011, 301002],
    'config',
    'misconfigured',
    'The agent id does not belong to the application whose secret is set: compare both in the WeCom admin console.',
  ],
  [
    [60020],
    'config',
    'not_allowed',
    "Add this service's address to the application's trusted IP list in the WeCom admin console; it takes effect after about a minute.",
  ],
  [
    [43009, 43012, 48002, 48006, 50003, 50002, 60011],
    'config',
    'not_allowed',
    'The application may not do this: check its status, permissions and visible range in the WeCom admin console.',
  ],
  [
    [40003, 60111, 46004, 43004, 81013, 82001],
    'permanent',
    'bad_recipient',
    "Check the contact's WeCom userid, and that this person is in the application's visible range.",
  ],
  [[40031, 40032, 40066, 60123, 40068, 82002, 82003, 86001, 86003, 86008], 'permanent', 'bad_recipient'],
  [[40008, 40035, 40039, 40058, 40063, 42014, 44004, 45002, 45034], 'permanent', 'bad_content'],
  [
    [85002],
    'permanent',
    'bad_content',
    'WeCom refuses a word in this message: read it in the page, and change the wording of the alert.',
  ],
  [
    [93000, 93004, 93008],
    'config',
    'bad_credentials',
    "The robot's key is wrong, or the robot was disabled or removed from the room: add it again and save the new key.",
  ],
];

const meanings: ReadonlyMap<number, CodeMeaning> = new Map(
  rows.flatMap(([codes, kind, reason, remedy = null]) =>
    codes.map((code) => [code, { kind, reason, remedy }] as const),
  ),
);

const unknownCode: CodeMeaning = { kind: 'transient', reason: 'provider_error', remedy: null };

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

/** The `errcode` of an answer that was not 0, as a delivery error; `agentId` names the application that asked. */
export function wecomError(
  answer: Record<string, unknown>,
  secrets: readonly string[],
  agentId?: number,
): DeliveryError {
  const code = Number(answer['errcode']);
  const errmsg = redact(String(answer['errmsg'] ?? ''), secrets);
  const { kind, reason, remedy } = meaningOf(code);
  const ip = code === 60020 ? /from ip: ([0-9a-f.:]+[0-9a-f])/i.exec(errmsg)?.[1] : undefined;
  return new WecomError(code, `errcode ${code} ${errmsg}`.trim(), {
    kind,
    reason,
    ...(remedy === null ? {} : { remedy: ip ? trustedAddress(ip, agentId) : remedy }),
    ...(kind === 'limited' ? { retryAfterMs } : {}),
  });
}

/** What 60020 asks for, as far as its answer tells. `remedies.ts` reads it again. */
function trustedAddress(ip: string, agentId: number | undefined): string {
  const app = agentId === undefined ? 'the application' : `the application with the AgentId ${agentId}`;
  return `Add the address ${ip} to the trusted IP list of ${app} in the WeCom admin console; it takes effect after about a minute.`;
}

/** A delivery error that knows WeCom's code. */
export class WecomError extends DeliveryError {
  readonly errcode: number;

  constructor(errcode: number, message: string, facts: ConstructorParameters<typeof DeliveryError>[1]) {
    super(message, facts);
    this.errcode = errcode;
  }
}
