/** The alert groups as the configuration of an Alertmanager, for clients that look at its routes. Pure. */
import { stringify } from 'yaml';
import type { AlertGroup, Snapshot } from '../alert/config.ts';
import { formatDuration } from '../alert/duration.ts';
import { formatMatcher } from '../matcher/format.ts';

/** `alertmanager.yml` with a route for each alert group in match order and our inhibition rules; what nothing matches goes to `unrouted`. */
export function alertmanagerYaml({ groups, builtin, inhibitionRules }: Snapshot): string {
  const routes = groups.map((group) => ({
    ...timersOf(group),
    matchers: group.matchers.map(formatMatcher),
    continue: group.continue,
  }));
  const named = [...groups, builtin.unrouted];
  return stringify({
    route: { ...timersOf(builtin.unrouted), routes },
    receivers: named.map(({ name }) => ({ name })),
    inhibit_rules: inhibitionRules.map(({ source, target, equal }) => ({
      source_matchers: source.map(formatMatcher),
      target_matchers: target.map(formatMatcher),
      equal,
    })),
  });
}

function timersOf({ name, policy }: AlertGroup) {
  return {
    receiver: name,
    group_by: policy.groupBy,
    group_wait: formatDuration(policy.groupWaitMs),
    group_interval: formatDuration(policy.groupIntervalMs),
    repeat_interval: formatDuration(policy.repeatIntervalMs),
  };
}
