/** The HTTP server: the webhook first and by hand, everything else through express and the route registry. */
import { randomUUID } from 'node:crypto';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import express, { type Express, type NextFunction, type Request, type Response } from 'express';
import type { Authenticate } from './auth.ts';
import { readBody } from './body.ts';
import { changesNothing, refuseForeign } from './foreign.ts';
import { type ApiInfo, openapi } from './openapi.ts';
import { HttpProblem, problemBody, problemOf, problemText } from './problem.ts';
import { type AnyRoute, type Caller, type Method, mayCall, type Reply, route } from './route.ts';
import { inScope, scopeNeeded } from './scope.ts';

/** The part of a pino logger that this needs. */
export interface HttpLog {
  debug(fields: object, message: string): void;
  error(fields: object, message: string): void;
}

/** One answered request; `route` is the pattern, never the address, so that it can be a metric label. */
export interface Answered {
  method: string;
  route: string;
  status: number;
  durationMs: number;
}

/** What {@link createHttpServer} needs. */
export interface HttpServerOptions {
  routes: readonly AnyRoute[];
  authenticate: Authenticate;
  /** The origin at which people know the service, for what browsers send. */
  origin?: string | null;
  /** Reverse proxies whose `X-Forwarded-For` is believed. */
  trustedProxies?: readonly string[];
  /** Sees each request before express, which is slow. Returns true when the request is its own. */
  raw?: (req: IncomingMessage, res: ServerResponse) => boolean;
  /** Each may add to the express app what is not in the registry: the page, metrics, health. */
  mounts?: readonly ((app: Express) => void)[];
  /** Below this path errors are texts, in JSON, and not problem details: it is the API of another program. */
  plainErrorsBelow?: string;
  info: ApiInfo;
  log: HttpLog;
  onAnswered?: (answered: Answered) => void;
}

/** Builds the server; it listens when the caller says so. */
export function createHttpServer(options: HttpServerOptions): Server {
  const app = express();
  app.disable('x-powered-by');
  app.set('trust proxy', [...(options.trustedProxies ?? [])]);
  app.use(observe(options));
  app.use(securityHeaders);
  if (options.plainErrorsBelow !== undefined) app.use(options.plainErrorsBelow, withPlainErrors);
  const routes = [...options.routes, openapiRoute(options)];
  for (const [path, methods] of byPath(routes)) app.all(path, serve(methods, options));
  for (const mount of options.mounts ?? []) mount(app);
  app.use(() => {
    throw new HttpProblem(404, 'There is nothing here.');
  });
  app.use(answerError(options.log));
  const server = createServer((req, res) => {
    if (options.raw?.(req, res) !== true) app(req, res);
  });
  // Longer than the idle time of usual load balancers (60 s), so that never a request meets a closing connection.
  server.keepAliveTimeout = 75_000;
  server.headersTimeout = 80_000;
  server.requestTimeout = 120_000;
  return server;
}

function withPlainErrors(_req: Request, res: Response, next: NextFunction): void {
  res.locals['plainErrors'] = true;
  next();
}

function openapiRoute(options: HttpServerOptions): AnyRoute {
  const self: AnyRoute = route({
    method: 'get',
    path: '/api/openapi.json',
    tag: 'meta',
    summary: 'This API as an OpenAPI 3.1 document',
    role: 'public',
    responses: { 200: { description: 'The document' } },
    handle: async () => ({ status: 200, body: openapi([...options.routes, self], options.info) }),
  });
  return self;
}

/** Groups routes by path; fixed segments come before parameters, whatever the order of the list. */
function byPath(routes: readonly AnyRoute[]): [string, ReadonlyMap<string, AnyRoute>][] {
  const paths = new Map<string, Map<string, AnyRoute>>();
  for (const one of routes) {
    const methods = paths.get(one.path) ?? new Map<string, AnyRoute>();
    if (methods.has(one.method)) throw new Error(`two routes for ${one.method} ${one.path}`);
    paths.set(one.path, methods.set(one.method, one));
  }
  const order = (path: string) => path.replaceAll(':', '\uffff');
  return [...paths].sort(([a], [b]) => (order(a) < order(b) ? -1 : 1));
}

type Handler = (req: Request, res: Response) => Promise<void>;

function serve(methods: ReadonlyMap<string, AnyRoute>, options: HttpServerOptions): Handler {
  const allow = allowed(methods);
  return async (req, res) => {
    const method = req.method === 'HEAD' ? 'get' : req.method.toLowerCase();
    const found = methods.get(method);
    if (found === undefined) {
      if (req.method !== 'OPTIONS') throw new HttpProblem(405, `Use ${allow}.`, { headers: { Allow: allow } });
      res.setHeader('Allow', allow);
      res.status(204).end();
      return;
    }
    res.locals['route'] = found.path;
    send(res, await callRoute(found, { req, res }, options));
  };
}

function allowed(methods: ReadonlyMap<string, AnyRoute>): string {
  const names = [...methods.keys()] as Method[];
  return [...names, ...(names.includes('get') ? ['head'] : []), 'options'].map((name) => name.toUpperCase()).join(', ');
}

async function callRoute(
  found: AnyRoute,
  { req, res }: { req: Request; res: Response },
  options: HttpServerOptions,
): Promise<Reply> {
  const known = await callerOf(found, req, options);
  const caller: Caller = { ...known, address: req.ip ?? null };
  const produces = found.produces ?? ['application/json'];
  const produce = req.accepts([...produces]);
  if (produce === false) throw new HttpProblem(406, `This answers with ${produces.join(' or ')}.`);
  const body = await readBody(found, req, res);
  // A body may come slowly: whoever has lost the right meanwhile must not finish what they began.
  if (body !== undefined && found.role !== 'public' && !changesNothing(req.method)) await callerOf(found, req, options);
  const ifMatch = req.headers['if-match'] ?? null;
  const cookie = req.headers.cookie ?? null;
  const lastEventId = req.get('last-event-id') ?? null;
  return found.run({ params: req.params, query: req.query, body, caller, ifMatch, cookie, produce, lastEventId });
}

async function callerOf(found: AnyRoute, req: Request, { authenticate, origin }: HttpServerOptions): Promise<Caller> {
  if (found.role === 'public') {
    // Signing in is public, and nobody should be signed in as somebody else by another site.
    refuseForeign(req, origin ?? null);
    return { name: 'anonymous', role: 'public' };
  }
  const caller = await authenticate(req);
  if (caller === null) {
    const headers = { 'WWW-Authenticate': challengeFor(req.path) };
    throw new HttpProblem(401, 'Sign in, or send a valid token: Authorization: Bearer …', { headers });
  }
  if (!mayCall(caller.role, found.role)) throw new HttpProblem(403, `This needs the role ${found.role}.`);
  if (!inScope(caller.scopes, found)) throw new HttpProblem(403, scopeNeeded(caller.scopes, found));
  return caller;
}

/**
 * Calendar programs and some clients of Alertmanager ask without credentials first, and send them only when they are asked for a
 * password (RFC 7617). Elsewhere that would open a browser's own window.
 */
function challengeFor(path: string): string {
  const basic = path.endsWith('.ics') || path.startsWith('/api/v2/');
  return basic ? 'Basic realm="monitor-manager", charset="UTF-8"' : 'Bearer realm="monitor-manager"';
}

function send(res: Response, reply: Reply): void {
  res.status(reply.status).set(reply.headers ?? {});
  if (isKnown(res, reply)) res.status(304).end();
  else if (reply.stream !== undefined && res.req.method !== 'HEAD') {
    res.flushHeaders();
    reply.stream(res);
  } else if (reply.body === undefined) res.end();
  else if (typeof reply.body === 'string' && res.hasHeader('content-type')) res.send(reply.body);
  else res.json(reply.body);
}

/**
 * Whether the client has it already. Not left to express, which knows nothing as fresh when `Cache-Control: no-cache` is
 * sent, as fetch does together with `If-None-Match`.
 */
function isKnown({ req }: Response, { status, headers }: Reply): boolean {
  const tag = headers?.['ETag'];
  if (status !== 200 || typeof tag !== 'string' || (req.method !== 'GET' && req.method !== 'HEAD')) return false;
  const sent = (req.headers['if-none-match'] ?? '').split(',').map((one) => one.trim().replace(/^W\//, ''));
  return sent.includes('*') || sent.includes(tag);
}

/** Gives the request its id, and tells the metrics when it is answered. */
function observe(options: HttpServerOptions) {
  return (req: Request, res: Response, next: NextFunction) => {
    const began = performance.now();
    const sent = req.headers['x-request-id'];
    const requestId = typeof sent === 'string' && /^[\w.-]{1,64}$/.test(sent) ? sent : randomUUID();
    res.locals['requestId'] = requestId;
    res.setHeader('X-Request-Id', requestId);
    res.on('close', () => {
      const durationMs = performance.now() - began;
      const named: unknown = res.locals['route'];
      const pattern = typeof named === 'string' ? named : 'other';
      options.onAnswered?.({ method: req.method, route: pattern, status: res.statusCode, durationMs });
      options.log.debug(
        { requestId, method: req.method, route: pattern, status: res.statusCode, durationMs },
        'answered',
      );
    });
    next();
  };
}

/** Strict defaults; what a mount serves as a page sets its own policy over them. */
function securityHeaders(_req: Request, res: Response, next: NextFunction): void {
  res.set({
    'X-Content-Type-Options': 'nosniff',
    'X-Frame-Options': 'DENY',
    'Referrer-Policy': 'no-referrer',
    'Content-Security-Policy': "default-src 'none'; frame-ancestors 'none'",
    'Cross-Origin-Resource-Policy': 'same-origin',
    'Cache-Control': 'no-store',
  });
  next();
}

function answerError(log: HttpLog) {
  // Express knows an error handler by its four parameters.
  return (error: unknown, req: Request, res: Response, _next: NextFunction) => {
    const problem = problemOf(error);
    const requestId = String(res.locals['requestId']);
    if (problem.status >= 500) {
      log.error(
        { requestId, method: req.method, route: res.locals['route'], err: problem.cause ?? error },
        'request failed',
      );
    }
    if (res.headersSent) {
      res.destroy();
      return;
    }
    res.status(problem.status).set(problem.headers);
    if (res.locals['plainErrors'] === true) {
      res.json(problemText(problem));
      return;
    }
    res.type('application/problem+json');
    res.send(JSON.stringify(problemBody(problem, requestId)));
  };
}
