import type { IncomingMessage } from 'node:http';
import type { Snapshot, Source } from '../../alert/config.ts';
import { hashToken, sameHash } from '../../http/auth.ts';

/** Where Alertmanagers post; a token may follow as one more path segment. */
export const webhookPath = '/api/v1/webhooks/alertmanager';

/** The token and, with basic auth, the name that a request carries. */
interface Credentials {
  name: string | null;
  token: string;
}

/** Finds the source that a request speaks for: bearer, basic (name and token) or, of a webhook, path token; null = nobody we know. */
export function authenticate(
  req: Pick<IncomingMessage, 'headers' | 'url'>,
  snapshot: Pick<Snapshot, 'sourceByTokenHash'>,
): Source | null {
  const credentials = credentialsOf(req);
  if (credentials === null) return null;
  // Looked up by the hash of a secret: how long that takes tells nothing of the secret itself.
  const source = snapshot.sourceByTokenHash.get(hashToken(credentials.token));
  if (source === undefined) return null;
  return credentials.name === null || sameText(credentials.name, source.name) ? source : null;
}

function credentialsOf(req: Pick<IncomingMessage, 'headers' | 'url'>): Credentials | null {
  const header = req.headers.authorization ?? '';
  const bearer = /^Bearer\s+(\S+)\s*$/i.exec(header)?.[1];
  if (bearer !== undefined) return { name: null, token: bearer };
  const basic = /^Basic\s+(\S+)\s*$/i.exec(header)?.[1];
  if (basic !== undefined) return basicCredentials(basic);
  const [path = ''] = (req.url ?? '').split('?');
  const token = path.startsWith(`${webhookPath}/`) ? path.slice(webhookPath.length + 1) : '';
  return token === '' ? null : { name: null, token: decodePath(token) };
}

function basicCredentials(encoded: string): Credentials | null {
  const text = Buffer.from(encoded, 'base64').toString('utf8');
  const colon = text.indexOf(':');
  return colon < 0 ? null : { name: text.slice(0, colon), token: text.slice(colon + 1) };
}

function decodePath(path: string): string {
  try {
    return decodeURIComponent(path.replace(/\/$/, ''));
  } catch {
    return path;
  }
}

function sameText(a: string, b: string): boolean {
  return sameHash(hashToken(a), hashToken(b));
}
