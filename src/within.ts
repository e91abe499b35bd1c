/** Something that must end in time. */

/**
 * Runs it with a signal that ends it after a while, or when the service stops. By hand: on Node 20 what `AbortSignal.any` makes
 * of a signal that lives as long as the process is never given back.
 *
 * @param stopped of the whole service; missing: it is not ended by that
 */
export async function within<T>(
  { timeoutMs, stopped }: { timeoutMs: number; stopped?: AbortSignal | undefined },
  run: (signal: AbortSignal) => Promise<T>,
): Promise<T> {
  const limit = new AbortController();
  const stop = () => limit.abort();
  const timer = setTimeout(() => limit.abort(new DOMException('too late', 'TimeoutError')), timeoutMs).unref();
  stopped?.addEventListener('abort', stop);
  if (stopped?.aborted === true) stop();
  try {
    return await run(limit.signal);
  } finally {
    clearTimeout(timer);
    stopped?.removeEventListener('abort', stop);
  }
}

/** Whether the time was over, and not the service stopped. */
export function isLate({ reason }: AbortSignal): boolean {
  return reason instanceof Error && reason.name === 'TimeoutError';
}
