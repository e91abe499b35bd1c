import type { Db } from '../../store/db.ts';
import { DeliveryError } from '../channel.ts';
import type { AccessToken, TokenStore } from './access-token.ts';

/** Longer than one gettoken request may take; a process that dies meanwhile blocks the others for no longer. */
const leaseMs = 15_000;
const pollMs = 200;

/**
 * Keeps access tokens in one row each for all replicas. Whoever wants a new one takes a short lease on the row, so one
 * process asks WeCom and the others wait for its answer; no transaction stays open over the network.
 */
export function createTokenRows(db: Db, pause: (ms: number) => Promise<void>): TokenStore {
  async function current(key: string): Promise<AccessToken | null> {
    const rows = await db.query<{ token: string | null; refresh_at: Date; expires_at: Date }>(
      'select token, refresh_at, expires_at from channel_token where key = $1',
      [key],
    );
    const row = rows.rows[0];
    return row?.token ? { token: row.token, refreshAt: row.refresh_at, expiresAt: row.expires_at } : null;
  }

  async function lease(key: string, stale: string | null): Promise<boolean> {
    const rows = await db.query(
      `insert into channel_token as t (key, retry_at) values ($1, clock_timestamp() + $3::float8 * interval '1 ms')
       on conflict (key) do update set retry_at = excluded.retry_at
       where t.token is not distinct from $2 and (t.retry_at is null or t.retry_at < clock_timestamp())
       returning key`,
      [key, stale, leaseMs],
    );
    return rows.rows.length > 0;
  }

  async function fetchAndStore(key: string, fetch: () => Promise<AccessToken>): Promise<string> {
    try {
      const { token, refreshAt, expiresAt } = await fetch();
      await db.query(
        'update channel_token set token = $2, refresh_at = $3, expires_at = $4, retry_at = null where key = $1',
        [key, token, refreshAt, expiresAt],
      );
      return token;
    } catch (error) {
      await db.query('update channel_token set retry_at = null where key = $1', [key]);
      throw error;
    }
  }

  async function refresh(key: string, stale: string | null, fetch: () => Promise<AccessToken>): Promise<string> {
    const giveUpAt = performance.now() + leaseMs;
    while (performance.now() < giveUpAt) {
      const stored = await current(key);
      if (stored !== null && stored.token !== stale) return stored.token;
      if (await lease(key, stale)) return fetchAndStore(key, fetch);
      await pause(pollMs);
    }
    throw new DeliveryError('another replica is still asking WeCom for a token', {
      kind: 'transient',
      reason: 'provider_busy',
    });
  }

  return { current, refresh };
}
