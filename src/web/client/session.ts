/** Signing in and out, and who is signed in. */
import { forgetCredential, keepCsrfToken, keepToken } from './credential.ts';
import { ApiError, request } from './request.ts';
import type { Me, Role, SignInWays } from './types.ts';

/** A service without sessions knows tokens only. */
const tokenOnly: SignInWays = { password: false, oidc: null, first_run: false };

export async function signInWays(): Promise<SignInWays> {
  return orWithoutSessions(request<SignInWays>('GET', 'api/v1/sign-in'), async () => tokenOnly);
}

/** Null: nobody is. */
export async function whoIsSignedIn(): Promise<Me | null> {
  try {
    const me = await orWithoutSessions(request<Me>('GET', 'api/v1/me'), holderOfToken);
    keepCsrfToken(me.csrf_token);
    return me;
  } catch (error) {
    if (error instanceof ApiError && error.status === 401) return null;
    throw error;
  }
}

/** @throws ApiError 401 for a wrong password or token, 429 after too many */
export async function signIn(by: { name: string; password: string } | { token: string }): Promise<Me> {
  const me = await orWithoutSessions(request<Me>('POST', 'api/v1/session', { body: by }), async (error) => {
    if (!('token' in by)) throw error;
    keepToken(by.token);
    return holderOfToken().catch((failed: unknown) => {
      forgetCredential();
      throw failed;
    });
  });
  keepCsrfToken(me.csrf_token);
  return me;
}

export async function signOut(): Promise<void> {
  await orWithoutSessions(request<void>('DELETE', 'api/v1/session'), async () => undefined).finally(forgetCredential);
}

const targetKey = 'monitor-manager.target';

/** Before the browser leaves for another site to sign in: it comes back to the root. @param path within the page */
export function rememberTarget(path: string): void {
  sessionStorage.setItem(targetKey, path);
}

/** Where to go on after that, once. */
export function takeTarget(): string | null {
  const path = sessionStorage.getItem(targetKey);
  sessionStorage.removeItem(targetKey);
  return path;
}

/** The one place that knows of services without sessions: there the path is not found. */
async function orWithoutSessions<T>(asked: Promise<T>, otherwise: (error: ApiError) => Promise<T>): Promise<T> {
  return asked.catch((error: unknown) => {
    if (error instanceof ApiError && error.status === 404) return otherwise(error);
    throw error;
  });
}

/** What a token may do, the service decides with each request. */
async function holderOfToken(): Promise<Me> {
  await request('GET', 'api/v1/status');
  return { name: 'token', display_name: '', role: 'admin', via: 'token', csrf_token: null, expires_at: null };
}

const roles: readonly Role[] = ['viewer', 'responder', 'editor', 'admin'];

/** Whether somebody with the role `has` may do what needs `needs`. */
export function mayDo(has: Role, needs: Role): boolean {
  return roles.indexOf(has) >= roles.indexOf(needs);
}
