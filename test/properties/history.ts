/** Random histories: what may happen to the service, and doing it. */

import type { Report } from '../../src/alert/alert.ts';
import type { Contact } from '../../src/alert/config.ts';
import { makeMatcher } from '../../src/matcher/compile.ts';
import * as fc from '../support/fast-check.ts';
import { alertCount, reporterCount, type Saying } from './cluster.ts';
import {
  addresses,
  contacts,
  everyTenMinutes,
  type GroupSetup,
  matcherChoices,
  ruleChoices,
  type Setup,
} from './configuration.ts';
import { type Fate, fates } from './providers.ts';
import { tickMs, type World } from './world.ts';

/** One thing that happens. */
export type Event =
  | { do: 'change'; alert: number; reporters: readonly number[]; shiftMs: number }
  | { do: 'report'; sayings: readonly Saying[]; times: number }
  | { do: 'wait'; ms: number; rest: boolean }
  | { do: 'decide' | 'deliver' | 'sweep' | 'watch' | 'end leases' | 'silences end' }
  | { do: 'providers'; address: string; fates: readonly Fate[] }
  | { do: 'silence'; label: 'team' | 'instance'; value: string; minutes: number; inMinutes: number; recurs: boolean }
  | { do: 'acknowledge'; nth: number }
  | { do: 'member'; group: number; contact: number }
  | { do: 'matchers'; group: number; choice: number }
  | { do: 'continue'; group: number }
  | { do: 'rule'; choice: number };

const minute = 60_000;
const shiftMs = fc.integer({ min: -12, max: 12 }).map((n) => n * tickMs);
const alert = fc.nat(alertCount - 1);
const group = fc.nat(1);

/** Each is there often enough, and most of the time only one of them. */
const gates: fc.Arbitrary<GroupSetup['gates']> = fc.record({
  forMs: fc.constantFrom(0, 0, 0, 2 * minute),
  keepFiringForMs: fc.constantFrom(0, 0, 0, 3 * minute),
  flapping: fc.constantFrom(null, null, null, { changes: 3, withinMs: 10 * minute }),
  storm: fc.constantFrom(null, null, { alerts: 1, withinMs: 5 * minute, intervalMs: 10 * minute }),
  quietTimes: fc.constantFrom(null, null, null, everyTenMinutes),
});

const groupSetup: fc.Arbitrary<GroupSetup> = fc.record({
  matches: fc.nat(matcherChoices.length - 1),
  continue: fc.boolean(),
  members: fc.tuple(fc.boolean(), fc.boolean(), fc.boolean()),
  room: fc.boolean(),
  groupWaitMs: fc.constantFrom(0, 30_000),
  groupIntervalMs: fc.constantFrom(minute, 5 * minute),
  repeatIntervalMs: fc.constantFrom(10 * minute, 30 * minute, 60 * minute),
  gates,
});

/** Random policies and audiences. */
export const setups: fc.Arbitrary<Setup> = fc.record({
  groups: fc.tuple(groupSetup, groupSetup),
  sendResolved: fc.boolean(),
  groupByName: fc.boolean(),
  // Each of them now and then, and most of the time nobody.
  digests: fc.constantFrom([], [], [false, true, false], [true, false, true]),
});

const steps = fc.uniqueArray(
  fc.record({ afterMs: fc.constantFrom(minute, 3 * minute, 8 * minute), contact: fc.nat(contacts.length - 1) }),
  { maxLength: 2, selector: (step) => step.afterMs },
);

/** The same with escalation steps. */
export const escalatingSetups: fc.Arbitrary<Setup> = fc
  .record({ setup: setups, steps: fc.tuple(steps, steps) })
  .map(({ setup, steps: [first, second] }): Setup => {
    const inOrder = (of: typeof first) => [...of].sort((a, b) => a.afterMs - b.afterMs);
    const [one, other] = setup.groups;
    return {
      ...setup,
      groups: [
        { ...one, escalation: inOrder(first) },
        { ...other, escalation: inOrder(second) },
      ],
    };
  });

const change = fc.record({
  do: fc.constant('change' as const),
  alert,
  reporters: fc.uniqueArray(fc.nat(reporterCount - 1), { minLength: 1, maxLength: reporterCount }),
  shiftMs,
});
const saying: fc.Arbitrary<Saying> = fc.record({
  alert,
  reporter: fc.nat(reporterCount - 1),
  shiftMs,
  past: fc.constantFrom(null, null, null, 'began' as const, 'ended' as const),
});
const report = fc.record({
  do: fc.constant('report' as const),
  sayings: fc.array(saying, { minLength: 1, maxLength: 8 }),
  times: fc.integer({ min: 1, max: 2 }),
});
const wait = fc.record({
  do: fc.constant('wait' as const),
  ms: fc
    .oneof(fc.integer({ min: 1, max: 14 }), fc.integer({ min: 36, max: 120 }), fc.integer({ min: 120, max: 600 }))
    .map((n) => n * tickMs),
  rest: fc.boolean(),
});
const silence = fc.oneof(
  fc.record({
    do: fc.constant('silence' as const),
    label: fc.constant('team' as const),
    value: fc.constantFrom('x', 'y'),
    minutes: fc.constantFrom(2, 10, 40, 10_000),
    inMinutes: fc.constantFrom(0, 0, 3),
    recurs: fc.boolean(),
  }),
  fc.record({
    do: fc.constant('silence' as const),
    label: fc.constant('instance' as const),
    value: alert.map(String),
    minutes: fc.constantFrom(2, 10, 40, 10_000),
    inMinutes: fc.constantFrom(0, 0, 3),
    recurs: fc.boolean(),
  }),
);
const providers = fc.record({
  do: fc.constant('providers' as const),
  address: fc.constantFrom(...addresses),
  fates: fc.array(fc.constantFrom(...fates), { minLength: 1, maxLength: 3 }),
});
const edit = fc.oneof(
  fc.record({ do: fc.constant('acknowledge' as const), nth: fc.nat(3) }),
  fc.record({ do: fc.constant('member' as const), group, contact: fc.nat(contacts.length - 1) }),
  fc.record({ do: fc.constant('matchers' as const), group, choice: fc.nat(matcherChoices.length - 1) }),
  fc.record({ do: fc.constant('continue' as const), group }),
  fc.record({ do: fc.constant('rule' as const), choice: fc.nat(ruleChoices.length - 1) }),
);
const wake = fc.record({
  do: fc.constantFrom('decide' as const, 'deliver', 'sweep', 'watch', 'end leases', 'silences end'),
});

/** Anything at all, in any order. */
export const anyHistory: fc.Arbitrary<Event[]> = fc.array(
  fc.oneof(
    { weight: 6, arbitrary: change },
    { weight: 3, arbitrary: report },
    { weight: 7, arbitrary: wait },
    { weight: 2, arbitrary: silence },
    { weight: 4, arbitrary: providers },
    { weight: 3, arbitrary: edit },
    { weight: 3, arbitrary: wake },
  ),
  { minLength: 4, maxLength: 36, size: 'max' },
);

/** Only what the sources say, silences and time: a history whose end must not depend on how it was noticed. */
export const reportedHistory: fc.Arbitrary<Event[]> = fc.array(
  fc.oneof(
    { weight: 5, arbitrary: change },
    { weight: 3, arbitrary: report },
    { weight: 5, arbitrary: wait },
    { weight: 1, arbitrary: silence },
  ),
  { minLength: 3, maxLength: 24, size: 'max' },
);

/** The same with acknowledgements. */
export const attendedHistory: fc.Arbitrary<Event[]> = fc.array(
  fc.oneof(
    { weight: 5, arbitrary: change },
    { weight: 2, arbitrary: report },
    { weight: 5, arbitrary: wait },
    { weight: 1, arbitrary: silence },
    { weight: 1, arbitrary: fc.record({ do: fc.constant('acknowledge' as const), nth: fc.nat(3) }) },
  ),
  { minLength: 3, maxLength: 24, size: 'max' },
);

/** What the sources say while providers refuse, hang and lose what they are sent, but give nothing up for good. */
export const refusedHistory: fc.Arbitrary<Event[]> = fc.array(
  fc.oneof(
    { weight: 5, arbitrary: change },
    { weight: 2, arbitrary: report },
    { weight: 5, arbitrary: wait },
    {
      weight: 4,
      arbitrary: fc.record({
        do: fc.constant('providers' as const),
        address: fc.constantFrom(...addresses),
        fates: fc.array(fc.constantFrom(...fates.filter((fate) => fate !== 'permanent')), {
          minLength: 1,
          maxLength: 3,
        }),
      }),
    },
  ),
  { minLength: 3, maxLength: 24, size: 'max' },
);

/** Lets one thing happen. */
export async function happen(world: World, event: Event): Promise<void> {
  switch (event.do) {
    case 'change':
      return world.post(saidIn(world, event));
    case 'report':
      for (let n = 0; n < event.times; n++) await world.post(saidIn(world, event));
      return;
    case 'wait':
      world.clock.advance(event.ms);
      return event.rest ? world.settle() : undefined;
    case 'decide':
      return world.pipeline.decide();
    case 'deliver':
      await world.deliverDue();
      return;
    case 'sweep':
      await world.pipeline.sweep();
      return;
    case 'watch':
      return world.watch();
    case 'end leases':
      return world.endLeases();
    case 'providers':
      return world.providers.expect(event.address, event.fates);
    case 'acknowledge':
      return acknowledge(world, event.nth);
    default:
      edited(world, event);
      return world.edit();
  }
}

/** The reports that an event brings, as of now. */
export function saidIn({ cluster, clock }: World, event: Extract<Event, { do: 'change' | 'report' }>): Report[] {
  const nowMs = clock.now().getTime();
  if (event.do === 'change') cluster.toggle(event.alert, nowMs);
  const sayings =
    event.do === 'report' ? event.sayings : event.reporters.map((reporter) => ({ ...event, reporter, past: null }));
  return sayings.flatMap((s) => cluster.report(s, nowMs) ?? []);
}

function edited(
  world: World,
  event: Extract<Event, { do: 'silences end' | 'silence' | 'member' | 'matchers' | 'continue' | 'rule' | string }>,
): void {
  const now = world.clock.now();
  if (event.do === 'silences end') {
    world.silences = world.silences.map((s) => (s.endsAt > now ? { ...s, endsAt: now } : s));
  } else if (event.do === 'silence') {
    const startsAt = new Date(now.getTime() + event.inMinutes * minute);
    world.silences.push({
      id: `silence-${world.silences.length}`,
      name: null,
      matchers: [[makeMatcher(event.label, '=', event.value)]],
      startsAt,
      endsAt: new Date(startsAt.getTime() + event.minutes * minute),
      // One that outlasts the history would go on beginning and pausing: nothing would come to rest.
      recurs: event.recurs && event.minutes < 100 ? everyTenMinutes : null,
      createdBy: 'ann',
      comment: '',
    });
  } else if (event.do === 'rule') {
    const { name } = ruleChoices[event.choice] as (typeof ruleChoices)[number];
    const others = world.rules.filter((rule) => rule.name !== name);
    world.rules = others.length < world.rules.length ? others : [...others, world.newRule(event.choice)];
  } else if (event.do === 'member' || event.do === 'matchers' || event.do === 'continue') {
    world.groups = world.groups.map((g, i) => {
      if (i !== event.group) return g;
      if (event.do === 'continue') return { ...g, continue: !g.continue };
      if (event.do === 'matchers') return { ...g, matchers: matcherChoices[event.choice] ?? [] };
      const contact = world.contacts[event.contact] as Contact;
      const others = g.members.filter((m) => m.id !== contact.id);
      return { ...g, members: others.length < g.members.length ? others : [...g.members, contact] };
    });
  }
}

/** As the API does it. */
async function acknowledge(world: World, nth: number): Promise<void> {
  await world.db.query(
    `with acknowledged as (
       update incident i set acknowledged_at = $1, acknowledged_by = 'ann', due_at = $1, acknowledged_critical = exists (
         select from incident_alert ia join alert a on a.fingerprint = ia.alert_fingerprint
         where ia.incident_id = i.id and ia.left_at is null and a.labels->>'severity' = 'critical'
           and (a.state = 'firing' or exists (select from reporter r where r.alert_fingerprint = a.fingerprint
             and (r.resolved_at is null or r.firing_at > r.resolved_at))))
       where id = (select id from incident where closed_at is null and acknowledged_at is null order by id offset $2 limit 1)
       returning id)
     insert into step (at, stage, reason, incident_id, detail)
     select $1, 'converge', 'acknowledged', id, '{"by": "ann"}' from acknowledged`,
    [world.clock.now(), nth],
  );
}

/** Longest silence that ends within a history's end; longer ones last beyond it. */
const silenceEndsWithinMs = 43 * minute;
/** Alertmanagers repeat what fires at least this often. */
const repeatMs = 10 * minute;

/** More timers than any history can leave running. */
const roundsToRest = 400;

/**
 * The end of every history: providers accept again, sources repeat what fires, and time goes by until all timers have run
 * out and nothing is on its way.
 */
export async function comeToRest(world: World): Promise<void> {
  for (const address of addresses) world.providers.forget(address);
  const longestMs = Math.max(...world.groups.map((g) => g.policy.repeatIntervalMs + 2 * g.policy.groupIntervalMs));
  const endMs = world.clock.now().getTime() + longestMs + silenceEndsWithinMs;
  for (let busy = true, round = 0; busy || world.clock.now().getTime() < endMs; round++) {
    if (round > roundsToRest) throw new Error(`still busy at ${world.clock.now().toISOString()}`);
    await world.post(world.cluster.repeats());
    await world.watch();
    await world.settle();
    world.clock.advance(await untilNextMs(world));
    await world.settle();
    busy = await onTheirWay(world);
  }
}

/** Until something is due, in ticks. */
async function untilNextMs({ db, clock, leaseNow }: World): Promise<number> {
  const now = clock.now();
  const rows = await db.query<{ ms: number | null }>(
    `select extract(epoch from least(
       (select min(due_at) from incident where closed_at is null) - $1::timestamptz,
       (select min(d.due_at) from incident_due d join incident i on i.id = d.incident_id and i.closed_at is null) - $1::timestamptz,
       (select min(greatest(n.next_at, d.retry_at)) from notification n join destination d on d.id = n.destination_id
        where n.state = 'pending') - $1::timestamptz,
       (select min(lease_until) from notification where state = 'sending' and carrier_id is null) - $2::timestamptz
     )) * 1000 as ms`,
    [now, leaseNow()],
  );
  const ticks = Math.ceil(Number(rows.rows[0]?.ms ?? repeatMs) / tickMs);
  return Math.min(repeatMs, Math.max(1, ticks) * tickMs);
}

async function onTheirWay({ db }: World): Promise<boolean> {
  const rows = await db.query(`select from notification where state in ('pending', 'sending') limit 1`);
  return rows.rows.length > 0;
}
