/** What the fake platform knows and remembers. */
import { randomBytes } from 'node:crypto';
import type { Clock } from '../../../src/clock.ts';
import { systemClock } from '../../../src/clock.ts';
import type { JsonObject } from './json.ts';

/** Where an app's clicks are posted to. */
export interface Callback {
  url: string;
  token: string;
  /** EncodingAESKey, 43 characters. */
  aesKey: string;
}

/** A self-built app (企业微信自建应用). */
export interface App {
  agentId: number;
  secret: string;
  callback: Callback | null;
}

/** A member of the corporation; ids are compared without regard to case. */
export interface Member {
  userid: string;
  /** Without a base licence a member gets nothing and is listed in `unlicenseduser`. */
  licensed: boolean;
  parties: readonly number[];
  tags: readonly number[];
}

/** A service account (服务号). */
export interface OfficialAccount {
  appId: string;
  secret: string;
  /** openid -> does this person still follow? */
  followers: Map<string, boolean>;
  /** template id -> its data keys, such as `thing1`. */
  templates: Map<string, readonly string[]>;
}

/** One message that somebody really got. */
export interface WecomMessage {
  kind: 'app' | 'robot' | 'official';
  at: Date;
  /** agentid, robot key or appid. */
  sender: string;
  /** Who got it: userids in lower case, the robot's key, or the openid. */
  to: string[];
  msgtype: string;
  /** Text or markdown as it was shown; '' for other types. */
  content: string;
  /** The text was over its limit and was cut silently. */
  truncated: boolean;
  body: JsonObject;
  /** The request body, byte for byte. */
  raw: string;
  /** '' for a robot, whose answers have none. */
  msgid: string;
  /** '' unless it is a card with one. */
  taskId: string;
  /** The card as it looks now; null for other types. */
  card: JsonObject | null;
  /** Text that replaced the card's buttons, or null. */
  replacedBy: string | null;
  recalled: boolean;
  /** Userids, phone numbers and `@all` that a robot message mentions. */
  mentions: string[];
}

/** Recipients that silently got nothing although the answer said 0. */
export interface Discarded {
  why: 'rate' | 'duplicate';
  at: Date;
  sender: string;
  to: string[];
  raw: string;
}

/** One request as it came in, with what was answered. */
export interface SeenRequest {
  at: Date;
  method: string;
  path: string;
  body: string;
  /** null when no JSON was answered. */
  errcode: number | null;
}

/** Every limit of the platform, in messages. */
export interface Limits {
  /** Per member and app. */
  memberPerMinute: number;
  memberPerHour: number;
  robotPerMinute: number;
}

/** An access token of either platform. */
export interface Token {
  value: string;
  /** agentid or appid. */
  owner: string;
  issuedAt: number;
  expiresAt: number;
  revokedWith: number | null;
}

export interface State {
  readonly clock: Clock;
  readonly corpId: string;
  readonly apps: App[];
  readonly members: Member[];
  readonly robots: Set<string>;
  readonly official: OfficialAccount;
  readonly limits: Limits;
  /** Addresses that may call app APIs; null = any. */
  trustedIps: string[] | null;
  tokenLifeSeconds: number;
  readonly tokens: Token[];
  readonly messages: WecomMessage[];
  readonly discarded: Discarded[];
  readonly requests: SeenRequest[];
  /** Times (ms) by key, for the sliding windows. */
  readonly sent: Map<string, number[]>;
  /** Request hash -> until when (ms) the same request is a duplicate. */
  readonly duplicates: Map<string, { untilMs: number; answer: JsonObject }>;
  readonly responseCodes: Map<string, { message: WecomMessage; issuedAt: number; used: boolean }>;
  readonly media: Map<string, { robot: string; type: string; fileName: string; bytes: number; goodUntil: number }>;
  readonly badSecrets: Map<string, { inARow: number; blockedUntil: number }>;
}

/** What a test may choose; the defaults make a small corporation. */
export interface WecomOptions {
  clock?: Clock;
  corpId?: string;
  apps?: { agentId: number; secret: string }[];
  /** Userids; more with `addMember`. */
  members?: string[];
  robots?: string[];
  limits?: Partial<Limits>;
}

export function newState(options: WecomOptions): State {
  const { apps = [{ agentId: 1000002, secret: 'app-secret' }], members = ['LiWei', 'ZhangSan', 'WangWu'] } = options;
  return {
    clock: options.clock ?? systemClock,
    corpId: options.corpId ?? 'wwcorp0000000001',
    apps: apps.map((app) => ({ ...app, callback: null })),
    members: members.map((userid) => ({ userid, licensed: true, parties: [1], tags: [] })),
    robots: new Set(options.robots ?? ['robot-key']),
    official: { appId: 'wxapp0000000001', secret: 'official-secret', followers: new Map(), templates: new Map() },
    // developer.work.weixin.qq.com: 30/min and 1000/h per member and app, 20/min per robot.
    limits: { memberPerMinute: 30, memberPerHour: 1_000, robotPerMinute: 20, ...options.limits },
    trustedIps: null,
    tokenLifeSeconds: 7_200,
    tokens: [],
    messages: [],
    discarded: [],
    requests: [],
    sent: new Map(),
    duplicates: new Map(),
    responseCodes: new Map(),
    media: new Map(),
    badSecrets: new Map(),
  };
}

/** A random id that looks like the platform's. */
export function newId(bytes = 24): string {
  return randomBytes(bytes).toString('base64url');
}

/** The platform's time in milliseconds. */
export function nowMs(state: State): number {
  return state.clock.now().getTime();
}

/**
 * Counts one more event for `key` if fewer than each `max` happened within its window (sliding).
 * @returns whether there was room.
 */
export function takeRoom(state: State, key: string, windows: readonly { ms: number; max: number }[]): boolean {
  const now = nowMs(state);
  const times = state.sent.get(key) ?? [];
  const longestMs = Math.max(...windows.map(({ ms }) => ms));
  const room = windows.every(({ ms, max }) => times.filter((at) => at > now - ms).length < max);
  if (room) state.sent.set(key, [...times.filter((at) => at > now - longestMs), now]);
  return room;
}
