import { hash } from 'node:crypto';
import { BadPayload } from './bad-payload.ts';
import { isRecord, parseJson } from './json.ts';
import { httpLink } from './link.ts';

/** The request around the alerts, of Alertmanager's webhook version 4 or Grafana's version 1. */
export interface Payload {
  /** Name of the receiver in Alertmanager's configuration, unescaped. */
  receiver: string;
  externalUrl: string | null;
  /** 16 hex digits that name the group that was notified, and the receiver. */
  groupKey: string;
  /** How many alerts `max_alerts` cut off; 0 = complete. */
  truncatedAlerts: number;
  alerts: readonly unknown[];
}

/**
 * Decodes a body. Fields that are unknown are ignored, those that are not needed may be missing.
 *
 * @throws BadPayload when it is not JSON, or not such a webhook
 */
export function decodePayload(body: Buffer | string): Payload {
  const payload = parseJson(body, 'Alertmanager webhooks');
  if (Array.isArray(payload)) {
    throw new BadPayload(
      'body is a list, as for /api/v2/alerts, where sources of kind prometheus post; this path takes Alertmanager webhooks',
    );
  }
  if (!isRecord(payload)) throw new BadPayload('body is not a JSON object; this path takes Alertmanager webhooks');
  checkVersion(payload['version']);
  const { alerts, truncatedAlerts } = payload;
  if (!Array.isArray(alerts)) throw new BadPayload('"alerts" is not a list; this path takes Alertmanager webhooks');
  const receiver = unquoteMeta(textOf(payload['receiver']));
  return {
    receiver,
    externalUrl: httpLink(payload['externalURL'], null),
    groupKey: shortHash(JSON.stringify([textOf(payload['groupKey']), receiver])),
    truncatedAlerts: Number.isSafeInteger(truncatedAlerts) ? Math.max(0, Number(truncatedAlerts)) : 0,
    alerts,
  };
}

function checkVersion(version: unknown): void {
  if (version === '4' || version === '1') return;
  if (version === undefined) {
    throw new BadPayload('"version" is missing: use the standard webhook body, without a custom payload');
  }
  const shown = typeof version === 'string' && /^[\w.]{1,8}$/.test(version) ? `"${version}"` : `a ${typeof version}`;
  throw new BadPayload(`"version" is ${shown}; only "4" (Alertmanager) and "1" (Grafana) are understood`);
}

function textOf(value: unknown): string {
  return typeof value === 'string' ? value : '';
}

/** Undoes Go's regexp.QuoteMeta, which Alertmanager applies to the receiver's name. */
function unquoteMeta(text: string): string {
  return text.replace(/\\([\\.+*?()|[\]{}^$])/g, '$1');
}

function shortHash(text: string): string {
  return hash('sha256', text).slice(0, 16);
}
