import type { Report } from '../../alert/alert.ts';
import type { Source } from '../../alert/config.ts';
import { type AlertContext, readAlert } from './alert.ts';
import { Malformed } from './bad-payload.ts';
import { excerptOf } from './excerpt.ts';
import { defaultLimits, type ParseLimits } from './limits.ts';
import { decodePayload } from './payload.ts';
import { storable } from './text.ts';

export { BadPayload } from './bad-payload.ts';

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
export interface ParsedWebhook {
  /** In the order of the request; equal label sets stay apart, dedupe settles them. */
  reports: Report[];
  quarantined: QuarantinedAlert[];
  /** How many alerts the sender left out; when above 0, nothing follows from an alert's absence. */
  truncatedAlerts: number;
  /** http or https, or null. Not to be trusted: it is what the sender believes. */
  externalUrl: string | null;
  receiver: string;
}

/**
 * Reads the body of an Alertmanager webhook. A malformed alert does not spoil the others.
 *
 * @throws BadPayload when the body as a whole is not understood
 */
export function parseWebhook(body: Buffer | string, context: ParseContext): ParsedWebhook {
  const { alerts, ...payload } = decodePayload(body);
  const limits = context.limits ?? defaultLimits;
  const shared: AlertContext = {
    sourceId: context.source.id,
    labelRules: {
      sourceLabels: Object.entries(context.source.labels).filter(([, text]) => text !== ''),
      ignoreLabels: context.ignoreLabels,
      maxBytes: limits.labelBytes,
    },
    maxAnnotationBytes: limits.annotationBytes,
    arrivedAt: context.arrivedAt,
    externalUrl: payload.externalUrl,
    groupKey: payload.groupKey,
  };
  return {
    ...readAlerts(alerts, shared, limits),
    truncatedAlerts: payload.truncatedAlerts,
    externalUrl: payload.externalUrl,
    receiver: storable(payload.receiver),
  };
}

function readAlerts(
  alerts: readonly unknown[],
  context: AlertContext,
  limits: ParseLimits,
): Pick<ParsedWebhook, 'reports' | 'quarantined'> {
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
