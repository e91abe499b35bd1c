import type { AccessToken, TokenStore } from './access-token.ts';

/** A healthy database answers in milliseconds; a message must not wait for one that hangs. */
const patienceMs = 2_000;

const away: unique symbol = Symbol('the database is away');

/**
 * Keeps the tokens of `rows` in memory too, for the time in which the database is away: then what was read last is used, and
 * this process fetches a new one by itself. Others may do the same meanwhile; WeCom gives each a token that works.
 *
 * @param withoutRows whether an error comes of the rows, and not of the provider
 */
export function rememberTokens(rows: TokenStore, withoutRows: (error: unknown) => boolean): TokenStore {
  const known = new Map<string, AccessToken>();

  async function current(key: string): Promise<AccessToken | null> {
    const read = await inTime(rows.current(key));
    if (read === away) return known.get(key) ?? null;
    if (read !== null) known.set(key, read);
    return read;
  }

  async function refresh(key: string, stale: string | null, fetch: () => Promise<AccessToken>): Promise<string> {
    const asked = await inTime(rows.current(key));
    if (asked === away) return refreshAlone(key, stale, fetch);
    const fetchAndKeep = async () => {
      const token = await fetch();
      known.set(key, token);
      return token;
    };
    try {
      return await rows.refresh(key, stale, fetchAndKeep);
    } catch (error) {
      if (!withoutRows(error)) throw error;
      return refreshAlone(key, stale, fetch);
    }
  }

  async function refreshAlone(key: string, stale: string | null, fetch: () => Promise<AccessToken>): Promise<string> {
    const kept = known.get(key);
    if (kept !== undefined && kept.token !== stale) return kept.token;
    const token = await fetch();
    known.set(key, token);
    return token.token;
  }

  return { current, refresh };
}

async function inTime<T>(asked: Promise<T>): Promise<T | typeof away> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<typeof away>((resolve) => {
    timer = setTimeout(() => resolve(away), patienceMs);
  });
  const answered = asked.catch((): typeof away => away);
  return Promise.race([answered, late]).finally(() => clearTimeout(timer));
}
