/** Keeps what the page shows current: listens for what has changed, and knows whether it can be trusted just now. */
import type { QueryClient } from '@tanstack/react-query';
import { useSyncExternalStore } from 'react';
import { onSignedOut } from './credential.ts';
import { createEventParser } from './event-stream.ts';
import { lastAnswer } from './server-time.ts';
import { isSeen, onSeen } from './visibility.ts';

/** `since`: when the service last answered, or was last heard of. */
interface LiveState {
  state: 'connecting' | 'live' | 'reconnecting' | 'offline';
  since: number;
}

/** The service writes at least every 20 s; after this the line is dead, whatever the browser believes. */
const silenceMs = 45_000;
/** How often everything is read again while nobody tells us what changed. */
const pollMs = 30_000;
const [leastWaitMs, mostWaitMs] = [1_000, 15_000];
/** Without an answer for so long, what the page shows is old. */
const graceMs = 40_000;
/** Between two reads of the same kind, so that a storm of changes does not become a storm of requests; more when reading takes long. */
const leastGapMs = 1_000;

let current: LiveState = { state: 'connecting', since: Date.now() };
const listeners = new Set<() => void>();

function set(state: LiveState['state'], since: number): void {
  if (state === current.state && since === current.since) return;
  current = { state, since };
  for (const tell of listeners) tell();
}

/** Whether the page is live. */
export function useLive(): LiveState {
  return useSyncExternalStore(
    (tell) => {
      listeners.add(tell);
      return () => listeners.delete(tell);
    },
    () => current,
  );
}

/**
 * Listens until the returned function is called, while somebody sees the page: a browser has few connections for all its tabs, and
 * those in the background would take them. The first part of a query's key names the kind that it depends on.
 */
export function startLive(client: QueryClient): () => void {
  const refresh = createRefresher(client);
  let listening: AbortController | null = null;
  const listenIf = (seen: boolean) => {
    if (seen === (listening !== null)) return;
    listening?.abort();
    listening = seen ? new AbortController() : null;
    if (listening !== null) void keepListening({ client, refresh, stop: listening.signal });
    else set('connecting', current.state === 'live' ? Date.now() : current.since);
  };
  const takeAway = [onSeen(listenIf), onSignedOut(() => listenIf(false))];
  const poll = setInterval(() => isSeen() && current.state !== 'live' && client.invalidateQueries(), pollMs);
  set('connecting', Date.now());
  listenIf(isSeen());
  return () => {
    for (const take of takeAway) take();
    listenIf(false);
    clearInterval(poll);
  };
}

interface Listener {
  client: QueryClient;
  refresh: (kind: string) => Promise<void>;
  stop: AbortSignal;
}

async function keepListening(listener: Listener): Promise<void> {
  const { stop } = listener;
  let [wait, lastId]: [number, string | null] = [leastWaitMs, null];
  while (!stop.aborted) {
    const heard = await listen(listener, lastId, (id) => {
      lastId = id;
    });
    if (stop.aborted) return;
    wait = heard ? leastWaitMs : Math.min(wait * 2, mostWaitMs);
    const since = Math.max(lastAnswer(), current.state === 'live' ? Date.now() : current.since);
    set(Date.now() - since > graceMs ? 'offline' : 'reconnecting', since);
    // Not all at the same moment, when the service comes back.
    await pause(wait * (0.75 + Math.random() / 2), stop);
  }
}

/** One connection. @returns whether it was any good */
async function listen(
  { client, refresh, stop }: Listener,
  lastId: string | null,
  keepId: (id: string) => void,
): Promise<boolean> {
  const dead = new AbortController();
  let alarm = setTimeout(() => dead.abort(), silenceMs);
  let heard = false;
  const parse = createEventParser(({ id, event, data }) => {
    if (id !== null) keepId(id);
    if (event === 'change') for (const kind of kindsOf(data)) void refresh(kind);
  });
  try {
    const response = await fetch(new URL('api/v1/events', document.baseURI), {
      headers: {
        Accept: 'text/event-stream',
        ...(lastId === null ? {} : { 'Last-Event-ID': lastId }),
      },
      signal: AbortSignal.any([stop, dead.signal]),
      cache: 'no-store',
    });
    if (!response.ok || response.body === null) return false;
    heard = true;
    if (current.state !== 'live') void client.invalidateQueries();
    set('live', Date.now());
    const reader = response.body.pipeThrough(new TextDecoderStream()).getReader();
    for (let part = await reader.read(); !part.done; part = await reader.read()) {
      clearTimeout(alarm);
      alarm = setTimeout(() => dead.abort(), silenceMs);
      parse(part.value);
    }
  } catch {
    // The loop around comes again, and says for how long it has not been heard.
  } finally {
    clearTimeout(alarm);
  }
  return heard;
}

function kindsOf(data: string): string[] {
  return (JSON.parse(data) as { kinds: string[] }).kinds;
}

/** Reads a kind again; what is told meanwhile counts as one more reading after it. */
function createRefresher(client: QueryClient): (kind: string) => Promise<void> {
  const [busy, again] = [new Set<string>(), new Set<string>()];
  return async (kind) => {
    again.add(kind);
    if (busy.has(kind)) return;
    busy.add(kind);
    while (again.delete(kind)) {
      const began = performance.now();
      await client.invalidateQueries({ queryKey: [kind] });
      const gap = Math.max(leastGapMs, 2 * (performance.now() - began));
      await new Promise((resolve) => setTimeout(resolve, gap));
    }
    busy.delete(kind);
  };
}

function pause(ms: number, stop: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const timer = setTimeout(resolve, ms);
    stop.addEventListener('abort', () => {
      clearTimeout(timer);
      resolve();
    });
  });
}
