import { count } from './count.ts';

const rate = (n: number) => n.toLocaleString('en', { maximumFractionDigits: 1 });

export const deliveries = {
  title: 'Deliveries',
  lead: 'Every message to every address, newest first.',
  search: 'Name, address, answer or message id',
  channel: 'Channel',
  state: 'State',
  outbox: 'Outbox',
  outboxFor: (channel: string) => `Outbox (${channel})`,
  list: 'Messages',
  to: 'To',
  what: 'Message',
  answer: 'Answer',
  when: 'When',
  none: 'No message yet',
  noneFilter: 'No message fits',
  retry: 'Try now',
  retried: 'It is tried again now',
  attempts: (n: number) => count(n, 'attempt', 'attempts'),
  nextTry: (time: string) => `tried again ${time}`,
  remedy: 'What to do',
  incident: (id: string) => `Incident ${id}`,
  test: 'Test message',
  content: 'The message',
  tries: 'Attempts',
  notWorded: 'It is worded when it is sent.',
  show: 'Show the message and its attempts',
  hide: 'Hide the message',
  noAnswer: 'no answer known',
  kept: 'Kept in the outbox',
  nearLimits: 'Close to a rate limit',
  rateLeft: (left: number, of: number) =>
    `${left.toLocaleString('en')} of ${count(of, 'message', 'messages')} left for now`,
  rateLimited: (n: number) => `${count(n, 'message waits', 'messages wait')} for the limit, what is new joins them`,
  rateHints: {
    minute: (burst: number, perMinute: number) =>
      `Limit of this address: ${burst.toLocaleString('en')} at once, ${rate(perMinute)} a minute come back.`,
    hour: (burst: number, perMinute: number) =>
      `Limit of this address for an hour: ${burst.toLocaleString('en')} at once, ${rate(perMinute * 60)} an hour come back.`,
    smtp_relay: (burst: number, perMinute: number) =>
      `Limit of the mail server, for all addresses together: ${burst.toLocaleString('en')} at once, ${rate(perMinute)} a minute come back.`,
    wecom_app: (burst: number, perMinute: number) =>
      `Limit of the WeCom application, for all members together: ${burst.toLocaleString('en')} at once, ${rate(perMinute * 60)} an hour come back.`,
  },
};
