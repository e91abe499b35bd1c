/** Calls the API. Every answer that is no success becomes an {@link ApiError}. */
import { csrfToken, renewCsrfToken, signedOut } from './credential.ts';
import { noteAnswer, noteServerTime } from './server-time.ts';

/** One thing that is wrong with a request, and where. */
export interface Fault {
  in: 'path' | 'query' | 'body';
  path: string;
  message: string;
}

/** An answer that is an error; `status` 0: there was none. */
export class ApiError extends Error {
  readonly status: number;
  readonly faults: readonly Fault[];
  /** The whole body of the answer: some errors say more, for example who has edited meanwhile. */
  readonly body: Readonly<Record<string, unknown>>;

  constructor(status: number, detail: string, body: Readonly<Record<string, unknown>> = {}) {
    super(detail);
    this.name = 'ApiError';
    this.status = status;
    this.faults = Array.isArray(body['errors']) ? (body['errors'] as Fault[]) : [];
    this.body = body;
  }
}

type Method = 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';

interface Options {
  body?: unknown;
  /** The version that an edit is based on. */
  ifMatch?: string;
  signal?: AbortSignal;
}

/** Nobody waits longer for an answer. */
const patienceMs = 30_000;

/** `path` is relative to the root of the service: `api/v1/incidents`. Answers the parsed body. @throws ApiError */
export async function request<T>(method: Method, path: string, options: Options = {}): Promise<T> {
  return (await ask<T>(method, path, options)).body;
}

/** As {@link request}, with the ETag of the answer: what `ifMatch` of an edit must name. @throws ApiError */
export async function ask<T>(
  method: Method,
  path: string,
  options: Options = {},
): Promise<{ body: T; etag: string | null }> {
  const answer = await once(method, path, options);
  const { response, text } = isStale(answer) && (await freshToken()) ? await once(method, path, options) : answer;
  if (response.ok) {
    const body = text === '' ? undefined : parsed(text);
    noteAnswer();
    return { body: body as T, etag: response.headers.get('etag') };
  }
  if (response.status === 401) signedOut();
  throw problemOf(response.status, text);
}

interface Answer {
  response: Response;
  text: string;
}

/** An answer that is cut off is none. */
async function once(method: Method, path: string, options: Options): Promise<Answer> {
  try {
    const response = await send(method, path, options);
    noteServerTime(response.headers.get('date'));
    return { response, text: await response.text() };
  } catch (error) {
    if (options.signal?.aborted) throw error;
    throw new ApiError(0, error instanceof Error ? error.message : '');
  }
}

/** What a proxy says in the place of the service, such as its own sign-in page, is no answer either. */
function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw new ApiError(0, 'The answer is no JSON.');
  }
}

/** Another tab of this browser has signed in again: the cookie is new, and our CSRF token is of the session before. */
function isStale({ response, text }: Answer): boolean {
  return response.status === 403 && problemOf(403, text).body['reason'] === 'csrf';
}

/** False: it is somebody else who is signed in now, and what was asked for is not theirs to do. */
async function freshToken(): Promise<boolean> {
  const { response, text } = await once('GET', 'api/v1/me', {});
  return response.ok && renewCsrfToken(parsed(text) as { name: string; csrf_token: string | null });
}

function send(method: Method, path: string, { body, ifMatch, signal }: Options): Promise<Response> {
  const headers = new Headers({ Accept: 'application/json' });
  if (body !== undefined) headers.set('Content-Type', 'application/json');
  if (ifMatch !== undefined) headers.set('If-Match', ifMatch);
  const csrf = csrfToken();
  if (method !== 'GET' && csrf !== null) headers.set('X-CSRF-Token', csrf);
  const timeout = AbortSignal.timeout(patienceMs);
  return fetch(new URL(path, document.baseURI), {
    method,
    headers,
    body: body === undefined ? null : JSON.stringify(body),
    signal: signal === undefined ? timeout : AbortSignal.any([signal, timeout]),
  });
}

function problemOf(status: number, text: string): ApiError {
  try {
    const body = JSON.parse(text) as Record<string, unknown>;
    return new ApiError(status, typeof body['detail'] === 'string' ? body['detail'] : '', body);
  } catch {
    // What a reverse proxy says is a page of HTML, and no help.
    return new ApiError(status, '');
  }
}

/** Builds `path?…`, leaving out what is undefined, null or empty; arrays repeat their name. */
export function withQuery(path: string, query: Readonly<Record<string, QueryValue>>): string {
  const search = new URLSearchParams();
  for (const [name, value] of Object.entries(query)) {
    for (const one of Array.isArray(value) ? value : [value]) {
      if (one !== undefined && one !== null && one !== '') search.append(name, String(one));
    }
  }
  const text = search.toString();
  return text === '' ? path : `${path}?${text}`;
}

type QueryValue = string | number | boolean | null | undefined | readonly string[];
