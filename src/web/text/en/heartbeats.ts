export const heartbeats = {
  title: 'Heartbeats',
  lead: 'Each row is an alert that must always fire. When one stays away, the monitoring itself is broken.',
  name: 'Heartbeat',
  source: 'Source',
  state: 'State',
  last: 'Last beat',
  left: 'Time left',
  cadence: 'Every',
  timeout: 'Lost after',
  none: 'No heartbeat yet',
  noneHint:
    'Route an always-firing alert such as Watchdog here every minute. It is armed after three beats, without any setting.',
  discovered: 'discovered',
  filter: 'Filter heartbeats',
  overdue: 'overdue',
  notArmed: 'not armed',
  counts: { lost: 'lost', late: 'late', recovering: 'coming back', ok: 'alive', pending: 'not armed' },
};
