/** Signing in and out, and who is signed in. */
import { keepCsrfToken } from './credential.ts';
import { tellLeft } from './leaving.ts';
import { ApiError, request } from './request.ts';
import type { Me, Role, SignInWays } from './types.ts';

export const waysQuery = { queryKey: ['sign-in'], queryFn: () => request<SignInWays>('GET', 'api/v1/sign-in') };

/** Null: nobody is. */
export async function whoIsSignedIn(): Promise<Me | null> {
  try {
    const me = await request<Me>('GET', 'api/v1/me');
    keepCsrfToken(me);
    return me;
  } catch (error) {
    if (error instanceof ApiError && error.status === 401) return null;
    throw error;
  }
}

/** @throws ApiError 401 for a wrong password or token, 429 after too many */
export async function signIn(by: { name: string; password: string } | { token: string }): Promise<Me> {
  const me = await request<Me>('POST', 'api/v1/session', { body: by });
  keepCsrfToken(me);
  return me;
}

export async function signOut(): Promise<void> {
  await request<void>('DELETE', 'api/v1/session').finally(tellLeft);
}

/** @throws ApiError 400 where `current` is wrong or `password` too short, 429 after too many */
export async function changePassword(current: string, password: string): Promise<Me> {
  const me = await request<Me>('PUT', 'api/v1/me/password', { body: { current, password } });
  keepCsrfToken(me);
  return me;
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

/** Each one may do what those before it may. */
export const roles: readonly Role[] = ['viewer', 'responder', 'editor', 'admin'];

const errorKey = 'sign_in_error';

/** Why the way by the OIDC provider ended here, as the service says in the address; null: it did not. */
export function oidcError(): string | null {
  return new URLSearchParams(location.search).get(errorKey);
}

/** Whether somebody with the role `has` may do what needs `needs`. */
export function mayDo(has: Role, needs: Role): boolean {
  return roles.indexOf(has) >= roles.indexOf(needs);
}
