/** Callers of the API by role, by token and by session. */
import { adminToken } from './service.ts';

export const givenRoles = ['viewer', 'responder', 'editor', 'admin'] as const;
export type GivenRole = (typeof givenRoles)[number];

/** A request as a test sends it. */
export interface Sent {
  method?: string;
  body?: unknown;
  headers?: Record<string, string>;
}

/** Sends a request to `/api/v1/<path>`, as nobody unless the headers say otherwise. */
export function send(url: string, path: string, { method = 'GET', body, headers = {} }: Sent = {}): Promise<Response> {
  return fetch(`${url}/api/v1/${path}`, {
    method,
    headers: { ...(body === undefined ? {} : { 'content-type': 'application/json' }), ...headers },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
}

export const bearer = (token: string) => ({ authorization: `Bearer ${token}` });
export const asAdmin = bearer(adminToken);

/** The headers of a browser that has signed in. */
export interface Browser {
  cookie: string;
  csrf: string;
  /** All that a request of the page carries. */
  headers: Record<string, string>;
  setCookie: string;
}

/** What a browser keeps of an answer that signed it in. */
export async function browserOf(answer: Response): Promise<Browser> {
  const setCookie = answer.headers.get('set-cookie') ?? '';
  const { csrf_token: csrf } = (await answer.json()) as { csrf_token: string };
  const cookie = setCookie.split(';')[0] ?? '';
  return { cookie, csrf, headers: { cookie, 'x-csrf-token': csrf }, setCookie };
}

/** Signs in; throws when that fails. */
export async function signIn(url: string, body: { token: string } | { name: string; password: string }) {
  const answer = await send(url, 'session', { method: 'POST', body });
  if (answer.status !== 201) throw new Error(`signing in: ${answer.status} ${await answer.text()}`);
  return browserOf(answer);
}
