/** The real pipeline over real SQL, with a clock, providers and a configuration that a history drives. */
import type { Report } from '../../src/alert/alert.ts';
import type { AlertGroup, Contact, InhibitionRule, Silence, Snapshot } from '../../src/alert/config.ts';
import { createOutboxChannel } from '../../src/channels/outbox/channel.ts';
import { makeMatcher } from '../../src/matcher/compile.ts';
import { watchSources } from '../../src/pipeline/dedupe/quiet.ts';
import type { Told } from '../../src/pipeline/deliver/rows.ts';
import { createPipeline, type Pipeline, type PipelineParts } from '../../src/pipeline/pipeline.ts';
import { dueDestinations } from '../../src/pipeline/sweep.ts';
import type { EmbeddedDb } from '../../src/store/pglite.ts';
import { type HandClock, handClock } from '../support/clock.ts';
import { type Cluster, createCluster } from './cluster.ts';
import { contactsOf, groupsOf, ruleChoices, type Setup, snapshotOf, sources } from './configuration.ts';
import { createProviders, type Providers } from './providers.ts';

/** Every wait of a history is a multiple of this, so it never ends at the very moment at which a lease does. */
export const tickMs = 5_000;
/** Longer than any lease. */
const leaseIsOverMs = 61_000;
/** More rounds than any instant needs: whoever is still busy then will never come to rest. */
const roundsToRest = 40;

/** One history under way. */
export interface World {
  db: EmbeddedDb;
  clock: HandClock;
  cluster: Cluster;
  providers: Providers;
  pipeline: Pipeline;
  snapshot(): Snapshot;
  contacts: readonly Contact[];
  groups: AlertGroup[];
  silences: Silence[];
  rules: InhibitionRule[];
  /** Makes a rule, to be put into `rules`. */
  newRule(choice: number): InhibitionRule;
  /** Stores an edit of `groups`, `silences` or `rules` as a new version and carries it on. */
  edit(): Promise<void>;
  /** Every lease ends now, as if the database's clock had moved on. */
  endLeases(): void;
  /** What the clock of leases shows. */
  leaseNow(): Date;
  /** Posts reports as their sources do, one request per source. */
  post(reports: readonly Report[]): Promise<void>;
  /** Looks for sources that have gone quiet or are back. */
  watch(): Promise<void>;
  /** Delivers what is due, one destination after the other. Returns whether there was anything. */
  deliverDue(): Promise<boolean>;
  /** Does everything that is due now. @throws Error when that never ends */
  settle(): Promise<void>;
  /** Faults that were no delivery errors, except the crashes of the history itself. */
  faults: unknown[];
}

/** Empties the database and starts a history in it. */
export async function createWorld(db: EmbeddedDb, setup: Setup): Promise<World> {
  await empty(db);
  const clock = handClock();
  const start = clock.now().getTime();
  const faults: unknown[] = [];
  let shiftMs = 0;
  let version = 1;
  // Leases run 5 % faster than the clock of the history: so an end of a lease and a tick never coincide.
  const leaseOffsetMs = () => start + (clock.now().getTime() - start) * 1.05 + shiftMs - Date.now();
  const providers = createProviders(createOutboxChannel(), {
    told: async (messageId) => {
      const rows = await db.query<{ told: Told[] }>(
        `select told from notification where message_id = $1 and state = 'sending'`,
        [messageId],
      );
      return rows.rows[0]?.told ?? [];
    },
    overtake: async (address) => {
      shiftMs += leaseIsOverMs;
      const rows = await db.query<{ id: number }>('select id from destination where address = $1', [address]);
      for (const { id } of rows.rows) await createPipeline(parts).deliver(id);
    },
  });
  const world = {
    ...{ contacts: contactsOf(setup), groups: groupsOf(setup) },
    ...{ silences: [] as Silence[], rules: [] as InhibitionRule[] },
  };
  let rulesMade = 0;
  let snapshot = snapshotOf(version, world.groups, world.silences, world.rules);
  const parts: PipelineParts<never> = {
    db,
    clock,
    current: () => snapshot,
    snapshot: async () => snapshot,
    outages: () => [],
    watchdog: { splitBeats: (reports) => ({ beats: [], rest: [...reports] }), saveBeats: async () => {} },
    channels: providers.channels,
    critical: [makeMatcher('severity', '=', 'critical')],
    sender: { site: 'test', externalUrl: 'http://mm.test', mailDomain: 'mm.test' },
    leaseOffsetMs,
    limits: { inFlight: 1, besideSize: 1, batchSize: 500, queuedSize: 10_000 },
    daily: { unwell: async () => ({ reasons: [], failingChannels: [] }), sites: async () => [] },
    nudge: () => {},
    onTaken: () => {},
    onDecided: () => {},
    onBatchBroken: (error) => {
      throw error;
    },
    onUndecided: (error) => {
      throw error;
    },
    onBroken: (error) => {
      throw error;
    },
    onUnmade: (error) => {
      throw error;
    },
    onResult: () => {},
    onFault: (error) => {
      if (!(error instanceof Error && error.message === 'the process died')) faults.push(error);
    },
  };
  const pipeline = createPipeline(parts);
  await saveConfiguration(db, snapshot);
  await pipeline.applyEdit();

  const dueNow = () => dueDestinations(db, clock.now(), leaseOffsetMs(), 100);
  async function deliverDue(): Promise<boolean> {
    const due = await dueNow();
    for (const id of due.sort((a, b) => a - b)) await pipeline.deliver(id);
    return due.length > 0;
  }

  const rest: Omit<World, keyof typeof world> = {
    db,
    clock,
    cluster: createCluster(),
    providers,
    pipeline,
    faults,
    snapshot: () => snapshot,
    async edit() {
      version += 1;
      snapshot = snapshotOf(version, world.groups, world.silences, world.rules);
      await saveRules(db, world.rules);
      await pipeline.applyEdit();
    },
    newRule(choice) {
      rulesMade += 1;
      return { ...(ruleChoices[choice] as (typeof ruleChoices)[number]), id: rulesMade };
    },
    endLeases() {
      shiftMs += leaseIsOverMs;
    },
    leaseNow: () => new Date(Date.now() + leaseOffsetMs()),
    async post(reports) {
      for (const { id } of sources) {
        const own = reports.filter((r) => r.sourceId === id);
        if (own.length > 0) await pipeline.take({ sourceId: id, reports: own, quarantined: [] });
      }
    },
    async watch() {
      await watchSources(db, clock.now(), [], async () => {});
    },
    deliverDue,
    async settle() {
      for (let round = 0; round < roundsToRest; round++) {
        await pipeline.decide();
        const delivered = await deliverDue();
        if (!delivered && !(await anyIncidentDue(db, clock.now()))) return;
      }
      throw new Error(`not at rest after ${roundsToRest} rounds`);
    },
  };
  return Object.assign(world, rest);
}

async function anyIncidentDue(db: EmbeddedDb, now: Date): Promise<boolean> {
  const rows = await db.query(
    `select from incident i where closed_at is null and (due_at <= $1 or exists (
       select from incident_due d where d.incident_id = i.id and d.due_at <= $1)) limit 1`,
    [now],
  );
  return rows.rows.length > 0;
}

async function empty(db: EmbeddedDb): Promise<void> {
  await db.query(
    `truncate source, alert_group, source_activity, source_group, reporter, alert, incident, incident_due, incident_alert, destination,
       thread, receipt, notification, attempt, step, quarantine, inhibition_rule, inhibitor, inhibited, transition restart identity cascade`,
  );
}

/** Only that they are there: what they say is in the snapshot. */
async function saveRules(db: EmbeddedDb, rules: readonly InhibitionRule[]): Promise<void> {
  await db.query('delete from inhibition_rule where id <> all($1::int[])', [rules.map((r) => r.id)]);
  await db.query(
    `insert into inhibition_rule (id, name, source_matchers, target_matchers, equal, updated_at) overriding system value
     select *, '{}', '{}', '{}', 'epoch' from unnest($1::int[], $2::text[]) on conflict do nothing`,
    [rules.map((r) => r.id), rules.map((r) => r.name)],
  );
}

async function saveConfiguration(db: EmbeddedDb, snapshot: Snapshot): Promise<void> {
  await db.query(
    `insert into source (id, name, site, kind, updated_at) overriding system value
     select *, 'epoch' from unnest($1::int[], $2::text[], $3::text[], $4::text[])`,
    [sources.map((s) => s.id), sources.map((s) => s.name), sources.map((s) => s.site), sources.map((s) => s.kind)],
  );
  const groups = [...snapshot.groupsById.values()];
  await db.query(
    `insert into alert_group (id, name, builtin, position, updated_at) overriding system value
     select *, 1, 'epoch' from unnest($1::int[], $2::text[], $3::text[])`,
    [groups.map((g) => g.id), groups.map((g) => g.name), groups.map((g) => g.builtin)],
  );
}
