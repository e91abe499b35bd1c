import type { Report } from '../../alert/alert.ts';
import { Malformed } from './bad-payload.ts';
import { isRecord } from './json.ts';
import { type LabelRules, readAnnotations, readLabels } from './label-set.ts';
import { httpLink } from './link.ts';
import type { ReadPeriod } from './period.ts';

/** What every alert of one request shares. */
export interface AlertContext {
  sourceId: number;
  labelRules: LabelRules;
  maxAnnotationBytes: number;
  arrivedAt: Date;
  externalUrl: string | null;
  groupKey: string;
  readPeriod: ReadPeriod;
}

/** Reads one alert. Its own `fingerprint` is ignored: we compute ours, with the source's labels. */
export function readAlert(alert: unknown, context: AlertContext): Report | Malformed {
  if (!isRecord(alert)) return new Malformed('alert is not an object');
  const identity = readLabels(alert['labels'], context.labelRules);
  if (identity instanceof Malformed) return identity;
  const annotations = readAnnotations(alert['annotations'], context.maxAnnotationBytes);
  if (annotations instanceof Malformed) return annotations;
  const period = context.readPeriod(alert, context.arrivedAt);
  if (period instanceof Malformed) return period;
  return {
    sourceId: context.sourceId,
    fingerprint: identity.fingerprint,
    alertFingerprint: identity.alertFingerprint,
    labels: identity.labels,
    replicaLabels: identity.replicaLabels,
    annotations,
    generatorUrl: httpLink(alert['generatorURL'], context.externalUrl),
    status: period.status,
    startsAt: period.startsAt,
    endsAt: period.endsAt,
    expiresAt: period.expiresAt,
    groupKey: context.groupKey,
    lane: 'normal',
    pinnedGroup: null,
  };
}
