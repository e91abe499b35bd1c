import { count } from './count.ts';

export const silence = {
  title: 'New silence',
  lead: 'Alerts that match all of these reach nobody until the silence ends. Watchdog alarms are never silenced.',
  matchers: 'Matchers',
  addMatcher: 'Add a matcher',
  removeMatcher: (text: string) => `Remove ${text}`,
  matcherName: 'Label',
  matcherOp: 'Operator',
  matcherValue: 'Value',
  duration: 'For how long',
  hours: (n: number) => (n % 24 === 0 ? count(n / 24, 'day', 'days') : count(n, 'hour', 'hours')),
  until: (time: string) => `Until ${time}`,
  comment: 'Why',
  commentPlaceholder: 'Maintenance of db-1, ticket 4711',
  commentNeeded: 'Say why: whoever is woken next will ask.',
  matchersNeeded: 'At least one matcher is needed.',
  create: 'Silence',
  done: (time: string) => `Silenced until ${time}`,
  preview: (alerts: number, critical: number) =>
    `Hides ${count(alerts, 'alert', 'alerts')} now, ${critical.toLocaleString('en')} of them critical.`,
  previewNone: 'Hides nothing that fires now.',
  hidesAll: 'This would hide everything critical. Only an admin can confirm that.',
  confirmAll: 'I know that this hides every critical alert',
};
