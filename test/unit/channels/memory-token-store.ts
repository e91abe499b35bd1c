/** A token store for one process, and what was asked of it. */
import type { AccessToken, TokenStore } from '../../../src/channels/wecom-app/access-token.ts';

/** Holds tokens in a map. */
export function memoryTokenStore(): TokenStore & { stored: Map<string, AccessToken> } {
  const stored = new Map<string, AccessToken>();
  return {
    stored,
    current: async (key) => stored.get(key) ?? null,
    refresh: async (key, stale, fetch) => {
      const present = stored.get(key);
      if (present && present.token !== stale) return present.token;
      const fresh = await fetch();
      stored.set(key, fresh);
      return fresh.token;
    },
  };
}
