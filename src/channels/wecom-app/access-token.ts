/**
 * The application's access token: fetched once for all replicas, renewed early, and never asked for in a loop with a
 * wrong secret, which WeCom punishes by blocking the caller's address for an hour.
 * Source: developer.work.weixin.qq.com/document/path/91039
 */
import type { Clock } from '../../clock.ts';
import { DeliveryError } from '../channel.ts';

/** A token as it is stored. */
export interface AccessToken {
  token: string;
  /** From here on it should be renewed. */
  refreshAt: Date;
  /** From here on it is useless. */
  expiresAt: Date;
}

/** Where the replicas share their tokens. */
export interface TokenStore {
  /** The stored token of `key`, expired or not; null when there is none. */
  current(key: string): Promise<AccessToken | null>;
  /**
   * Replaces the token of `key`. Only one caller at a time runs `fetch`. A caller who finds that the stored token is
   * not `stale` any more gets that one, and nothing is fetched.
   */
  refresh(key: string, stale: string | null, fetch: () => Promise<AccessToken>): Promise<string>;
}

/** Hands out a token for one application. */
export interface AccessTokens {
  /** A token that should work. @throws DeliveryError when there is none to be had */
  get(): Promise<string>;
  /** Another token than `refused`, unless somebody has replaced that one already. @throws DeliveryError */
  renew(refused: string): Promise<string>;
}

const firstPauseMs = 60_000;
const longestPauseMs = 15 * 60_000;

/** When to renew a token that lives `lifetimeMs` from `asked`: five minutes early, or a tenth for short-lived ones. */
export function lifetimeOf(token: string, asked: Date, lifetimeMs: number): AccessToken {
  const refreshAfter = Math.max(0, Math.min(lifetimeMs - 300_000, lifetimeMs * 0.9));
  return {
    token,
    refreshAt: new Date(asked.getTime() + refreshAfter),
    expiresAt: new Date(asked.getTime() + lifetimeMs),
  };
}

/** Remembers refused credentials for a while: 60 s, doubled with every refusal up to 15 min. */
function pausing(fetch: () => Promise<AccessToken>, clock: Clock): () => Promise<AccessToken> {
  let refused: { error: DeliveryError; until: number; pauseMs: number } | null = null;
  return async () => {
    const now = clock.now().getTime();
    if (refused && now < refused.until) throw refused.error;
    try {
      const token = await fetch();
      refused = null;
      return token;
    } catch (error) {
      if (error instanceof DeliveryError && error.kind === 'config') {
        const pauseMs = refused ? Math.min(refused.pauseMs * 2, longestPauseMs) : firstPauseMs;
        refused = { error, until: now + pauseMs, pauseMs };
      }
      throw error;
    }
  };
}

/** Lets everybody in this process who asks for the same thing at the same time wait for one answer. */
function together(work: (stale: string | null) => Promise<string>): (stale: string | null) => Promise<string> {
  const running = new Map<string | null, Promise<string>>();
  return (stale) => {
    const other = running.get(stale);
    if (other) return other;
    const mine = work(stale).finally(() => running.delete(stale));
    running.set(stale, mine);
    return mine;
  };
}

/** The tokens of one application. `key` names corp id and secret in the store without showing them. */
export function createAccessTokens(deps: {
  store: TokenStore;
  key: string;
  fetch: () => Promise<AccessToken>;
  clock: Clock;
}): AccessTokens {
  const { store, key, clock } = deps;
  const fetch = pausing(deps.fetch, clock);
  const renew = together((stale) => store.refresh(key, stale, fetch));
  return {
    get: async () => {
      const stored = await store.current(key);
      const now = clock.now();
      if (stored && now < stored.refreshAt) return stored.token;
      try {
        return await renew(stored?.token ?? null);
      } catch (error) {
        if (stored && now < stored.expiresAt) return stored.token;
        throw error;
      }
    },
    renew,
  };
}
