/** By what the API knows the page: the cookie of a session, which the browser sends by itself, and its CSRF token. */
const gone = new Set<() => void>();
let csrf: string | null = null;

export function csrfToken(): string | null {
  return csrf;
}

/** The one of `GET /api/v1/me`. */
export function keepCsrfToken(token: string | null): void {
  csrf = token;
}

export function forgetCredential(): void {
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
