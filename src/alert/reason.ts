/**
 * The named cause of a decision: the same word in the database, the log, the metrics, the API and the page.
 * A closed union: a decision that needs a new cause adds its word here.
 */
export const reasons = [
  // dedupe: what a report was
  'new_alert', // no reporter had said anything about this alert
  'new_reporter', // another source, or another replica, says it too
  'fired_again', // began again after it had resolved
  'repeated', // the same report once more
  'start_shifted', // still the same episode, with another startsAt
  'resolved', // the reporter says that it ended
  'repeated_resolved', // the same end once more
  'late_firing', // older than the end that we know
  'late_resolved', // older than the start that we know
  'resolved_unknown', // the end of something that never was reported as firing
  'malformed', // quarantined
  // polls: a report that its source did not post
  'found_by_poll', // its Alertmanager holds an alert that was not posted
  'absent_in_polls', // no Alertmanager of its source holds it any more, and its end was not posted
  // the alert's own state
  'firing',
  'stale', // all its sources are quiet
  'expired', // no longer reported
  // route
  'matched',
  'unrouted', // no alert group matches
  'pinned', // sent to one alert group by whoever submitted it
  'rerouted', // an edit moved it to another alert group
  // converge
  'opened',
  'changed',
  'repeat',
  'escalated', // nobody acknowledged it for so long: the next are told
  'resolved_all',
  'summary', // first message on a channel that has just been configured
  'group_wait',
  'group_interval',
  'repeat_interval',
  'already_told',
  'nothing_new',
  'resolved_before_told',
  'silenced',
  'inhibited',
  'muted', // by a mute time, or outside of the active times
  'for', // it has not fired long enough
  'keep_firing_for', // it has ended, and that does not count yet
  'flapping', // it comes and goes too often: that was told, and nothing more until it is calm
  'storm', // too much begins at once: it is told together, in intervals
  'quiet_hours', // it is not critical, and is told when they end
  'digest', // it is not critical, and the recipient gets that at times of day
  'acknowledged',
  'new_member',
  'not_a_member',
  'send_resolved_off',
  'no_address',
  'nobody', // the alert group has neither members nor rooms
  'open_notification',
  'undeliverable',
  'reopened',
  'closed',
  // notices
  'silence_ends', // its owner is reminded
  'silence_ended', // by itself, and something that it hid still fires
  'hand_over', // somebody comes on call
  'storm_over', // and nothing was left to be told with that
  'daily_message', // once a day, that all is well
  // deliver
  'accepted',
  'merged', // carried by another notification to the same destination
  'rate_limit',
  'retry', // definitely refused for now: decide again later
  'in_doubt', // nobody knows whether it arrived: the same bytes again
  'late_acceptance', // accepted after its lease was lost
  'told_directly', // by the last road, while the database was away
  // delivery errors
  'network',
  'timeout',
  'provider_busy',
  'rate_limited_by_provider',
  'bad_credentials',
  'not_allowed', // trusted address list, permission, application scope
  'bad_recipient',
  'bad_content',
  'misconfigured',
  'provider_error',
  // watchdog
  'heartbeat_lost',
  'heartbeat_resolved',
  'heartbeat_recovered',
] as const;

/** One of {@link reasons}. */
export type Reason = (typeof reasons)[number];
