import { count } from './count.ts';

const n = (value: number) => value.toLocaleString('en');

interface Criticals {
  later?: number;
  never: number;
}

const criticals = ({ later = 0, never }: Criticals) =>
  later + never === 0 ? 'no critical alert later or never' : `critical alerts: ${n(later)} later, ${n(never)} never`;

export const noise = {
  title: 'Noise',
  lead: 'What made most messages, how often and how briefly it fired, and what would make it quieter.',
  since: 'Time',
  spans: { '1d': '1 day', '7d': '7 days', '14d': '14 days' },
  none: 'No messages in this time',
  noneHint: 'Watchdog alarms are not listed: nothing may keep them back.',
  alert: 'Alert and its group',
  messages: 'Messages',
  episodes: 'Fired',
  lasted: 'Lasted',
  acknowledged: 'Acknowledged',
  proposal: 'Proposal',
  median: (time: string) => `half of them under ${time}`,
  short: (share: string) => `${share} under 2 min`,
  noneEnded: 'none has ended',
  ofIncidents: (acknowledged: number, incidents: number) =>
    `${n(acknowledged)} of ${count(incidents, 'incident', 'incidents')}`,
  noProposal: 'None',
  lasts: (time: string, { shorter, told, ...rest }: { shorter: number; told: number } & Criticals) =>
    `Tell only what lasts ${time}: ${n(shorter)} of ${n(told)} that were told were over sooner. In the whole alert group ${criticals(rest)}.`,
  flapping: (of: { changes: number; within: string; quick: number; alerts: number; never: number }) =>
    `Quieten what flaps: ${count(of.quick, 'begin or end', 'begins and ends')} of ${count(of.alerts, 'alert', 'alerts')} came when there had been more than ${n(of.changes)} within ${of.within}. In the whole alert group ${criticals(of)}.`,
  grouped: (of: { by: string; drops: string; incidents: number; after: number }) =>
    `One incident for each ${of.by}, without ${of.drops}: ${count(of.incidents, 'incident', 'incidents')} would have been ${n(of.after)}.`,
  backtest: 'Backtest',
  edit: 'Edit as draft',
  managed: 'This alert group comes from a file: change it there.',
  underWay: (share: string) => `The last days are replayed: ${share}`,
  outcome: (span: string, messages: { before: number; after: number }, of: Criticals) =>
    `All messages of ${span}: ${n(messages.before)} → ${n(messages.after)}; ${criticals(of)}.`,
  draft: 'Proposed by the noise report, and not saved yet:',
};
