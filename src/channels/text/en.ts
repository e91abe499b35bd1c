/** English. */
import { beatsEn } from './beats-en.ts';
import { noticeEn } from './notice-en.ts';
import { siteEn } from './site-en.ts';
import type { Counts, Words } from './words.ts';

const units = { day: 'd', hour: 'h', minute: 'min', second: 's' } as const;
const plural = (count: number, one: string, many: string) => `${count} ${count === 1 ? one : many}`;

function delta({ fresh, again, flapping, resolved, expired, still }: Counts): string {
  const ended = resolved + expired > 0 && fresh + again + flapping + still === 0;
  const parts = [
    fresh > 0 && `+${fresh} new`,
    again > 0 && `+${again} fired again`,
    flapping > 0 && `${flapping} flapping`,
    resolved > 0 && `−${resolved} resolved`,
    expired > 0 && `−${expired} no longer reported`,
    still > 0 && `${still} still firing`,
    ended && (expired > 0 ? 'none still reported' : 'all clear'),
  ];
  return parts.filter(Boolean).join(', ') || 'no change';
}

/** The English table. */
export const en: Words = {
  tag: 'en',
  intl: 'en-GB',
  delta,
  storm: (group, alerts, since, news) => `STORM in ${group}, ${alerts} alerts since ${since}: ${news}`,
  stormOver: (group, alerts, duration, news) => `Storm in ${group} is over, ${alerts} alerts in ${duration}: ${news}`,
  stormSubject: (group) => `STORM in ${group}`,
  stormAdvice: (interval) =>
    `While it lasts, what is not critical comes in one message every ${interval}. Critical alerts come at once.`,
  top: (label, values, others) =>
    `By ${label}: ${[...values.map(([value, count]) => `${value} ${count}`), ...(others > 0 ? [`others ${others}`] : [])].join(', ')}`,
  afterQuietHours: (news) => `After quiet hours: ${news}`,
  quietHoursSubject: 'after quiet hours',
  digest: (news) => `Digest: ${news}`,
  digestSubject: 'digest',
  reminder: (still) => `Reminder: ${still} still firing`,
  opened: ({ fresh, again, flapping, still }, incidents) =>
    `${plural(incidents, 'incident', 'incidents')} open, ${plural(fresh + again + flapping + still, 'alert', 'alerts')} firing`,
  incidents: (count) => plural(count, 'incident', 'incidents'),
  severity: (value) => value.toUpperCase(),
  ...beatsEn,
  site: siteEn,
  test: (site) => `Test message from Monitor Manager at site ${site}: this channel works`,
  testSubject: (site) => `[TEST] Monitor Manager at site ${site}`,
  since: (time, duration) => `since ${time} (${duration})`,
  resolvedAt: (time, duration) => `resolved ${time} after ${duration}`,
  expiredAt: (time, duration) => `no longer reported since ${time}, fired for ${duration}`,
  calmed: ', no longer flapping',
  freshHeading: (count) => `New (${count})`,
  againHeading: (count) => `Fired again (${count})`,
  flappingHeading: (count) => `Flapping, quiet until calm (${count})`,
  resolvedHeading: (count) => `Resolved (${count})`,
  expiredHeading: (count) => `No longer reported (${count})`,
  stillHeading: (count) => `Still firing (${count})`,
  firingHeading: (count) => `Firing (${count})`,
  lostHeading: (count) => `Lost heartbeats (${count})`,
  backHeading: (count) => `Back (${count})`,
  more: (count) => `… and ${count} more`,
  moreIncidents: (count) => `… and ${plural(count, 'more incident', 'more incidents')}`,
  allShare: (labels) => `All: ${labels}`,
  acknowledgedBy: (name) => `Acknowledged by ${name}`,
  escalated: (duration) => `Nobody has acknowledged this for ${duration}`,
  alertGroup: (name) => `Alert group ${name}`,
  labelled: (label, url) => `${label}: ${url}`,
  incidentLink: 'Open incident',
  pageLink: 'Open Monitor Manager',
  sourceLink: 'Query',
  runbookLink: 'Runbook',
  sentBy: (site, zone) => `Monitor Manager, site ${site} · times in ${zone}`,
  notice: noticeEn,
  duration: (amounts) => amounts.map(([amount, unit]) => `${amount} ${units[unit]}`).join(' '),
};
