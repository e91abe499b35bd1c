/** What the admins of a history edit: two alert groups, three contacts and a room. */
import type {
  AlertGroup,
  Contact,
  InhibitionRule,
  Policy,
  Recurrence,
  Robot,
  Silence,
  Snapshot,
  Source,
} from '../../src/alert/config.ts';
import type { Digest } from '../../src/alert/digest.ts';
import { labelsOf } from '../../src/alert/labels.ts';
import type { TimeInterval } from '../../src/alert/time-interval.ts';
import { makeMatcher } from '../../src/matcher/compile.ts';
import { nobodys, usualPolicy } from '../support/policy.ts';

/** What an alert group starts with. */
export interface GroupSetup {
  /** Index into {@link matcherChoices}. */
  matches: number;
  continue: boolean;
  /** Which of the contacts are members. */
  members: readonly boolean[];
  room: boolean;
  groupWaitMs: number;
  groupIntervalMs: number;
  repeatIntervalMs: number;
  /** What it keeps back. */
  gates: Partial<Policy>;
  /** Who is called in when nobody acknowledges: an index into {@link contacts}. Missing: nobody. */
  escalation?: readonly { afterMs: number; contact: number }[];
}

/** What a history starts with. */
export interface Setup {
  groups: readonly [GroupSetup, GroupSetup];
  sendResolved: boolean;
  /** One incident per alert name, or one for everything. */
  groupByName: boolean;
  /** Which of the contacts get what is not critical in a digest. Missing: none. */
  digests?: readonly boolean[];
}

export const matcherChoices = [
  [],
  [makeMatcher('team', '=', 'x')],
  [makeMatcher('team', '=', 'y')],
  [makeMatcher('severity', '=', 'critical')],
] as const;

/** What inhibits what, where a history says so. The second inhibits alerts that match both its sides, too. */
export const ruleChoices: readonly Omit<InhibitionRule, 'id'>[] = [
  {
    ...{ name: 'critical', source: [makeMatcher('severity', '=', 'critical')], equal: [] },
    target: [makeMatcher('team', '=', 'x')],
  },
  {
    ...{ name: 'team', source: [makeMatcher('team', '=', 'y')], equal: ['alertname'] },
    target: [makeMatcher('alertname', '=~', '.+')],
  },
  {
    ...{ name: 'instance', source: [makeMatcher('instance', '=', '0')], equal: ['nothing'] },
    target: [makeMatcher('instance', '!=', '0')],
  },
];

const person = { openid: null, locale: 'en', timezone: 'UTC', digest: null };
export const contacts: readonly Contact[] = [
  { ...person, id: 1, name: 'ann', email: 'ann@test', wecom: 'Ann' },
  { ...person, id: 2, name: 'bob', email: 'bob@test', wecom: null },
  { ...person, id: 3, name: 'cat', email: 'cat@test', wecom: null },
];
const firstHalves: TimeInterval = [
  {
    times: Array.from({ length: 144 }, (_, i) => ({ from: 10 * i, to: 10 * i + 5 })),
    ...{ weekdays: null, daysOfMonth: null, months: null, years: null, zone: 'UTC' },
  },
];
/** Hides for five minutes, and pauses for five. */
export const everyTenMinutes: Recurrence = {
  intervals: [{ name: 'first halves', interval: firstHalves }],
  together: firstHalves,
};

const room: Robot = {
  ...{ id: 1, name: 'room', key: 'k', locale: 'en', timezone: 'UTC' },
  mention: { critical: [], firing: [] },
};

/** Every address that providers can be told about; Ann's WeCom messages are kept in the outbox. */
export const addresses = ['ann@test', 'bob@test', 'cat@test', 'room', 'wecom-app:Ann'] as const;

export const sources: readonly Source[] = [
  { id: 1, name: 'az-a', site: 'a', kind: 'alertmanager', labels: labelsOf([]) },
  { id: 2, name: 'az-b', site: 'b', kind: 'alertmanager', labels: labelsOf([]) },
  { id: 3, name: 'self', site: 's', kind: 'self', labels: labelsOf([]) },
];

const quietPolicy: Policy = {
  ...usualPolicy,
  groupWaitMs: 0,
  groupIntervalMs: 60_000,
  repeatIntervalMs: 3_600_000,
};
const emptyGroup = {
  continue: false,
  matchers: [],
  members: [],
  schedules: [],
  channels: [],
  robots: [],
  escalation: [],
  policy: quietPolicy,
  version: 1,
};
const builtin: Snapshot['builtin'] = {
  unrouted: { ...emptyGroup, id: 1, name: 'unrouted', builtin: 'unrouted' },
  self: { ...emptyGroup, id: 2, name: 'self', builtin: 'self' },
  watchdog: { ...emptyGroup, id: 3, name: 'watchdog', builtin: 'watchdog' },
};

/** Every ten minutes, in the middle of those that {@link everyTenMinutes} are for. */
const digest: Digest = { zone: 'UTC', minutes: Array.from({ length: 144 }, (_, i) => 10 * i + 3) };

/** The contacts of a setup. */
export function contactsOf({ digests = [] }: Setup): Contact[] {
  return contacts.map((contact, c) => (digests[c] ? { ...contact, digest } : contact));
}

/** The alert groups of a setup, ids 11 and 12. */
export function groupsOf(setup: Setup): AlertGroup[] {
  const people = contactsOf(setup);
  return setup.groups.map((group, i) => ({
    id: 11 + i,
    name: `group-${i}`,
    builtin: null,
    matchers: matcherChoices[group.matches] ?? [],
    continue: group.continue,
    members: people.filter((_, c) => group.members[c]),
    schedules: [],
    channels: ['email', 'wecom-app'],
    robots: group.room ? [room] : [],
    escalation: (group.escalation ?? []).map(({ afterMs, contact }) => ({
      ...{ afterMs, schedules: [], robots: [] },
      members: people.filter((_, c) => c === contact),
    })),
    policy: {
      ...usualPolicy,
      groupBy: setup.groupByName ? ['alertname'] : [],
      groupWaitMs: group.groupWaitMs,
      groupIntervalMs: group.groupIntervalMs,
      repeatIntervalMs: group.repeatIntervalMs,
      sendResolved: setup.sendResolved,
      ...group.gates,
    },
    version: 1,
  }));
}

/** The configuration as the pipeline reads it. */
export function snapshotOf(
  version: number,
  groups: readonly AlertGroup[],
  silences: readonly Silence[],
  inhibitionRules: readonly InhibitionRule[],
): Snapshot {
  return {
    version,
    routingVersion: version,
    sources: new Map(sources.map((s) => [s.id, s])),
    sourceByTokenHash: new Map(),
    groups,
    groupsById: new Map([...groups, ...Object.values(builtin)].map((g) => [g.id, g])),
    builtin,
    silences: silences.map(nobodys),
    timeIntervals: new Map(),
    schedules: new Map(),
    inhibitionRules,
    heartbeats: [],
    dailyMessages: [],
  };
}
