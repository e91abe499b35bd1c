import type { AlertGroup, Audience, Contact, Mention, Snapshot } from '../../alert/config.ts';
import type { Digest } from '../../alert/digest.ts';
import { membersUntil, schedulesOf } from '../../alert/members.ts';
import type { Db, Queryable } from '../../store/db.ts';
import { type Address, audienceOf, everyAddress, reachedAt, reachedBy } from './audience.ts';

/** Whom the alert groups of one configuration tell, of incidents that have reached so many escalation steps. */
export interface Members {
  /** Destination ids of everybody whom an alert group tells at a moment. */
  at(groupId: number, moment: Date, steps: number): readonly number[];
  /** When somebody else may come on call for it; null: nobody will. */
  until(groupId: number, moment: Date, steps: number): Date | null;
  /** When a destination is told what is not critical; null: at once. */
  digestOf(id: number): Digest | null;
  /** Whom messages to a destination mention; null: it is no room. */
  mentionOf(id: number): Mention | null;
  /** Destination ids of contacts whom a notice is for. */
  addressed(contacts: readonly Contact[]): readonly number[];
  /** Destination ids of an audience that a notice is for. */
  reached(audience: Audience): readonly number[];
}

/**
 * Gives every address of a configuration its destination row, once per version and outside of any decision: also those of who
 * is not on call yet, so that a hand-over costs nothing.
 *
 * @param configured names of the channels that can send; members on others are kept in the outbox
 */
export function createDestinations(
  db: Db,
  configured: ReadonlySet<string>,
  now: () => Date,
): (snapshot: Snapshot) => Promise<Members> {
  let known: { version: number; members: Members } | null = null;
  return async (snapshot) => {
    if (known?.version !== snapshot.version)
      known = { version: snapshot.version, members: await ensure(db, snapshot, configured, now()) };
    return known.members;
  };
}

async function ensure(db: Db, snapshot: Snapshot, configured: ReadonlySet<string>, now: Date): Promise<Members> {
  const addresses = everyAddress(snapshot, configured);
  const ids = await save(db, addresses, now);
  await tellNewcomers(db, now);
  const idsOf = (some: readonly Address[]) => some.map((a) => ids.get(rowKey(a)) as number);
  const byId = new Map(addresses.map((a) => [ids.get(rowKey(a)) as number, a]));
  return {
    ...membersOf(snapshot.groupsById, (group, at, steps) => idsOf(audienceOf(group, configured, at, steps))),
    digestOf: (id) => byId.get(id)?.digest ?? null,
    mentionOf: (id) => byId.get(id)?.mention ?? null,
    addressed: (contacts) => idsOf(reachedAt(contacts, configured)),
    reached: (audience) => idsOf(reachedBy(audience, configured)),
  };
}

/** Who they are is worked out once for each turn: thousands of incidents ask for the same moment. */
export function membersOf(
  groups: Snapshot['groupsById'],
  idsAt: (group: AlertGroup, at: Date, steps: number) => readonly number[],
): Pick<Members, 'at' | 'until'> {
  // Of each alert group one for each number of steps.
  const turns = new Map<number, Map<number, Turn>>();
  function turnAt(groupId: number, moment: Date, steps: number) {
    const known = turns.get(groupId)?.get(steps);
    if (known !== undefined && isIn(known, moment)) return known;
    const group = groups.get(groupId);
    if (group === undefined) return { until: null, ids: [] };
    const until = membersUntil(group, moment, steps);
    // Without a schedule it is the same at every moment.
    const from = until === null && schedulesOf(group, steps).length === 0 ? new Date(0) : moment;
    const turn = { from, until, ids: idsAt(group, moment, steps) };
    turns.set(groupId, (turns.get(groupId) ?? new Map()).set(steps, turn));
    return turn;
  }
  return {
    at: (groupId, moment, steps) => turnAt(groupId, moment, steps).ids,
    until: (groupId, moment, steps) => turnAt(groupId, moment, steps).until,
  };
}

/** From when to when the members of an alert group stay the same; null: until an edit. */
interface Turn {
  from: Date;
  until: Date | null;
  ids: readonly number[];
}

function isIn({ from, until }: Turn, moment: Date): boolean {
  const ms = moment.getTime();
  return ms >= from.getTime() && (until === null || ms < until.getTime());
}

/** A new destination that is due a summary is told at once: every open incident has a say in it. */
async function tellNewcomers(db: Db, now: Date): Promise<void> {
  await db.query(
    `update incident set due_at = least(due_at, $1)
     where closed_at is null and exists (select from destination where summary_due and created_at = $1)`,
    [now],
  );
}

function rowKey(a: Pick<Address, 'channel' | 'address'>): string {
  return `${a.channel} ${a.address}`;
}

/**
 * A new destination is due a summary when its messages were kept in the outbox until now (its channel has just been
 * configured), or when its contact was given up elsewhere: a corrected address is told what the wrong one missed (rule 5).
 */
async function save(db: Queryable, addresses: readonly Address[], now: Date): Promise<Map<string, number>> {
  const saved = await db.query<{ id: number; channel: string; address: string }>(
    `insert into destination as d (channel, address, name, locale, timezone, created_at, summary_due)
     select t.channel, t.address, t.name, t.locale, t.timezone, $6, exists (
       select from destination o where (o.channel = 'outbox' and o.address = t.channel || ':' || t.address)
         or (o.name = t.name and exists (
           select from receipt r where r.destination_id = o.id and r.state = 'undeliverable')))
     from unnest($1::text[], $2::text[], $3::text[], $4::text[], $5::text[]) as t (channel, address, name, locale, timezone)
     order by t.channel, t.address
     on conflict (channel, address) do update
       set name = excluded.name, locale = excluded.locale, timezone = excluded.timezone
     returning id, channel, address`,
    [
      addresses.map((a) => a.channel),
      addresses.map((a) => a.address),
      addresses.map((a) => a.name),
      addresses.map((a) => a.locale),
      addresses.map((a) => a.timezone),
      now,
    ],
  );
  return new Map(saved.rows.map((row) => [rowKey(row), row.id]));
}
