/** What the `email` channel is set up with, and the nodemailer options that come of it. */
import type { RateLimit } from '../channel.ts';

/** A mail server. */
export interface EmailSettings {
  /** `smtp://user:password@host:587` or `smtps://…:465`, with nodemailer's options as query; a secret as a whole. */
  url: string;
  /** Sender of every mail: an address, or `Name <address>`. */
  from: string;
  /** Certificate authority of the server in PEM form, where it is not one of the system's. */
  ca: string | null;
  /** Whether `smtp://` must change to TLS before anything is sent; `auto`: unless the server is on this machine. */
  requireTls: 'auto' | 'always' | 'never';
  maxConnections: number;
  /** Of each address, and of the relay as a whole. */
  rateLimits: readonly RateLimit[];
  /** How long one mail may take in all, 24 s by default. */
  timeoutMs?: number;
}

/** Options that an URL must not carry: they would print mails and passwords, or are set here. */
const notFromUrl = ['logger', 'debug', 'transactionLog', 'component', 'pool', 'disableFileAccess', 'disableUrlAccess'];

/** nodemailer lets options in the URL win over its other options, so the unwanted ones are taken out. */
function cleanUrl(text: string): string {
  const url = new URL(text);
  for (const name of notFromUrl) url.searchParams.delete(name);
  return url.href;
}

function isLocal(url: string): boolean {
  return /^(localhost|127\.[\d.]+|\[::1\])$/.test(new URL(url).hostname);
}

/** Options of the connection pool. nodemailer waits for minutes by default, far too long for alerts. */
export function poolOptions(settings: EmailSettings) {
  const { url, requireTls, maxConnections, ca } = settings;
  return {
    pool: true as const,
    url: cleanUrl(url),
    requireTLS: requireTls === 'always' || (requireTls === 'auto' && !isLocal(url)),
    maxConnections,
    // Enough for connections that the server closed while they were idle.
    maxRequeues: 2,
    connectionTimeout: 10_000,
    greetingTimeout: 10_000,
    socketTimeout: 20_000,
    dnsTimeout: 5_000,
    disableFileAccess: true,
    disableUrlAccess: true,
    ...(ca === null ? {} : { tls: { ca } }),
  };
}

/** The password in every form that an error could show, and the URL itself. */
export function secretsOf({ url }: EmailSettings): string[] {
  const { password } = new URL(url);
  return password === '' ? [] : [url, password, decodeURIComponent(password)];
}
