/** The cookies that browsers get. */
import type { IncomingHttpHeaders } from 'node:http';
import { sessionLife } from './decide.ts';

/** One cookie of ours. */
export interface Cookie {
  name: string;
  /** What a request carries, null without one. */
  read(headers: Pick<IncomingHttpHeaders, 'cookie'>): string | null;
  /** The value of `Set-Cookie`. */
  set(value: string): string;
  clear(): string;
}

/** The cookie of sessions, whose value is the id; and what a browser keeps while it is away at an OIDC provider. */
export interface SessionCookie extends Cookie {
  journeys: Cookie;
  /** Where the page is. */
  home: string;
}

/**
 * Over https a cookie is `__Host-` and `Secure`. Over plain http no browser would take such a one from another machine,
 * so there it is a plain one, which whoever listens on the network can read.
 */
export function sessionCookie(externalUrl: string): SessionCookie {
  const secure = new URL(externalUrl).protocol === 'https:';
  return {
    ...cookieNamed('mm_session', { secure, value: '[\\w-]{43}', seconds: sessionLife.absoluteMs / 1000 }),
    journeys: cookieNamed('mm_oidc', { secure, value: '[\\w-]{1,1000}', seconds: 600 }),
    home: `${externalUrl}/`,
  };
}

function cookieNamed(plain: string, facts: { secure: boolean; value: string; seconds: number }): Cookie {
  const name = facts.secure ? `__Host-${plain}` : plain;
  const rest = `; Path=/; HttpOnly; SameSite=Lax${facts.secure ? '; Secure' : ''}`;
  const found = new RegExp(`(?:^|;\\s*)${name}=(${facts.value})(?:;|$)`);
  return {
    name,
    read: (headers) => found.exec(headers.cookie ?? '')?.[1] ?? null,
    set: (value) => `${name}=${value}${rest}; Max-Age=${facts.seconds}`,
    clear: () => `${name}=${rest}; Max-Age=0`,
  };
}
