/** `GET /api/v1/events`: tells browsers what has changed, as server-sent events, so that they read it again. */
import { createHash } from 'node:crypto';
import type { ServerResponse } from 'node:http';
import { HttpProblem } from './problem.ts';
import { type AnyRoute, route } from './route.ts';

export const eventKinds = ['incidents', 'alerts', 'notifications', 'heartbeats', 'config'] as const;
export type EventKind = (typeof eventKinds)[number];

/** For each kind a text that differs whenever something of it has changed, here or in another replica. */
export type Marks = Readonly<Record<EventKind, string>>;

/** What {@link createEvents} needs. */
export interface EventOptions {
  /** Reads the marks: one cheap statement. */
  look: () => Promise<Marks>;
  onFault: (error: unknown) => void;
  /** Tests make these short. */
  times?: Partial<typeof usualTimes>;
  maxClients?: number;
  maxOfCaller?: number;
}

const usualTimes = {
  /** Between two looks, and so between two events. */
  leastMs: 500,
  /** While nothing is known to have changed here: what other replicas did. */
  idleMs: 2_000,
  /** Proxies close connections on which nothing comes. */
  heartbeatMs: 20_000,
  /** Then the browser comes again, and shows its session or token again. */
  longestMs: 15 * 60_000,
};

/** The stream of events. Nothing is read and no timer runs while nobody listens. */
export interface Events {
  routes: AnyRoute[];
  /** Something may have changed: look soon. Returns at once. */
  poke(): void;
  /** Ends every connection; those that come later are ended at once. */
  close(): Promise<void>;
}

/** A browser that is behind by more than this is cut off; it comes again, and reads everything. */
const maxBacklogBytes = 64 * 1024;

export function createEvents(options: EventOptions): Events {
  const times = { ...usualTimes, ...options.times };
  const clients = new Map<ServerResponse, string>();
  let closed = false;
  const joining: string[] = [];
  let before: Marks | null = null;
  let firstLook: Promise<Marks> | null = null;
  let changedBefore: readonly EventKind[] = [];
  let looking = false;
  let again = false;
  let lookedAt = Number.NEGATIVE_INFINITY;
  let next: { at: number; timer: NodeJS.Timeout } | null = null;

  function lookIn(ms: number): void {
    const at = performance.now() + ms;
    if (next !== null && next.at <= at) return;
    clearTimeout(next?.timer);
    next = { at, timer: setTimeout(look, ms).unref() };
  }

  async function look(): Promise<void> {
    next = null;
    looking = true;
    again = false;
    lookedAt = performance.now();
    try {
      const marks = await options.look();
      const changed = eventKinds.filter((kind) => before !== null && before[kind] !== marks[kind]);
      // Once more at the next look: what was committed beside it, out of the order of its numbers, moved no mark.
      const told = eventKinds.filter((kind) => changed.includes(kind) || changedBefore.includes(kind));
      [before, changedBefore] = [marks, changed];
      if (told.length > 0) for (const client of clients.keys()) write(client, eventOf(told, marks));
    } catch (error) {
      options.onFault(error);
    } finally {
      looking = false;
      if (clients.size > 0) lookIn(again ? times.leastMs : times.idleMs);
      else before = null;
    }
  }

  function poke(): void {
    if (clients.size === 0) return;
    again = true;
    if (!looking) lookIn(Math.max(0, lookedAt + times.leastMs - performance.now()));
  }

  function leave(client: ServerResponse): void {
    clients.delete(client);
    if (clients.size > 0 || looking) return;
    clearTimeout(next?.timer);
    [next, before] = [null, null];
  }

  /** When all pages come back at once, they share one look. */
  async function lookFirst(caller: string): Promise<Marks> {
    joining.push(caller);
    try {
      firstLook ??= options.look().finally(() => {
        firstLook = null;
      });
      before ??= await firstLook;
      return before;
    } finally {
      joining.splice(joining.indexOf(caller), 1);
    }
  }

  function refuseSurplus(caller: string): void {
    const headers = { 'Retry-After': '30' };
    const all = [...clients.values(), ...joining];
    if (all.length >= (options.maxClients ?? 200) || closed)
      throw new HttpProblem(503, 'Too many pages listen; this one can ask from time to time.', { headers });
    if (all.filter((one) => one === caller).length >= (options.maxOfCaller ?? 30))
      throw new HttpProblem(429, 'Too many of your pages listen; this one can ask from time to time.', { headers });
  }

  /** @throws what `look` throws: nobody is promised to be told of changes that cannot be seen */
  async function join(caller: string, lastEventId: string | null): Promise<(client: ServerResponse) => void> {
    refuseSurplus(caller);
    const marks = before ?? (await lookFirst(caller));
    return (client) => {
      if (client.destroyed || closed) return void client.end();
      clients.set(client, caller);
      // Who comes again has missed what happened in between.
      const missed = lastEventId !== null && lastEventId !== idOf(marks);
      write(client, eventOf(missed ? eventKinds : [], marks));
      const heartbeat = setInterval(() => write(client, ': still here\n\n'), times.heartbeatMs).unref();
      const end = setTimeout(() => client.end(), times.longestMs).unref();
      client.on('close', () => {
        clearInterval(heartbeat);
        clearTimeout(end);
        leave(client);
      });
      lookIn(times.idleMs);
    };
  }

  return {
    routes: [eventsRoute(join)],
    poke,
    close: async () => {
      closed = true;
      for (const client of clients.keys()) client.end();
    },
  };
}

type Join = (caller: string, lastEventId: string | null) => Promise<(client: ServerResponse) => void>;

function eventsRoute(join: Join): AnyRoute {
  return route({
    method: 'get',
    path: '/api/v1/events',
    tag: 'meta',
    summary: 'Server-sent events: which kinds of things have changed. Read everything once when the stream opens',
    role: 'viewer',
    produces: ['text/event-stream'],
    responses: {
      200: { description: 'event: change, data: {"kinds": ["incidents", …]}' },
      429: { description: 'Too many streams of this caller' },
      503: { description: 'Full' },
    },
    handle: async ({ caller, lastEventId }) => ({
      status: 200,
      headers: {
        'Content-Type': 'text/event-stream; charset=utf-8',
        'X-Accel-Buffering': 'no',
        // Kept for a next request, it would hold up the stop of the server.
        Connection: 'close',
      },
      stream: await join(`${caller.via} ${caller.name}`, lastEventId),
    }),
  });
}

function write(client: ServerResponse, text: string): void {
  if (client.writableLength > maxBacklogBytes) client.destroy();
  else client.write(text);
}

function eventOf(kinds: readonly EventKind[], marks: Marks): string {
  return `id: ${idOf(marks)}\nevent: change\ndata: ${JSON.stringify({ kinds })}\n\n`;
}

function idOf(marks: Marks): string {
  return createHash('sha256').update(JSON.stringify(marks)).digest('hex').slice(0, 16);
}
