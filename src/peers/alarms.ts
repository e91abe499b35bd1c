/** What alarms about peers say. Pure. */
import type { Alarm } from '../alert/alarm.ts';
import { type Labels, labelsOf } from '../alert/labels.ts';
import type { PeerRow } from './rows.ts';
import type { PeerAlert } from './status.ts';

/** What an alarm is made of. */
export interface AlarmFacts {
  /** Name of our own site. */
  own: string;
  row: PeerRow;
}

/** Labels and annotations of an alarm that is out. */
export interface AlarmWords {
  labels: Labels;
  annotations: Labels;
}

const severities: Readonly<Record<PeerAlert, 'critical' | 'warning'>> = {
  PeerDown: 'critical',
  SiteCutOff: 'critical',
  PeerRoadBroken: 'warning',
  PeerNotReady: 'warning',
  PeerClockOff: 'warning',
};

/** The labels of an alarm, which name it for as long as it is out. */
function labels(alertname: PeerAlert, more: Record<string, string>): Labels {
  return labelsOf(Object.entries({ alertname, severity: severities[alertname], ...more }));
}

/** An alarm about a peer. */
export function peerAlarm(alertname: Exclude<PeerAlert, 'SiteCutOff'>, { own, row }: AlarmFacts): AlarmWords {
  const [summary, description] = words[alertname]({ own, row });
  return {
    labels: labels(alertname, { peer: row.name, seen_from: own }),
    annotations: labelsOf(Object.entries({ summary, description })),
  };
}

/** The alarm about ourselves. @param silent names of the peers that do not answer */
export function cutOffAlarm(own: string, silent: readonly string[], wayOut: string | null): AlarmWords {
  const way =
    wayOut === 'closed'
      ? 'Mail server and WeCom cannot be reached from here either.'
      : 'They fell silent together, so it is more likely the road from here than each of them.';
  const description = `${own} gets no answer from ${listed(silent)}. ${way} Nobody there is accused. Check the network of ${own}; until it is well, messages from here may come late.`;
  return {
    labels: labels('SiteCutOff', { site: own }),
    annotations: labelsOf(Object.entries({ summary: `Site ${own} is cut off from the other sites`, description })),
  };
}

const words: Readonly<Record<Exclude<PeerAlert, 'SiteCutOff'>, (facts: AlarmFacts) => [string, string]>> = {
  PeerDown: downWords,
  PeerRoadBroken: ({ own, row }) => [
    `The road between the sites ${own} and ${row.name} is broken`,
    `${row.name} does not answer ${own} ${lastWords(row)}, but it answers ${listed(saying(row, 'reaches'))}. It is alive: check the network between the two sites.`,
  ],
  PeerNotReady: ({ row }) => [
    `Site ${row.name} answers, but cannot do its work`,
    `${whyNotReady(row)} Alerts that only it gets may reach nobody. See its /-/ready and its log.`,
  ],
  PeerClockOff: ({ own, row }) => [
    `The clocks of the sites ${own} and ${row.name} differ by ${spanText(Math.abs(row.clockOffsetMs ?? 0))}`,
    `The clock of ${row.name} is ${(row.clockOffsetMs ?? 0) > 0 ? 'ahead of' : 'behind'} that of ${own}. Times in messages and schedules of one of them are wrong: check the time service (NTP) on both.`,
  ],
};

function downWords({ own, row }: AlarmFacts): [string, string] {
  const others = saying(row, 'does_not');
  const heartbeats = `While it is down, alerts that only it gets reach nobody. Check in this order: its host, its network, the process (log, /-/ready).`;
  if (row.leavingSince !== null)
    return [
      `Site ${row.name} has not returned from an announced restart`,
      `It said at ${timeText(row.leavingSince.toISOString())} that it stops, and has not answered ${own} since. ${heartbeats}`,
    ];
  if (others.length === 0)
    return [
      `Site ${row.name} does not answer: it is down, or the road to it`,
      `${row.name} does not answer ${own} ${lastWords(row)}. There is no other site that could be asked. ${heartbeats}`,
    ];
  return [
    `Site ${row.name} is down`,
    `${row.name} answers neither ${own} ${lastWords(row)} nor ${listed(others)}. ${heartbeats}`,
  ];
}

function saying(row: PeerRow, what: string): string[] {
  return row.evidence.third.filter(({ says }) => says === what).map(({ peer }) => peer);
}

function lastWords({ evidence: { last_ok_at, last_error } }: PeerRow): string {
  return `(last answer ${timeText(last_ok_at)}; now: ${last_error ?? 'nothing'})`;
}

/** A newer version may have reasons that this one does not know. */
function whyNotReady({ status }: PeerRow): string {
  const reasons = (status?.not_ready ?? []).map((reason) => reasonWords[reason]);
  return reasons.length === 0 ? 'Why is not known here.' : `It says why: ${reasons.join('; ')}.`;
}

const reasonWords = {
  database: 'its database takes no write',
  schedule_late: 'its periodic work has stopped',
  backlog: 'messages wait there that nobody sends',
  channel_failing: 'none of its channels reaches anybody',
  self_check: 'its look for trouble of its own has stopped',
  stopping: 'it is stopping',
  status_late: 'it cannot read its own state in time',
} as const;

/** What is said when an alarm has ended. */
export function recoveryWords(alertname: string, { peer, own }: { peer: string; own: string }): Labels {
  const summary = recoveries[alertname]?.(peer, own) ?? `Site ${peer} is well again`;
  return labelsOf([['summary', summary]]);
}

const recoveries: Readonly<Record<string, (peer: string, own: string) => string>> = {
  PeerDown: (peer) => `Site ${peer} answers again`,
  PeerRoadBroken: (peer, own) => `The road between the sites ${own} and ${peer} works again`,
  PeerNotReady: (peer) => `Site ${peer} can do its work again`,
  PeerClockOff: (peer, own) => `The clocks of the sites ${own} and ${peer} agree again`,
  SiteCutOff: (_, own) => `Site ${own} reaches the other sites again`,
};

/** What is said when a site that could not work answers nothing any more that is understood. */
export function unknownWords(peer: string): Labels {
  return labelsOf([['summary', `How site ${peer} fares is not known any more`]]);
}

/** What is said when nobody watches it any more. */
export function withdrawnWords(peer: string): Labels {
  return labelsOf([['summary', `Site ${peer} is no longer watched`]]);
}

/** As the pipeline takes it. */
export function alarmOf({ labels, annotations }: AlarmWords, startsAt: Date, endsAt: Date | null): Alarm {
  return { labels, annotations, startsAt, endsAt, lane: 'watchdog', pinnedGroup: null };
}

function listed(names: readonly string[]): string {
  return names.join(', ');
}

function timeText(time: string | null): string {
  return time === null ? 'never' : `${time.slice(0, 19).replace('T', ' ')} UTC`;
}

function spanText(ms: number): string {
  const seconds = Math.round(ms / 1000);
  return seconds < 120 ? `${seconds} s` : `${Math.round(seconds / 60)} min`;
}
