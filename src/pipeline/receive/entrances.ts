/** The two ways in: one for each kind of source. */
import type { IncomingMessage } from 'node:http';
import type { Source } from '../../alert/config.ts';
import { webhookPath } from './authenticate.ts';
import { type ParseContext, type ParsedPost, parsePostedAlerts, parseWebhook } from './parse.ts';

/**
 * Where a Prometheus posts: the path of Alertmanager's API, which it has built in
 * (https://github.com/prometheus/alertmanager/blob/v0.25.0/api/v2/openapi.yaml).
 */
const postedPath = '/api/v2/alerts';

/** A way in. */
export interface Entrance {
  /** Of the sources that may use it. */
  kind: Source['kind'];
  parse: (body: Buffer, context: ParseContext) => ParsedPost;
  /** Where the token may stand. */
  tokenHint: string;
  /** How to make a body smaller. */
  sizeHint: string;
}

const webhook: Entrance = {
  kind: 'alertmanager',
  parse: parseWebhook,
  tokenHint: 'as bearer, as basic auth or in the path',
  sizeHint: 'set max_alerts or group_by so that groups are smaller',
};
const posted: Entrance = {
  kind: 'prometheus',
  parse: parsePostedAlerts,
  tokenHint: 'as bearer or as basic auth',
  sizeHint: 'send fewer alerts at once',
};

/** The way in that a request asks for, null when it is for somebody else: the alerts are read at one of these paths too. */
export function entranceOf({ url, method }: Pick<IncomingMessage, 'url' | 'method'>): Entrance | null {
  const path = (url ?? '').split('?')[0] ?? '';
  if (path === webhookPath || path.startsWith(`${webhookPath}/`)) return webhook;
  return path === postedPath && method === 'POST' ? posted : null;
}

/**
 * Why a source may not come this way, null when it may. Both ways take the same labels, but differ in what silence means:
 * what comes by the wrong one would expire too late or too soon.
 */
export function wrongWay({ name, kind }: Source, entrance: Entrance): string | null {
  if (kind === entrance.kind) return null;
  const path = kind === 'prometheus' ? postedPath : webhookPath;
  return `source ${name} is of kind ${kind}, which posts to ${path}; for this path set kind: ${entrance.kind}`;
}
