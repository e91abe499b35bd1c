/** Whether we get out of our own site: a look at the hosts by which people are told. Only made before somebody is accused. */
import { connect } from 'node:net';
import type { WayOut } from './view.ts';

/** A host that is looked at; nothing is sent there. */
export interface Outlet {
  host: string;
  port: number;
}

const defaultPorts: Readonly<Record<string, number>> = { 'smtp:': 587, 'smtps:': 465, 'http:': 80, 'https:': 443 };

/** The host and port of a URL. */
export function outletOf(text: string): Outlet {
  const { hostname, port, protocol } = new URL(text);
  return { host: hostname.replace(/^\[|\]$/g, ''), port: Number(port) || (defaultPorts[protocol] ?? 443) };
}

/** open: at least one takes a connection. */
export async function lookOutside(outlets: readonly Outlet[], withinMs: number): Promise<WayOut> {
  if (outlets.length === 0) return 'unknown';
  const reached = await Promise.all(outlets.map((outlet) => reaches(outlet, withinMs)));
  return reached.includes(true) ? 'open' : 'closed';
}

function reaches({ host, port }: Outlet, withinMs: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect({ host, port });
    const end = (reached: boolean) => {
      clearTimeout(timer);
      socket.destroy();
      resolve(reached);
    };
    const timer = setTimeout(end, withinMs, false);
    socket.once('connect', () => end(true));
    socket.once('error', () => end(false));
  });
}
