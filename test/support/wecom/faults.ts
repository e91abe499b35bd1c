/** Faults that a test puts in front of a route. */
import type { ServerResponse } from 'node:http';
import { setTimeout as pause } from 'node:timers/promises';

/** One kind of trouble, for the next `times` (default 1) calls of a route. */
export interface Fault {
  times?: number;
  /** Answers this error without handling the call; `errmsg` may be chosen. */
  errcode?: number;
  errmsg?: string;
  /** Answers this late. Without another fault the call is handled at once: the message arrives, the answer is late. */
  delayMs?: number;
  /** Resets the connection, before the call is handled or after it: then the message has arrived. */
  reset?: 'before' | 'after';
  /** Answers this HTTP status with an HTML page, as a gateway would, without handling the call. */
  status?: number;
  /** Handles the call, but the JSON of the answer ends in the middle. */
  truncated?: boolean;
}

/** The faults that are still to come. */
export interface Faults {
  /** Adds a fault; several of one route are taken in order. */
  next(path: string, fault: Fault): void;
  clear(): void;
  /** Takes the fault that is due for this route. */
  take(path: string): Fault | null;
}

/** Starts with no faults. */
export function newFaults(): Faults {
  const waiting: { path: string; fault: Fault; left: number }[] = [];
  return {
    next: (path, fault) => void waiting.push({ path, fault, left: fault.times ?? 1 }),
    clear: () => {
      waiting.length = 0;
    },
    take(path) {
      const due = waiting.find((one) => one.path === path && one.left > 0);
      if (due) due.left -= 1;
      return due?.fault ?? null;
    },
  };
}

/** Whether this fault keeps the call from being handled. */
export function preventsHandling(fault: Fault): boolean {
  return fault.errcode !== undefined || fault.status !== undefined || fault.reset === 'before';
}

/** Sends the answer, or what the fault makes of it. */
export async function respond(response: ServerResponse, answer: object, fault: Fault | null): Promise<void> {
  if (fault?.delayMs) await pause(fault.delayMs, undefined, { ref: false });
  if (fault?.reset) return void response.socket?.resetAndDestroy();
  if (fault?.status !== undefined) {
    response.writeHead(fault.status, { 'content-type': 'text/html' });
    return void response.end(`<html><body><h1>${fault.status} Bad Gateway</h1></body></html>`);
  }
  const json = JSON.stringify(answer);
  response.setHeader('content-type', 'application/json; charset=UTF-8');
  response.end(fault?.truncated ? json.slice(0, Math.floor(json.length / 2)) : json);
}
