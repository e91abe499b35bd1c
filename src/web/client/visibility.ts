/** Whether anybody can see the page. Nobody sees a tab in the background, or a page that the browser keeps for the way back. */

export function isSeen(): boolean {
  return document.visibilityState === 'visible';
}

/** Tells when that may have changed. @returns what takes the listener away */
export function onSeen(tell: (seen: boolean) => void): () => void {
  const stop = new AbortController();
  const look = () => tell(isSeen());
  document.addEventListener('visibilitychange', look, { signal: stop.signal });
  addEventListener('pagehide', () => tell(false), { signal: stop.signal });
  addEventListener('pageshow', look, { signal: stop.signal });
  return () => stop.abort();
}
