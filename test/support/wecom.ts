/**
 * A fake of the WeCom and WeChat APIs that is as strict as the real ones: tokens, limits in bytes, silent drops,
 * partial failures, one-use codes, encrypted clicks. Where the real answer is not documented it is the stricter one.
 */
import type { AddressInfo } from 'node:net';
import type { EventuallyOptions } from './wait.ts';
import { eventually } from './wait.ts';
import type { CallbackResult, Click } from './wecom/clicks.ts';
import { checkCallbackUrl, click } from './wecom/clicks.ts';
import type { Faults } from './wecom/faults.ts';
import { newFaults } from './wecom/faults.ts';
import { wecomHttpServer } from './wecom/http.ts';
import type {
  App,
  Callback,
  Discarded,
  Member,
  OfficialAccount,
  SeenRequest,
  State,
  WecomMessage,
  WecomOptions,
} from './wecom/state.ts';
import { newState } from './wecom/state.ts';

/** One fake platform. */
export interface WecomServer extends AsyncDisposable {
  /** What `MM_WECOM_API_URL` is set to. */
  readonly url: string;
  readonly corpId: string;
  /** The first app. */
  readonly agentId: number;
  readonly secret: string;
  /** What people and rooms really got, in order. */
  readonly messages: readonly WecomMessage[];
  /** What was dropped silently: past the limits, or as a duplicate. */
  readonly discarded: readonly Discarded[];
  readonly requests: readonly SeenRequest[];
  readonly official: OfficialAccount;
  /** `faults.next('/cgi-bin/message/send', { errcode: 45009, times: 2 })`. */
  readonly faults: Pick<Faults, 'next' | 'clear'>;
  /** How often this path was called, for example `/cgi-bin/gettoken`. */
  calls(path: string): number;
  addMember(member: Partial<Member> & { userid: string }): void;
  addRobot(key: string): void;
  /** As when somebody removes the robot from its group: its key answers 93000. */
  removeRobot(key: string): void;
  /** The addresses that may call; null (at the start) = any. */
  trustIps(ips: string[] | null): void;
  /** Kills all tokens; they answer `errcode` from now on. */
  invalidateTokens(errcode?: 40001 | 40014 | 42001): void;
  /** For tokens that are issued from now on. */
  setTokenLife(seconds: number): void;
  /** Where clicks on the cards of an app (default: the first) go. */
  setCallback(callback: Callback | null, agentId?: number): void;
  /** Clicks a card that was sent. */
  click(wanted: Click): Promise<CallbackResult>;
  /** Makes the check that saving a callback URL makes. */
  checkCallback(options?: { wrongSignature?: boolean }): Promise<{ passed: boolean; status: number; body: string }>;
  /** Resolves with the first message that `matches`. */
  waitFor(matches: (message: WecomMessage) => boolean, options?: EventuallyOptions): Promise<WecomMessage>;
  /** Forgets messages, requests and faults, not tokens and people. */
  clear(): void;
  /** Idempotent. */
  stop(): Promise<void>;
}

/** Starts a fake platform on a free port. */
export async function startWecom(options: WecomOptions = {}): Promise<WecomServer> {
  const state = newState(options);
  const faults = newFaults();
  const firstApp = state.apps[0];
  if (firstApp === undefined) throw new Error('a platform without apps');
  const invalidateTokens = (errcode = 40014) => {
    for (const token of state.tokens) token.revokedWith = errcode;
  };
  const http = wecomHttpServer(state, faults, invalidateTokens);
  await new Promise<void>((resolve) => http.listen(0, '127.0.0.1', resolve));
  const stop = () =>
    new Promise<void>((resolve) => {
      http.close(() => resolve());
      http.closeAllConnections();
    });
  return {
    url: `http://127.0.0.1:${(http.address() as AddressInfo).port}`,
    corpId: state.corpId,
    agentId: firstApp.agentId,
    secret: firstApp.secret,
    messages: state.messages,
    discarded: state.discarded,
    requests: state.requests,
    official: state.official,
    faults,
    ...controls(state, firstApp),
    invalidateTokens,
    click: (wanted) => click(state, wanted),
    checkCallback: (wrong) => checkCallbackUrl(state, firstApp, wrong),
    waitFor: (matches, waiting) =>
      eventually(() => state.messages.find(matches), {
        describe: () => `a message (there are ${state.messages.length})`,
        ...waiting,
      }),
    clear() {
      for (const list of [state.messages, state.discarded, state.requests]) list.length = 0;
      faults.clear();
    },
    stop,
    [Symbol.asyncDispose]: stop,
  };
}

function controls(state: State, firstApp: App) {
  return {
    calls: (path: string) => state.requests.filter((request) => request.path === path).length,
    addMember: (member: Partial<Member> & { userid: string }) =>
      void state.members.push({ licensed: true, parties: [1], tags: [], ...member }),
    addRobot: (key: string) => void state.robots.add(key),
    removeRobot: (key: string) => void state.robots.delete(key),
    trustIps(ips: string[] | null) {
      state.trustedIps = ips;
    },
    setTokenLife(seconds: number) {
      state.tokenLifeSeconds = seconds;
    },
    setCallback(callback: Callback | null, agentId = firstApp.agentId) {
      const app = state.apps.find((one) => one.agentId === agentId);
      if (app) app.callback = callback;
    },
  };
}

export type { Callback, WecomMessage, WecomOptions } from './wecom/state.ts';
