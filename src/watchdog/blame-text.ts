/** What the alarm of a lost heartbeat says of the part that is gone. Pure. */
import type { Blame, Verdict } from '../alert/blame.ts';

/** Not critical: somebody still watches. */
export function severityOf(blame: Blame | null): 'critical' | 'warning' {
  return blame?.verdict === 'road_broken' ? 'warning' : 'critical';
}

/**
 * @param what the heartbeat: `Heartbeat prom-a`
 * @param source `source az-a (site hq)`
 */
export function summaryOf(blame: Blame | null, { what, source }: { what: string; source: string }): string {
  const names = (blame?.names ?? []).join(', ');
  switch (blame?.verdict) {
    case 'monitoring_silent':
      return `Nobody sees anything of ${source}: ${what} is lost`;
    case 'road_broken':
      return `The road from ${source} to here is broken: ${what} is lost, and still seen by ${names}`;
    case 'prometheus':
      return `Prometheus of ${source} is gone: ${what} is lost`;
    case 'alertmanager':
      return `Alertmanager ${names} of ${source}, or its road, is gone: ${what} is lost`;
    default:
      return '';
  }
}

/** What it means, and what to look at. */
export const adviceOf: Readonly<Record<Verdict, string>> = {
  unknown:
    'While it is missing, nobody watches that part: no alert from there would reach you. ' +
    'Check in this order: is Prometheus up, and does it evaluate its rules? Does its Alertmanager run, and does ' +
    'Prometheus reach it? Does that Alertmanager reach Monitor Manager (network, proxy, token)?',
  monitoring_silent:
    'Nothing that could see it answers, so no alert from there would reach you. ' +
    'Check whether that site has power and network, then its Prometheus and its Alertmanagers.',
  road_broken:
    'It is watched, but posts from there do not arrive here. ' +
    'Check on its Alertmanagers: do they reach Monitor Manager (network, proxy, token), and do their routes send this heartbeat there?',
  prometheus:
    'Its Alertmanagers get nothing of it, so no alert of that Prometheus would reach you. ' +
    'Check whether that Prometheus runs, evaluates its rules, and reaches its Alertmanagers.',
  alertmanager:
    'Prometheus runs, but its alerts get no further, so none would reach you. ' +
    'Check whether that Alertmanager runs, and whether the road to it is open.',
};
