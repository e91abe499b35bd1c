/** One request to whoever watches us from outside. */
import { errorCode } from '../errors.ts';

/** Where the outgoing heartbeat goes. */
export interface HeartbeatTarget {
  /** A secret: for many services the address is the token. */
  url: string;
  method: 'GET' | 'POST';
}

/**
 * @param stopped ends a request that is under way: a stop waits for nobody outside. What is returned then tells nothing
 * @returns why it did not arrive, in words without the address; null: it did
 */
export type SendHeartbeat = (target: HeartbeatTarget, stopped: AbortSignal) => Promise<string | null>;

const timeoutMs = 10_000;

/** A redirect is not followed: it would carry the token to somewhere else, and a page that says "sign in" is no answer. */
export const sendHeartbeat: SendHeartbeat = async ({ url, method }, stopped) => {
  try {
    const { address, headers } = withoutCredentials(url);
    const signal = AbortSignal.any([AbortSignal.timeout(timeoutMs), stopped]);
    const answer = await fetch(address, { method, headers, signal, redirect: 'manual' });
    await answer.body?.cancel();
    if (answer.ok) return null;
    const redirect = answer.status >= 300 && answer.status < 400;
    return `HTTP ${answer.status}${redirect ? ', a redirect, which is not followed' : ''}`;
  } catch (error) {
    return failureOf(error);
  }
};

/** The runtime sends nothing to an address with a user and a password in it. */
function withoutCredentials(text: string): { address: URL; headers: Record<string, string> } {
  const address = new URL(text);
  const credentials = [address.username, address.password].map(decodeURIComponent).join(':');
  address.username = '';
  address.password = '';
  if (credentials === ':') return { address, headers: {} };
  return { address, headers: { authorization: `Basic ${Buffer.from(credentials).toString('base64')}` } };
}

/** Of the error only its code: its words may have the address in them. */
function failureOf(error: unknown): string {
  if (error instanceof Error && error.name === 'TimeoutError') return `no answer within ${timeoutMs / 1000} s`;
  const cause = error instanceof Error ? error.cause : undefined;
  return `no connection (${errorCode(cause) ?? errorCode(error) ?? 'unknown'})`;
}
