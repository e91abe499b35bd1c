/** The kinds of things that admins edit: one schema each for the YAML, the API and the row. */
import { z } from 'zod';
import { parseDuration } from '../alert/duration.ts';
import { dailyMessageSchema } from './daily-fields.ts';
import * as f from './fields.ts';
import { timeIntervalSchema } from './interval-fields.ts';
import { scheduleSchema } from './schedule-fields.ts';

const locale = f.locale;
const names = z.array(f.objectName).default([]);

/** An Alertmanager of a cluster, or a replica of a Prometheus: its name, or with where it is asked what it holds. */
const memberSchema = z.union(
  [f.line, z.strictObject({ name: f.line.min(1), api_url: f.apiUrl.describe('Address of its API, without /api/v2') })],
  { error: 'a name, or { name, api_url }' },
);

/** How many members of a source are asked. */
const askedAtMost = 20;

export const sourceSchema = z
  .strictObject({
    name: f.sourceName,
    site: f.line.default(''),
    kind: z
      .enum(['alertmanager', 'prometheus'])
      .default('alertmanager')
      .describe('Who posts: Alertmanagers, by webhook, or a Prometheus without one, to /api/v2/alerts'),
    labels: f.labels.default({}),
    members: z
      .array(memberSchema)
      .default([])
      .describe(
        'The Alertmanagers of this cluster, or the replicas of this Prometheus; those with an api_url are asked what they hold',
      ),
    prometheus_url: f.apiUrl
      .nullish()
      .transform((v) => v ?? null)
      .describe('Address of the Prometheus behind it, to tell which part is gone when its heartbeat is lost'),
    api_user: f.line
      .nullish()
      .transform((v) => v || null)
      .describe('For basic authentication of what is asked; without it api_token is a bearer token'),
    api_token: f.apiToken
      .nullish()
      .describe('What is asked is asked with it; never shown. Left out: what is stored; null: nothing'),
    token: f.token.optional().describe('Kept as a hash, never shown'),
    tokens: z.array(f.token).optional().describe('Several, for rotation'),
  })
  .superRefine(({ kind, members, api_user }, context) => {
    const fault = (path: (string | number)[], message: string) => context.addIssue({ code: 'custom', path, message });
    const asked = members.filter((member) => typeof member !== 'string');
    if (asked.length > askedAtMost) fault(['members'], `at most ${askedAtMost} with an api_url`);
    if (asked.length > 0 && kind === 'prometheus') fault(['members'], 'only an Alertmanager is asked at an api_url');
    const names = asked.map(({ name }) => name);
    if (new Set(names).size < names.length) fault(['members'], 'two members with an api_url have the same name');
    if (api_user?.includes(':')) fault(['api_user'], 'no colon: basic authentication cannot carry it');
  });

export const contactSchema = z.strictObject({
  name: f.objectName,
  email: f.emailAddress.nullish().transform((v) => v ?? null),
  wecom: f.wecomUserid.nullish().transform((v) => v ?? null),
  openid: f.openid.nullish().transform((v) => v ?? null),
  locale,
  timezone: f.timezone,
  digest_at: f.timesOfDay.describe(
    'Times of day in the time zone at which what is not critical is told, in one message; none: at once',
  ),
});

export const robotSchema = z.strictObject({
  name: f.objectName,
  key: f.robotKey.optional().describe('Never shown'),
  locale,
  timezone: f.timezone,
  mention: z
    .strictObject({
      critical: f.mentioned.describe('When something critical fires'),
      firing: f.mentioned.describe('When anything fires'),
    })
    .prefault({})
    .describe('WeCom userids whom messages mention, or @all for everybody in the room; none for what has ended'),
});

const intervalNames = z
  .array(f.objectName)
  .max(20)
  .transform((names) => [...new Set(names)])
  .default([]);

const policySchema = z.strictObject({
  group_by: z
    .array(f.text(200).min(1))
    .refine((names) => new Set(names).size === names.length, 'each label once')
    .refine((names) => !names.includes('...') || names.length === 1, "'...' means all labels and stands alone")
    .default(['alertname']),
  group_wait: f.durationWithin('0s', '1d').default('30s'),
  group_interval: f.durationWithin('1s', '7d').default('5m'),
  repeat_interval: f.durationWithin('1s', '365d').default('4h'),
  send_resolved: z.boolean().default(true),
  for: f.durationWithin('0s', '1d').default('0s').describe('It must fire that long before anybody is told'),
  keep_firing_for: f
    .durationWithin('0s', '1d')
    .default('0s')
    .describe('After its end it counts as firing for so long, and goes on if it fires again within'),
  flapping: z
    .strictObject({
      changes: z.int().min(3).max(50).default(6),
      within: f.durationWithin('1m', '1d').default('1h'),
    })
    .nullish()
    .transform((v) => v ?? null)
    .describe(
      'One that begins or ends more often than that within that time is told once as flapping, then as calm again',
    ),
  storm: z
    .strictObject({
      alerts: z.int().min(2).max(100_000).default(100),
      within: f.durationWithin('10s', '1d').default('5m'),
      interval: f.durationWithin('1m', '1d').default('10m'),
    })
    .nullish()
    .transform((v) => v ?? null)
    .describe(
      'When more alerts than that begin within that time, what is not critical is told in one message in each interval',
    ),
  quiet_time_intervals: intervalNames.describe(
    'While one of them is active, only critical alerts are told, and the rest in one message at its end',
  ),
  mute_time_intervals: intervalNames.describe('While one of them is active, nobody is told'),
  active_time_intervals: intervalNames.describe('If any: only while one of them is active is anybody told'),
});

const escalationSchema = z
  .array(
    z
      .strictObject({
        after: f.durationWithin('1m', '7d').describe('So long after it was first told, if nobody has acknowledged it'),
        members: names.describe('They are told too, and are members of this incident from then on'),
        schedules: names.describe('Whoever is on call by one of these'),
        robots: names,
      })
      .refine(({ members, schedules, robots }) => members.length + schedules.length + robots.length > 0, {
        error: 'names nobody: at least one of members, schedules and robots',
        path: ['members'],
      }),
  )
  .max(10)
  .superRefine((steps, context) => {
    for (const [i, { after }] of steps.entries()) {
      const earlier = steps[i - 1];
      if (earlier === undefined || parseDuration(after) > parseDuration(earlier.after)) continue;
      context.addIssue({ code: 'custom', path: [i, 'after'], message: `must be later than ${earlier.after}` });
    }
  });

export const alertGroupSchema = z.strictObject({
  // Its address in the API is that of the preview of drafts.
  name: f.objectName.refine((name) => name !== 'preview', 'an alert group cannot be called preview'),
  matchers: f.matchers.default([]),
  continue: z.boolean().default(false),
  members: names,
  schedules: names.describe('Whoever is on call by one of these schedules is a member at that time'),
  channels: z.array(z.enum(['email', 'wecom-app'])).default(['email', 'wecom-app']),
  robots: names,
  escalation: escalationSchema.default([]).describe('Who is told next when nobody acknowledges an incident'),
  policy: policySchema.prefault({}),
});

export const silenceSchema = z
  .strictObject({
    name: f.objectName.optional().describe('Names it in a file'),
    matchers: f.matcherSets,
    starts_at: f.instant.optional(),
    ends_at: f.instant.optional(),
    duration: f.durationWithin('1s', '3650d').optional().describe('Instead of ends_at'),
    time_intervals: intervalNames.describe(
      'It hides only while one of them is active; none: all the time from its start to its end',
    ),
    notify: z
      .array(f.objectName)
      .max(20)
      .nullish()
      .transform((names) => (names == null ? null : [...new Set(names)]))
      .describe(
        'Contacts who are reminded before it ends, and told what still fires when it has; null: the one that is named like created_by',
      ),
    remind: f
      .durationWithin('0s', '7d')
      .default('15m')
      .describe('So long before its end, where it lasts for more than an hour; 0s: not at all'),
    created_by: f.line.optional(),
    comment: f.line.min(1),
  })
  .refine((s) => (s.ends_at === undefined) !== (s.duration === undefined), {
    error: 'one of ends_at and duration is needed, not both',
    path: ['ends_at'],
  })
  .refine((s) => s.ends_at === undefined || s.starts_at === undefined || s.ends_at > s.starts_at, {
    error: 'must lie after starts_at',
    path: ['ends_at'],
  });

export const inhibitionRuleSchema = z.strictObject({
  name: f.objectName,
  source_matchers: f.matchers
    .min(1, 'at least one matcher')
    .describe('While an alert fires that matches all of these …'),
  target_matchers: f.matchers
    .min(1, 'at least one matcher')
    .describe('… nobody is told of those that match all of these'),
  equal: z
    .array(f.text(200).min(1))
    .max(50)
    .transform((names) => [...new Set(names)])
    .default([])
    .describe('Only where both have the same values of these labels; one that both lack is the same'),
});

export const heartbeatSchema = z.strictObject({
  name: f.objectName,
  source: f.objectName.nullish().transform((v) => v ?? null),
  matchers: f.matchers.min(1, 'at least one matcher'),
  timeout: f.durationWithin('1s', '24d').default('3m'),
  alert_group: f.objectName.nullish().transform((v) => v ?? null),
});

export const peerSchema = z.strictObject({
  name: f.objectName
    // Its address in the API is that of the probes.
    .refine((name) => name !== 'probe', 'a peer cannot be called probe')
    .describe('What the other site calls itself: its setting site (MM_SITE)'),
  url: f.peerUrl.describe('Where it is reached from here'),
  secret: f.peerSecret.optional().describe('Shared by the two sites; never shown'),
});

/** What `apply` reads and `export` writes. */
export const documentSchema = z.strictObject({
  sources: z.array(sourceSchema).optional(),
  contacts: z.array(contactSchema).optional(),
  robots: z.array(robotSchema).optional(),
  schedules: z.array(scheduleSchema).optional(),
  alert_groups: z.array(alertGroupSchema).optional(),
  silences: z
    .array(
      silenceSchema.refine((s) => s.name !== undefined || s.ends_at !== undefined, {
        error: 'a silence with a duration needs a name: else it would begin anew with every apply',
        path: ['name'],
      }),
    )
    .optional(),
  inhibition_rules: z.array(inhibitionRuleSchema).optional(),
  time_intervals: z.array(timeIntervalSchema).optional(),
  heartbeats: z.array(heartbeatSchema).optional(),
  daily_messages: z.array(dailyMessageSchema).optional(),
  peers: z.array(peerSchema).max(100).optional(),
});

/** A checked document. */
export type Document = z.output<typeof documentSchema>;

/** Sections in the order in which their objects refer to each other. */
export const sections = [
  'sources',
  'contacts',
  'robots',
  'schedules',
  'alert_groups',
  'time_intervals',
  'silences',
  'inhibition_rules',
  'heartbeats',
  'daily_messages',
  'peers',
] as const;

export type Section = (typeof sections)[number];

/** Makes something for every section. */
export function eachSection<T>(of: (section: Section) => T): Record<Section, T> {
  return Object.fromEntries(sections.map((section) => [section, of(section)])) as Record<Section, T>;
}

/** One object as the API and the YAML show it: without secrets, plain JSON. */
export type Body = Record<string, unknown>;
