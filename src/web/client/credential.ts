/**
 * By what the API knows the page: the cookie of a session, which the browser sends by itself, with the CSRF token of
 * `GET /api/v1/me`; or, where the service has no sessions, an API token that lives as long as the tab.
 */
const tokenKey = 'monitor-manager.token';
const gone = new Set<() => void>();
let csrf: string | null = null;

export function csrfToken(): string | null {
  return csrf;
}

export function keepCsrfToken(token: string | null): void {
  csrf = token;
}

/** The header of a token that was kept; nothing with a session. */
export function authorization(): { Authorization: string } | undefined {
  const token = sessionStorage.getItem(tokenKey);
  return token === null ? undefined : { Authorization: `Bearer ${token}` };
}

export function keepToken(token: string): void {
  sessionStorage.setItem(tokenKey, token);
}

export function forgetCredential(): void {
  sessionStorage.removeItem(tokenKey);
  csrf = null;
}

/** The API does not know the page any more. */
export function signedOut(): void {
  forgetCredential();
  for (const tell of gone) tell();
}

/** @returns what takes the listener away */
export function onSignedOut(tell: () => void): () => void {
  gone.add(tell);
  return () => gone.delete(tell);
}
