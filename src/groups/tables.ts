/** The tables behind the sections: which columns hold a body. */
import { formatDuration, parseDuration } from '../alert/duration.ts';
import { SECRET } from './fields.ts';
import type { Body, Section } from './kinds.ts';
import { givenSecret } from './secrets.ts';

/** A row of one of these tables. */
export type Row = Record<string, unknown>;

interface Table {
  table: string;
  /** The columns of a body, beside name. */
  toRow: (body: Body) => Row;
  toBody: (row: Row) => Body;
}

/** Silences have columns of their own kind. */
export const tables: Record<Exclude<Section, 'silences'>, Table> = {
  sources: {
    table: 'source',
    toRow: (b) => ({
      site: b['site'],
      kind: b['kind'],
      labels: JSON.stringify(b['labels']),
      members: JSON.stringify(b['members']),
      prometheus_url: b['prometheus_url'] ?? null,
      api_user: b['api_user'] ?? null,
      ...(b['api_token'] === undefined || b['api_token'] === SECRET ? {} : { api_token: b['api_token'] }),
    }),
    toBody: ({ name, site, kind, labels, members, prometheus_url, api_user }) => ({
      ...{ name, site, kind, labels, members, prometheus_url, api_user },
    }),
  },
  contacts: {
    table: 'contact',
    toRow: ({ email, wecom, openid, locale, timezone, digest_at }) => ({
      ...{ email, wecom, openid, locale, timezone, digest_at },
    }),
    toBody: ({ name, email, wecom, openid, locale, timezone, digest_at }) => ({
      ...{ name, email, wecom, openid, locale, timezone, digest_at },
    }),
  },
  robots: {
    table: 'robot',
    toRow: (b) => ({
      ...secretColumn('robots', 'key', b),
      ...{ locale: b['locale'], timezone: b['timezone'], mention: JSON.stringify(b['mention']) },
    }),
    toBody: ({ name, locale, timezone, mention }) => ({ name, locale, timezone, mention }),
  },
  alert_groups: {
    table: 'alert_group',
    toRow: (b) => ({
      matchers: b['matchers'],
      continue: b['continue'],
      members: b['members'],
      schedules: b['schedules'],
      channels: b['channels'],
      robots: b['robots'],
      escalation: JSON.stringify(b['escalation']),
      policy: JSON.stringify(b['policy']),
      ...(b['position'] === undefined ? {} : { position: b['position'] }),
    }),
    toBody: ({ name, matchers, continue: goesOn, members, schedules, channels, robots, escalation, policy }) => ({
      name,
      matchers,
      continue: goesOn,
      members,
      schedules,
      channels,
      robots,
      escalation,
      policy,
    }),
  },
  schedules: {
    table: 'schedule',
    toRow: ({ timezone, hand_over_card, layers, overrides }) => ({
      timezone,
      hand_over_card,
      layers: JSON.stringify(layers),
      overrides: JSON.stringify(overrides),
    }),
    toBody: ({ name, timezone, hand_over_card, layers, overrides }) => ({
      ...{ name, timezone, hand_over_card, layers, overrides },
    }),
  },
  time_intervals: {
    table: 'time_interval',
    toRow: (b) => ({ time_intervals: JSON.stringify(b['time_intervals']) }),
    toBody: ({ name, time_intervals }) => ({ name, time_intervals }),
  },
  inhibition_rules: {
    table: 'inhibition_rule',
    toRow: ({ source_matchers, target_matchers, equal }) => ({ source_matchers, target_matchers, equal }),
    toBody: ({ name, source_matchers, target_matchers, equal }) => ({ name, source_matchers, target_matchers, equal }),
  },
  daily_messages: {
    table: 'daily_message',
    toRow: ({ contacts, channels, robots, time, timezone }) => ({ contacts, channels, robots, at: time, timezone }),
    toBody: ({ name, contacts, channels, robots, at, timezone }) => ({
      ...{ name, contacts, channels, robots, time: at, timezone },
    }),
  },
  peers: {
    table: 'peer',
    toRow: (b) => ({ url: b['url'], ...secretColumn('peers', 'secret', b) }),
    toBody: ({ name, url }) => ({ name, url }),
  },
  heartbeats: {
    table: 'heartbeat',
    toRow: (b) => ({
      source: b['source'],
      matchers: b['matchers'],
      timeout_ms: parseDuration(String(b['timeout'])),
      alert_group: b['alert_group'],
    }),
    toBody: ({ name, source, matchers, timeout_ms, alert_group }) => ({
      name,
      source,
      matchers,
      timeout: formatDuration(Number(timeout_ms)),
      alert_group,
    }),
  },
};

/** Without a new secret the stored one stays. */
function secretColumn(section: Section, column: string, body: Body): Row {
  const given = givenSecret(section, body);
  return given === null ? {} : { [column]: given };
}

/** The table of a section. */
export function tableOf(section: Section): string {
  return section === 'silences' ? 'silence' : tables[section].table;
}
