import { count } from './count.ts';

const critical = (n: number) => (n === 0 ? '' : `, ${n.toLocaleString('en')} critical`);

export const silences = {
  title: 'Silences',
  lead: 'What matches reaches nobody. Watchdog alarms are never silenced.',
  add: 'New silence',
  state: 'State',
  states: { active: 'Active', pending: 'Planned', expired: 'Ended' },
  pauses: 'Pauses',
  changes: (active: boolean, at: string) => (active ? `hides until ${at}` : `hides again from ${at}`),
  counted: (state: string, n: number) => `${state} (${n.toLocaleString('en')})`,
  none: {
    active: 'Nothing is silenced',
    pending: 'No silence is planned',
    expired: 'No silence has ended in the last 7 days',
  },
  noneHint: 'Every alert reaches whom its alert group names.',
  by: (name: string) => `by ${name}`,
  until: (time: string) => `until ${time}`,
  fromTo: (from: string, to: string) => `from ${from} to ${to}`,
  endedAt: (time: string) => `ended ${time}`,
  active: (n: number, bad: number) => `hides ${count(n, 'alert', 'alerts')} now${critical(bad)}`,
  pending: (n: number, bad: number) => `would hide ${count(n, 'alert', 'alerts')} now${critical(bad)}`,
  end: 'End now',
  endTitle: 'End this silence now?',
  endHint: 'What it hides is told from now on. The silence stays in the list of those that have ended.',
  endHintManaged:
    'What it hides is told from now on. A file made this silence: the next apply makes it again while it stands there.',
  ended: 'The silence has ended',
  extend: 'Extend',
  byHours: (n: number) => `by ${count(n, 'hour', 'hours')}`,
  untilTime: 'until…',
  extended: (time: string) => `Silenced until ${time}`,
  notPast: 'Choose a time that is still to come.',
  again: 'Silence again',
  ends: 'Ends',
  who: 'Made by',
};
