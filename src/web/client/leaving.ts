/** Signing out is meant for the whole browser: its tabs share one session, and whoever sits down next may look at any of them. */

/** Another service may live below another path of the same site. */
const openChannel = () => new BroadcastChannel(`monitor-manager.left ${new URL(document.baseURI).pathname}`);

/** Tells every tab, this one too, that somebody has left. */
export function tellLeft(): void {
  const channel = openChannel();
  channel.postMessage(null);
  channel.close();
}

/** @returns what takes the listener away */
export function onLeft(tell: () => void): () => void {
  const channel = openChannel();
  channel.onmessage = tell;
  return () => channel.close();
}
