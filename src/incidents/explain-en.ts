import {
  countOf,
  inhibitionsOf,
  mutedBy,
  nameOf,
  type Sentences,
  type StepFacts,
  silencesOf,
  textOf,
  timeOf,
} from './explain-words.ts';

const source = (s: StepFacts) => (s.source === null ? 'A source' : `Source ${s.source}`);
const who = (s: StepFacts) => (s.destination === null ? 'the destination' : nameOf(s.destination));
const Who = (s: StepFacts) => (s.destination === null ? 'The destination' : nameOf(s.destination));
const incident = (s: StepFacts) => (s.incidentId === null ? 'the incident' : `incident ${s.incidentId}`);
const group = (s: StepFacts) => (s.group === null ? 'an alert group' : `alert group ${s.group}`);
const message = (s: StepFacts) => (s.notificationId === null ? 'The message' : `Message ${s.notificationId}`);

const at = (s: StepFacts, key: string, before: string) => {
  const time = timeOf(s, key);
  return time === null ? '' : ` ${before} ${time}`;
};
const answer = (s: StepFacts) => {
  const text = textOf(s, 'answer');
  return text === null ? '' : `: ${text}`;
};
const attempt = (s: StepFacts) => (countOf(s, 'attempt') > 1 ? ` (attempt ${countOf(s, 'attempt')})` : '');
const numbers = (s: StepFacts) => {
  const [fresh, resolved, still] = [countOf(s, 'fresh'), countOf(s, 'resolved'), countOf(s, 'still_firing')];
  return `${fresh} new, ${resolved} resolved, ${still} still firing`;
};

const silencesText = (s: StepFacts) => {
  const texts = silencesOf(s).map(({ name, interval, until }) => {
    const by = interval === null ? '' : ` (time interval ${interval})`;
    return `silence${name === null ? '' : ` ${name}`}${by}${until === null ? '' : ` until ${until}`}`;
  });
  return texts.length === 0 ? null : texts.join(' and ');
};
const inhibitionsText = (s: StepFacts) => {
  const texts = inhibitionsOf(s).map(
    ({ rule, alert }) => `${alert ?? 'another alert'}${rule === null ? '' : ` (inhibition rule ${rule})`}`,
  );
  return texts.length === 0 ? null : texts.join(' and ');
};
const leftOut = (s: StepFacts) => {
  const hidden = silencesText(s);
  const inhibited = inhibitionsText(s);
  return [
    hidden === null ? '' : ` The rest is hidden by ${hidden}.`,
    inhibited === null ? '' : ` ${hidden === null ? 'The rest' : 'Some of it'} is inhibited by ${inhibited}.`,
  ].join('');
};

const mutedWords = (s: StepFacts) => {
  const interval = mutedBy(s);
  return interval ? `mute time ${interval} keeps ${group(s)} quiet` : `${group(s)} is outside of its active times`;
};

/** With what else it shares its message, when it was kept back or gathered. */
const together = (s: StepFacts) => {
  const key = textOf(s, 'together') ?? '';
  if (/^storm\/\d+$/.test(key)) return `, in one message with the rest of the storm in ${group(s)}`;
  if (key === 'storm/critical') return ', in one message with what else was critical in the same three seconds';
  if (key === 'digest') return ', in one message with the rest of the digest';
  return key === '' ? '' : ', in one message with what the quiet hours kept back';
};

const outboxed = (s: StepFacts) => s.destination?.channel === 'outbox';
const tells = (what: string) => (s: StepFacts) =>
  `${Who(s)} ${outboxed(s) ? 'would be' : 'is'} told ${what} ${incident(s)}: ${numbers(s)}${together(s)}.${leftOut(s)}`;
const waits = (why: string) => (s: StepFacts) => `${Who(s)} waits${at(s, 'until', 'until')}: ${why}.`;
const silent = (why: string) => (s: StepFacts) => `${Who(s)} is not told: ${why}.`;

/** What comes of a failed attempt; see `FailureKind` of the channels. */
const consequences: Readonly<Record<string, string>> = {
  permanent: 'it was given up and the admins were alarmed',
  config: 'somebody has to change a setting; it is tried again slowly',
  in_doubt: 'it may have arrived, so the same message is sent once more',
};
const failed = (what: string) => (s: StepFacts) => {
  const then =
    consequences[textOf(s, 'outcome') ?? ''] ?? 'it is tried again later if there is still something to tell';
  return `${message(s)} to ${who(s)} was not accepted${attempt(s)}, because ${what}${answer(s)}; ${then}.`;
};

/** The sentences in English. */
export const en: Sentences = {
  new_alert: (s) => `${source(s)} reported for the first time that it fires${at(s, 'starts_at', 'since')}.`,
  new_reporter: (s) => `${source(s)} reports it too.`,
  fired_again: (s) => `${source(s)} reported that it fires again${at(s, 'starts_at', 'since')}.`,
  repeated: (s) => `${source(s)} repeated what was known; nothing changed.`,
  start_shifted: (s) => `${source(s)} reported another start${at(s, 'starts_at', 'at')}; the episode goes on.`,
  resolved: (s) =>
    s.source === null
      ? `It ended (episode ${countOf(s, 'episode')}): it was reported as resolved, and nobody reports it as firing.`
      : `${source(s)} reported it as resolved${at(s, 'ends_at', 'at')}.`,
  repeated_resolved: (s) => `${source(s)} repeated that it is resolved; nothing changed.`,
  late_firing: (s) =>
    `${source(s)} reported it as firing, but the report was older than its known end; it stays ended.`,
  late_resolved: (s) =>
    `${source(s)} reported an end${at(s, 'ends_at', 'at')} that lies before the start of this firing; it goes on.`,
  resolved_unknown: (s) => `${source(s)} reported the end of something that it had never reported as firing.`,
  malformed: (s) => `${source(s)} sent something that could not be understood; it is in the quarantine.`,
  found_by_poll: (s) =>
    `Polls showed${at(s, 'since', 'since')} that an Alertmanager of ${source(s)} holds it, but no post came: it was taken from there.`,
  absent_in_polls: (s) =>
    `Polls showed${at(s, 'since', 'since')} that no Alertmanager of ${source(s)} holds it any more, but no post of its end came: it counts as resolved.`,
  firing: (s) => `It has been firing${at(s, 'since', 'since')} (episode ${countOf(s, 'episode')}).`,
  stale: () => 'All sources that reported it have gone quiet: it counts as stale, and its incident stays open.',
  expired: () => 'Nobody has reported it for too long: it counts as expired (no longer reported).',
  matched: (s) => `It matched ${group(s)} and came into ${incident(s)}.`,
  unrouted: (s) =>
    `No alert group matched it: it came into ${incident(s)} of the built-in group ${s.group ?? 'unrouted'}.`,
  pinned: (s) => `It is an alarm of Monitor Manager itself, for ${group(s)}, and came into ${incident(s)}.`,
  rerouted: (s) => `An edit of the alert groups moved it out of ${incident(s)}; nobody is told of the move.`,
  opened: tells('for the first time of'),
  changed: tells('of what changed in'),
  repeat: tells('once more, as a reminder, of'),
  escalated,
  resolved_all: tells('of the end of'),
  summary: tells('everything in one message, because its channel has just been configured, about'),
  group_wait: waits('group_wait gathers alerts that belong together'),
  group_interval: waits('group_interval has to pass after the last message of this incident'),
  repeat_interval: waits('there is nothing new, and the reminder is due after repeat_interval'),
  already_told: (s) => silent(`this was told already${at(s, 'told_at', 'at')}`)(s),
  nothing_new: silent('there is nothing new'),
  resolved_before_told: silent('what there was to tell has ended before it was told'),
  inhibited: (s) => silent(`what there is to tell is inhibited by ${inhibitionsText(s) ?? 'another alert'}`)(s),
  silenced: (s) => silent(`what there is to tell is hidden by ${silencesText(s) ?? 'a silence'}`)(s),
  muted: (s) => `${Who(s)} waits${at(s, 'until', 'until')}: ${mutedWords(s)}.`,
  for: waits('it has to fire that long (for) before anybody is told'),
  keep_firing_for: waits('it has ended, and counts as firing for a while yet (keep_firing_for)'),
  flapping: waits('it comes and goes too often; that was told, and what comes next is told when it is calm'),
  storm: waits('a storm in the alert group: what is not critical is told together, in intervals'),
  quiet_hours: waits('it is not critical, and is told when the quiet hours of the alert group end'),
  digest: waits('what is not critical comes in a digest at the times that this contact has chosen'),
  acknowledged,
  new_member: waits('it became a member after the others were told, and hears of the next change or reminder'),
  not_a_member: (s) => {
    const step = countOf(s, 'step');
    if (step > 0)
      return silent(`only escalation step ${step} of the alert group names it, and that was not reached`)(s);
    return silent(`it is not a member of the alert group${s.detail['never'] === true ? '' : ' any more'}`)(s);
  },
  send_resolved_off: silent('the alert group does not tell of ends (send_resolved is off)'),
  no_address: silent('it has no address on this channel'),
  nobody: (s) => `Nobody is told: ${group(s)} has neither members nor rooms.`,
  open_notification: silent('an earlier message of this incident is still on its way'),
  undeliverable: silent(
    'an earlier message about it could not be delivered, and nobody has armed the destination again',
  ),
  reopened: (s) => `${capital(incident(s))} was opened again, because it fired again within group_interval.`,
  closed: (s) =>
    s.detail['moved'] === true
      ? `${capital(incident(s))} closed: an edit of the alert groups moved its alerts out of it.`
      : `${capital(incident(s))} closed: every alert in it has ended, and everybody has been told.`,
  silence_ends: (s) => `${Who(s)} is reminded that a silence ends.`,
  silence_ended: (s) => `${Who(s)} is told what still fires after a silence.`,
  hand_over: (s) => `${Who(s)} comes on call, and is sent what is open.`,
  daily_message: (s) => `${Who(s)} is sent the daily message.`,
  storm_over: (s) => `${Who(s)} is told that a storm is over.`,
  accepted,
  merged: (s) => `What ${message(s).toLowerCase()} had to tell ${who(s)} was sent in one message with other news.`,
  rate_limit: (s) =>
    waits(
      `the rate limit of this destination is used up${s.detail['unread'] === true ? '; what there is to tell is looked at when its turn comes' : ''}`,
    )(s),
  retry: (s) => `${message(s)} to ${who(s)} was refused for now${answer(s)}; it is decided again later.`,
  in_doubt: (s) =>
    `${message(s)} to ${who(s)} was sent${attempt(s)}, but no answer is known; if none comes, the same message is sent again.`,
  late_acceptance: (s) =>
    `${message(s)} to ${who(s)} was accepted${answer(s)}, after another process had taken it over; it may arrive twice.`,
  told_directly: (s) =>
    `${Who(s)} was told by the last road, while the database was away${at(s, 'away_since', 'since')}${answer(s)}.`,
  network: failed('the provider could not be reached'),
  timeout: failed('the provider did not answer in time'),
  provider_busy: failed('the provider was busy'),
  rate_limited_by_provider: failed('the provider limits the rate'),
  bad_credentials: failed('the provider refused our credentials'),
  not_allowed: failed('the provider does not allow it'),
  bad_recipient: failed('the provider does not know the recipient'),
  bad_content: failed('the provider refused the content'),
  misconfigured: failed('the channel is not configured correctly'),
  provider_error: failed('the provider reported an error'),
  heartbeat_lost: (s) => `${source(s)} has sent no heartbeat for too long.`,
  heartbeat_resolved: (s) => `${source(s)} reported a heartbeat as resolved, although it must always fire.`,
  heartbeat_recovered: (s) => `The heartbeat from ${s.source === null ? 'a source' : `source ${s.source}`} is back.`,
};

/** A step is reached, or somebody is told because one is. */
function escalated(s: StepFacts): string {
  const step = countOf(s, 'step');
  if (s.destination !== null) return tells(`by escalation step ${step}, because nobody acknowledged it, of`)(s);
  return `Nobody has acknowledged ${incident(s)} for ${textOf(s, 'after') ?? 'too long'}: escalation step ${step} is reached.`;
}

function acknowledged(s: StepFacts): string {
  const by = textOf(s, 'by');
  if (by === null) return silent('the incident is acknowledged, so there are no reminders')(s);
  if (s.detail['taken_back'] === true) return `${by} unacknowledged ${incident(s)}.`;
  const comment = textOf(s, 'comment');
  return `${by} acknowledged ${incident(s)}${comment === null ? '' : ` ("${comment}")`}: no reminders until it closes.`;
}

function capital(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}

/** The outbox stands in for a channel that is not configured: nothing has left the house. */
function accepted(s: StepFacts): string {
  if (outboxed(s)) return `${message(s)} to ${who(s)} was not sent${answer(s)}.`;
  return `${message(s)} to ${who(s)} was accepted by the provider${attempt(s)}${answer(s)}.`;
}
