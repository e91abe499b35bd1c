import type { Report } from '../../alert/alert.ts';
import type { Source } from '../../alert/config.ts';
import { type AlertContext, readAlert } from './alert.ts';
import { BadPayload, Malformed } from './bad-payload.ts';
import { excerptOf } from './excerpt.ts';
import { parseJson } from './json.ts';
import { defaultLimits, type ParseLimits } from './limits.ts';
import { decodePayload } from './payload.ts';
import { postedPeriod, webhookPeriod } from './period.ts';
import { storable } from './text.ts';

export { BadPayload };

/** What is known of a request besides its body. */
export interface ParseContext {
  source: Source;
  /** Replica labels: they name the reporter, not the alert. */
  ignoreLabels: ReadonlySet<string>;
  arrivedAt: Date;
  limits?: ParseLimits;
}

/** A malformed alert of an otherwise good request. */
export interface QuarantinedAlert {
  reason: string;
  /** Its place in the request, from 0. */
  index: number;
  /** Bounded piece of what came; valid UTF-8 without NUL. */
  excerpt: string;
}

/** What one request said. */
export interface ParsedPost {
  /** In the order of the request; equal label sets stay apart, dedupe settles them. */
  reports: Report[];
  quarantined: QuarantinedAlert[];
  /** How many alerts the sender left out; when above 0, nothing follows from an alert's absence. */
  truncatedAlerts: number;
  /** http or https, or null. Not to be trusted: it is what the sender believes. */
  externalUrl: string | null;
  /** Of Alertmanager's configuration; null: there was no Alertmanager. */
  receiver: string | null;
}

/**
 * Reads the body of an Alertmanager webhook. A malformed alert does not spoil the others.
 *
 * @throws BadPayload when the body as a whole is not understood
 */
export function parseWebhook(body: Buffer | string, context: ParseContext): ParsedPost {
  const { alerts, ...payload } = decodePayload(body);
  const limits = context.limits ?? defaultLimits;
  const { externalUrl, groupKey } = payload;
  const shared = { ...sharedBy(context, limits), externalUrl, groupKey, readPeriod: webhookPeriod };
  return {
    ...readAlerts(alerts, shared, limits),
    truncatedAlerts: payload.truncatedAlerts,
    externalUrl,
    receiver: storable(payload.receiver),
  };
}

/**
 * Reads a list of alerts as `POST /api/v2/alerts` of Alertmanager takes it, which is how a Prometheus sends. A malformed
 * alert does not spoil the others.
 *
 * @throws BadPayload when the body as a whole is not understood
 */
export function parsePostedAlerts(body: Buffer | string, context: ParseContext): ParsedPost {
  const alerts = parseJson(body, 'a list of alerts, as Prometheus sends them');
  if (!Array.isArray(alerts)) {
    throw new BadPayload(
      'body is not a list of alerts; Alertmanager webhooks go to /api/v1/webhooks/alertmanager, with the token of a source of kind alertmanager',
    );
  }
  const limits = context.limits ?? defaultLimits;
  const shared = { ...sharedBy(context, limits), externalUrl: null, groupKey: 'prometheus', readPeriod: postedPeriod };
  return { ...readAlerts(alerts, shared, limits), truncatedAlerts: 0, externalUrl: null, receiver: null };
}

function sharedBy(
  { source, ignoreLabels, arrivedAt }: ParseContext,
  limits: ParseLimits,
): Pick<AlertContext, 'sourceId' | 'labelRules' | 'maxAnnotationBytes' | 'arrivedAt'> {
  return {
    sourceId: source.id,
    labelRules: {
      sourceLabels: Object.entries(source.labels).filter(([, text]) => text !== ''),
      ignoreLabels,
      maxBytes: limits.labelBytes,
    },
    maxAnnotationBytes: limits.annotationBytes,
    arrivedAt,
  };
}

function readAlerts(
  alerts: readonly unknown[],
  context: AlertContext,
  limits: ParseLimits,
): Pick<ParsedPost, 'reports' | 'quarantined'> {
  const reports: Report[] = [];
  const quarantined: QuarantinedAlert[] = [];
  alerts.forEach((alert, index) => {
    const read = readAlert(alert, context);
    if (!(read instanceof Malformed)) reports.push(read);
    else if (quarantined.length < limits.quarantined) {
      quarantined.push({ reason: read.reason, index, excerpt: excerptOf(alert, limits.excerptBytes) });
    }
  });
  const others = alerts.length - reports.length - quarantined.length;
  const last = quarantined.at(-1);
  if (last !== undefined && others > 0) last.reason += `; and ${others} more malformed alerts in this request`;
  return { reports, quarantined };
}
