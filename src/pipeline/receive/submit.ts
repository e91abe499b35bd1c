import type { Alarm } from '../../alert/alarm.ts';
import type { Report } from '../../alert/alert.ts';
import type { Source } from '../../alert/config.ts';
import { fingerprint } from '../../alert/fingerprint.ts';

/** Our own alarms as reports of the source that is this service: from here on they are alerts like any other. */
export function reportsOf(alarms: readonly Alarm[], self: Source): Report[] {
  return alarms.map((alarm): Report => {
    const name = fingerprint(alarm.labels);
    return {
      sourceId: self.id,
      fingerprint: name,
      alertFingerprint: name,
      labels: alarm.labels,
      replicaLabels: null,
      annotations: alarm.annotations,
      generatorUrl: null,
      status: alarm.endsAt === null ? 'firing' : 'resolved',
      startsAt: alarm.startsAt,
      endsAt: alarm.endsAt,
      expiresAt: null,
      groupKey: 'self',
      lane: alarm.lane,
      pinnedGroup: alarm.pinnedGroup ?? (alarm.lane === 'watchdog' ? 'watchdog' : 'self'),
    };
  });
}
