/** By what the API knows the page: the cookie of a session, which the browser sends by itself, and its CSRF token. */
const gone = new Set<() => void>();
let csrf: string | null = null;
let whose: string | null = null;

export function csrfToken(): string | null {
  return csrf;
}

/** What `GET /api/v1/me` answers. */
interface Signed {
  name: string;
  csrf_token: string | null;
}

export function keepCsrfToken({ name, csrf_token }: Signed): void {
  [whose, csrf] = [name, csrf_token];
}

/** Takes the token of a new session, if it is of the same person. @returns whether it was */
export function renewCsrfToken(signed: Signed): boolean {
  if (signed.name !== whose) return false;
  keepCsrfToken(signed);
  return true;
}

export function forgetCredential(): void {
  [whose, csrf] = [null, null];
}

/** How often something is asked for, for `refetchInterval`: whoever is signed out gets no answer, until they are back. */
export function whileSignedIn(ms: number): number | false {
  return whose === null ? false : ms;
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
