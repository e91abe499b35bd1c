/**
 * The route registry: one definition validates requests, guards the route by role and describes it in OpenAPI.
 * A definition does nothing by itself; `server.ts` serves a list of them.
 */
import type { ServerResponse } from 'node:http';
import type { ZodError, ZodType } from 'zod';
import { type Fault, faultsOf, HttpProblem, invalid } from './problem.ts';

/** Who may call a route; each one may do what those before it may. */
export type Role = 'public' | 'viewer' | 'responder' | 'editor' | 'admin';
export const roles: readonly Role[] = ['public', 'viewer', 'responder', 'editor', 'admin'];

export type Method = 'get' | 'post' | 'put' | 'patch' | 'delete';

/** Who calls; the name goes into `created_by` and the like. */
export interface Caller {
  name: string;
  role: Role;
  /** How they came in; missing for whoever calls a public route. */
  via?: 'session' | 'token' | 'settings';
  /** Where the request came from. */
  address?: string | null;
  /** Of a token, or of a session made with one. Null or missing: all that the role may. */
  scopes?: readonly string[] | null;
  /** Of a caller who came by cookie. */
  session?: CallerSession;
}

/** The session of a caller. */
export interface CallerSession {
  /** What the database knows it by. */
  hash: string;
  /** What a request that changes something has to carry beside the cookie. */
  csrfToken: string;
  expiresAt: Date;
  /** What it was made with: the account of a user, an API token, or the token of the settings. */
  owner: 'user' | 'token' | 'settings';
  /** Null when it was made with a token. */
  user: { id: number; displayName: string | null; hasPassword: boolean } | null;
}

/** A request after validation. */
export interface RouteInput<P, Q, B> {
  params: P;
  query: Q;
  body: B;
  caller: Caller;
  /** The `If-Match` header as sent. */
  ifMatch: string | null;
  /** The `Cookie` header as sent; sessions are looked at before, this is for what else is kept in cookies. */
  cookie: string | null;
  /** The media type to answer with: the best of the route's `produces` for the `Accept` header. */
  produce: string;
  /** The `Last-Event-ID` header: what a listener saw last before its connection broke. */
  lastEventId: string | null;
}

/** An answer. `body` goes out as JSON, or as it is when it is a string with a `Content-Type` among the headers. */
export interface Reply {
  status: number;
  body?: unknown;
  headers?: Record<string, string | string[]>;
  /** Instead of a body: takes over the response once its head is sent. */
  stream?: (res: ServerResponse) => void;
}

/** One possible answer, for OpenAPI. */
export interface ResponseDoc {
  description: string;
  schema?: ZodType;
}

/** What describes a route besides its schemas. */
interface RouteFacts {
  method: Method;
  /** In express's form: `/api/v1/contacts/:name`. */
  path: string;
  tag: string;
  summary: string;
  /** The least role that may call it. */
  role: Role;
  /** Media types of the body that it reads; the default is JSON only. YAML is parsed to the same value as JSON. */
  consumes?: readonly BodyType[];
  /** Media types that it can answer with; the default is JSON only. */
  produces?: readonly string[];
  /** The largest body in bytes; the default is 1 MiB. */
  bodyLimit?: number;
  /** Keys that answers add to an object: a body may have them, so that what was read can be sent back, and they are ignored. */
  readOnly?: readonly string[];
  responses: Readonly<Record<number, ResponseDoc>>;
}

export type BodyType = 'application/json' | 'application/yaml';

/** What {@link route} takes. */
export interface RouteDefinition<P, Q, B> extends RouteFacts {
  params?: ZodType<P>;
  query?: ZodType<Q>;
  body?: ZodType<B>;
  /** @throws HttpProblem for every answer that is an error. */
  handle(input: RouteInput<P, Q, B>): Promise<Reply>;
}

/** A route whose types are forgotten: what a server and a document generator need. */
export interface AnyRoute extends Readonly<RouteFacts> {
  readonly schemas: Readonly<{ params?: ZodType; query?: ZodType; body?: ZodType }>;
  /**
   * Validates, then handles.
   * @throws HttpProblem 400 with every problem of path, query and body at once.
   */
  run(raw: RouteInput<unknown, unknown, unknown>): Promise<Reply>;
}

/** Defines a route. */
export function route<P, Q, B>(definition: RouteDefinition<P, Q, B>): AnyRoute {
  const { params, query, body, handle, ...facts } = definition;
  return {
    ...facts,
    schemas: { params, query, body },
    async run(raw) {
      const [p, q, b] = [
        check(params, raw.params, 'path'),
        check(query, raw.query, 'query'),
        check(body, without(raw.body, facts.readOnly ?? []), 'body'),
      ];
      if (!p.ok || !q.ok || !b.ok) throw invalid([p, q, b].flatMap((part) => (part.ok ? [] : part.faults)));
      return handle({ ...raw, params: p.value, query: q.value, body: b.value });
    },
  };
}

function without(body: unknown, keys: readonly string[]): unknown {
  if (typeof body !== 'object' || body === null || Array.isArray(body)) return body;
  return Object.fromEntries(Object.entries(body).filter(([key]) => !keys.includes(key)));
}

type Checked<T> = { ok: true; value: T } | { ok: false; faults: Fault[] };

function check<T>(schema: ZodType<T> | undefined, value: unknown, where: Fault['in']): Checked<T> {
  if (schema === undefined) return { ok: true, value: undefined as T };
  const parsed: { success: true; data: T } | { success: false; error: ZodError } = schema.safeParse(value);
  return parsed.success ? { ok: true, value: parsed.data } : { ok: false, faults: faultsOf(parsed.error, where) };
}

/** Whether somebody with the role `has` may call a route that needs `needs`. */
export function mayCall(has: Role, needs: Role): boolean {
  return roles.indexOf(has) >= roles.indexOf(needs);
}

/** The strong ETag of a row version; `state`: of what is shown beside the row and changes by itself. */
export function etag(version: number | string, state?: string): string {
  return state === undefined ? `"${version}"` : `"${version}.${state}"`;
}

/** Whether `If-Match`, when it was sent, names this version; if not, the version that it names, or null. */
export function namesVersion(ifMatch: string | null, version: number | string): true | number | null {
  if (ifMatch === null) return true;
  const tags = ifMatch.split(',').map((tag) => tag.trim());
  const named = tags.flatMap((tag) => /^"([^"]*?)(?:\.\w+)?"$/.exec(tag)?.[1] ?? []);
  if (tags.includes('*') || named.includes(String(version))) return true;
  return named.map(Number).find((seen) => Number.isSafeInteger(seen) && seen > 0) ?? null;
}

/**
 * Honours `If-Match` when it was sent: the edit goes through only while the object still has a version that was named.
 * @throws HttpProblem 412 when somebody else has edited it meanwhile.
 */
export function checkIfMatch(ifMatch: string | null, version: number | string): void {
  if (namesVersion(ifMatch, version) === true) return;
  throw new HttpProblem(412, `It has been edited meanwhile: it is at version ${version} now. Read it again.`, {
    headers: { ETag: etag(version) },
  });
}
