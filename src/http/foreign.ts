/** Whether another site made the browser send a request. */
import type { IncomingHttpHeaders, IncomingMessage } from 'node:http';
import { HttpProblem } from './problem.ts';

/** GET and the like change nothing, so anybody may make a browser send them. */
export function changesNothing(method: string | undefined): boolean {
  return method === 'GET' || method === 'HEAD' || method === 'OPTIONS';
}

/**
 * True for what a browser says comes from elsewhere. Programs send neither header, and pass.
 * @param own the origin at which people know the service; a proxy may have replaced `Host`
 */
export function isForeign(headers: IncomingHttpHeaders, own: string | null): boolean {
  const site = headers['sec-fetch-site'];
  if (site === 'cross-site' || site === 'same-site') return true;
  const { origin, host } = headers;
  if (origin === undefined || origin === own) return false;
  return host === undefined || (origin !== `http://${host}` && origin !== `https://${host}`);
}

/** @throws HttpProblem 403 for a request that changes something and that another site made the browser send */
export function refuseForeign(req: IncomingMessage, own: string | null): void {
  if (changesNothing(req.method) || !isForeign(req.headers, own)) return;
  throw new HttpProblem(403, 'Another site made the browser send this.');
}
