/** The two files of some companies: what Alertmanager runs on, and what our importer reads, which knows mail but no webhook. */
import { stringify } from 'yaml';
import type { Company } from './cases.ts';

/** Flushes of all groups fall into the odd seconds after a phase began, since phases take an even number of them. */
const times = { group_wait: '1s', group_interval: '2s', repeat_interval: '4h' };
/** How long a phase takes: each group is flushed three times. */
export const phaseMs = 6_000;
/** The alert that tells when a phase is over: Alertmanager waits so long with it. */
export const sentinel = { case: 'sentinel' };

const domain = 'oracle.example';

/** The address of a receiver. */
export const addressOf = (receiver: string) => `${receiver}@${domain}`;
/** The receiver of an address; the outbox writes the channel before it. */
export const receiverOf = (address: string) => address.replace(/^email:/, '').replace(/@.*/, '');

/** Alertmanager's file; every receiver posts to `webhookUrl`, below its name. */
export function alertmanagerFile(companies: readonly Company[], webhookUrl: string): Record<string, unknown> {
  const hook = (name: string, send_resolved: boolean) => ({
    name,
    webhook_configs: [{ url: `${webhookUrl}/${name}`, send_resolved }],
  });
  const last = {
    ...{ receiver: 'sentinel', matchers: [`case="${sentinel.case}"`] },
    ...{ group_by: ['phase'], group_wait: `${phaseMs / 1_000}s` },
  };
  return {
    ...common(companies, [last]),
    receivers: [
      { name: 'nobody' },
      hook('sentinel', false),
      ...companies.flatMap((one) => one.receivers.map((r) => hook(r.name, r.sendResolved))),
    ],
  };
}

/** The same with mail, as our importer reads it. */
export function importedFile(companies: readonly Company[]): string {
  const mail = ({ name, sendResolved }: Company['receivers'][number]) => ({
    name,
    email_configs: [{ to: addressOf(name), send_resolved: sendResolved }],
  });
  const receivers = [{ name: 'nobody' }, ...companies.flatMap((one) => one.receivers.map(mail))];
  return stringify({ ...common(companies, []), receivers });
}

function common(companies: readonly Company[], more: readonly object[]): Record<string, unknown> {
  return {
    route: {
      receiver: 'nobody',
      group_by: ['alertname'],
      ...times,
      routes: [...more, ...companies.map((c) => c.route)],
    },
    time_intervals: companies.flatMap(({ intervals }) =>
      intervals.map(({ name, time_intervals }) => ({ name, time_intervals })),
    ),
    inhibit_rules: companies.flatMap(({ name, rules }) =>
      rules.map(({ source, target, equal }) => ({
        source_matchers: [`case="${name}"`, ...source],
        target_matchers: [`case="${name}"`, ...target],
        equal: ['case', ...equal],
      })),
    ),
  };
}
