import { type Policy, usualPolicy } from '../client/alert-groups.ts';
import { type Text, useText } from '../text/index.tsx';
import { durationMs } from './duration.ts';
import { span } from './time.tsx';
import { Value } from './value.tsx';

/** `30 s`; what is no duration as it is. */
export function spoken(duration: string, text: Text): string {
  const ms = durationMs(duration);
  return ms === null ? duration : span(ms, text);
}

/** A policy in one sentence. */
export function PolicyWords({ policy: said }: { policy: Partial<Policy> }) {
  const text = useText();
  const { alertGroups: words } = text;
  const policy = { ...usualPolicy, ...said };
  const [wait, interval, repeat] = [policy.group_wait, policy.group_interval, policy.repeat_interval];
  const parts = [
    words.policy(spoken(wait, text), spoken(interval, text), spoken(repeat, text)),
    groupedWords(policy.group_by, words),
    ...(policy.send_resolved ? [] : [words.noResolved]),
    ...gateWords(policy, text),
  ];
  return <Value>{parts.join(' · ')}</Value>;
}

/** What it keeps back. */
function gateWords(policy: Policy, text: Text): string[] {
  const { alertGroups: words } = text;
  const [lasts, keeps] = [policy.for, policy.keep_firing_for];
  const [quiet, mute, active] = [policy.quiet_time_intervals, policy.mute_time_intervals, policy.active_time_intervals];
  return [
    ...(durationMs(lasts) === 0 ? [] : [words.lasts(spoken(lasts, text))]),
    ...(durationMs(keeps) === 0 ? [] : [words.keeps(spoken(keeps, text))]),
    ...(policy.flapping === null ? [] : [words.flapping]),
    ...(policy.storm === null ? [] : [words.storm(policy.storm.alerts)]),
    ...(quiet.length === 0 ? [] : [words.quiet(quiet.join(', '))]),
    ...(mute.length === 0 ? [] : [words.muted(mute.join(', '))]),
    ...(active.length === 0 ? [] : [words.active(active.join(', '))]),
  ];
}

function groupedWords(labels: readonly string[], words: Text['alertGroups']): string {
  if (labels.length === 0) return words.groupedNone;
  return labels[0] === '...' ? words.groupedAll : words.groupedBy(labels.join(', '));
}
