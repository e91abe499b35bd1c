import type { DailyWords } from './daily-words.ts';

const some = (count: number, what: string) => `${count} ${what}${count === 1 ? '' : 's'}`;
const channels: Readonly<Record<string, string>> = {
  email: 'E-mail',
  'wecom-app': 'WeCom app',
  'wecom-robot': 'WeCom rooms',
};
const channelName = (channel: string) => channels[channel] ?? channel;
const mark = (late: boolean) => (late ? ' (sent late)' : '');

/** Daily messages in English. */
export const dailyEn: DailyWords = {
  well: (site) => `All is well at ${site}`,
  unwell: (site, what) => `Not all is well at ${site}: ${what}`,
  wellSubject: (site, late) => `[DAILY] All is well at ${site}${mark(late)}`,
  unwellSubject: (site, what, late) => `[DAILY] Not all is well at ${site}: ${what}${mark(late)}`,
  troubles: ({ own, heartbeats, sources, failed, kept, sites }) => {
    const parts = [
      own > 0 && 'Monitor Manager itself has trouble',
      heartbeats > 0 && `${some(heartbeats, 'heartbeat')} missing`,
      sites > 0 && `${some(sites, 'other site')} not well`,
      sources > 0 && `${some(sources, 'source')} quiet`,
      failed > 0 && `${some(failed, 'message')} not delivered`,
      kept > 0 && `${some(kept, 'message')} reached nobody`,
    ];
    return parts.filter(Boolean).join(', ');
  },
  late: (due, found) => `Sent late: it was due at ${due}, and says how things were at ${found}`,
  absence:
    'This message comes every day. If one day it does not, Monitor Manager or the way to you is broken: look at it then.',
  unwellHeading: (count) => `Not well (${count})`,
  own: (reason, failing) =>
    ({
      schedule_late: 'The watchdog of Monitor Manager does not tick: a lost heartbeat would go unnoticed',
      backlog: 'Messages have been due for more than 5 minutes and nobody has sent them',
      channel_failing: `Nothing has been accepted for more than 5 minutes ${failing.length === 0 ? 'on a channel' : `by ${failing.map(channelName).join(', ')}`}`,
      self_check: 'Monitor Manager has not been able to look for trouble of its own',
    })[reason],
  heartbeats: (total, missing) => `Heartbeats (${total}${missing === 0 ? '' : `, ${missing} missing`})`,
  noHeartbeats: 'None is watched: nobody would notice when a Prometheus goes quiet',
  heartbeat: (state) =>
    ({ pending: 'not armed yet', ok: 'there', late: 'late', lost: 'lost', recovering: 'coming back' })[state],
  lastBeat: (time) => `last beat ${time}`,
  sources: (total, quiet) => `Sources (${total}${quiet === 0 ? '' : `, ${quiet} quiet`})`,
  noSources: 'None is configured: no alert can come in',
  source: (state) => ({ ok: 'posting', quiet: 'quiet', never: 'has never posted' })[state],
  lastPost: (time) => `last post ${time}`,
  sites: (count) => `Other sites (${count})`,
  yesterday: (date) => `Yesterday, ${date}`,
  began: (alerts, incidents) => `${some(alerts, 'alert')} began, ${some(incidents, 'incident')} opened`,
  messages: (channel, sent, failed) =>
    `${channelName(channel)}: ${some(sent, 'message')} sent${failed > 0 ? `, ${failed} not delivered` : ''}`,
  kept: (count) => `Outbox: ${some(count, 'message')} kept, which reached nobody (the channel is not configured)`,
  noMessages: 'No message was sent',
  undelivered: (count) => `${some(count, 'message')} of yesterday could not be delivered`,
  keptYesterday: (count) =>
    `${some(count, 'message')} of yesterday reached nobody: their channel is not configured, and the outbox keeps them`,
  away: (count, lasted) =>
    `Monitor Manager itself was away ${count === 1 ? 'once' : `${count} times`}, for ${lasted}${count === 1 ? '' : ' in all'}`,
  onCall: 'On call now',
  nobody: 'nobody',
  names: (names) => names.join(', '),
};
