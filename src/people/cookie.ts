/** The cookie that carries the id of a session. */
import type { IncomingHttpHeaders } from 'node:http';
import { sessionLife } from './decide.ts';

/** How the id is handed to a browser and read back. */
export interface SessionCookie {
  name: string;
  /** The id that a request carries, null without one. */
  read(headers: IncomingHttpHeaders): string | null;
  /** The value of `Set-Cookie`. */
  set(id: string): string;
  clear(): string;
}

/**
 * Over https the cookie is `__Host-` and `Secure`. Over plain http no browser would take such a one from another machine,
 * so there it is a plain one, which whoever listens on the network can read.
 */
export function sessionCookie(externalUrl: string): SessionCookie {
  const secure = new URL(externalUrl).protocol === 'https:';
  const name = secure ? '__Host-mm_session' : 'mm_session';
  const rest = `; Path=/; HttpOnly; SameSite=Lax${secure ? '; Secure' : ''}`;
  const found = new RegExp(`(?:^|;\\s*)${name}=([A-Za-z0-9_-]{43})(?:;|$)`);
  return {
    name,
    read: (headers) => found.exec(headers.cookie ?? '')?.[1] ?? null,
    set: (id) => `${name}=${id}${rest}; Max-Age=${sessionLife.absoluteMs / 1000}`,
    clear: () => `${name}=${rest}; Max-Age=0`,
  };
}
