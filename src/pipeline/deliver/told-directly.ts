/**
 * Stores what the last road has told while the database was away, as if it had been delivered: receipts, so that nobody is
 * told again and everybody hears of the end; and notifications, attempts and steps, so that the history knows of it.
 */
import { fingerprint } from '../../alert/fingerprint.ts';
import type { ToldDirectly } from '../../alert/last-road.ts';
import type { Db, Queryable } from '../../store/db.ts';
import { saveSteps } from '../steps.ts';
import { touch } from './record.ts';
import type { Told } from './rows.ts';

/**
 * Stores the receipts. To be called before the alarms are submitted, or a decision could come first and tell them once more:
 * the episode is the one that is open, or else the one that the alarm will begin. Any number of times: what was
 * told once is known by its time, also when the alarm has ended since.
 */
export async function saveDirectReceipts(db: Db, told: readonly ToldDirectly[]): Promise<void> {
  if (told.length === 0) return;
  await db.transaction(async (tx) => {
    await ensureDestinations(tx, told);
    const rows = told.flatMap((one) => one.alarms.map((alarm) => ({ ...one, alert: fingerprint(alarm.labels) })));
    await tx.query(
      `insert into receipt as r (destination_id, alert_fingerprint, episode, state, told_at)
       select distinct on (d.id, t.alert) d.id, t.alert,
         case when a.fingerprint is null then 1 when a.state in ('firing', 'stale') then a.episode else a.episode + 1 end,
         'firing', t.told_at
       from unnest($1::text[], $2::text[], $3::text[], $4::timestamptz[]) as t (channel, address, alert, told_at)
       join destination d on d.channel = t.channel and d.address = t.address
       left join alert a on a.fingerprint = t.alert
       order by d.id, t.alert, t.told_at desc
       on conflict (destination_id, alert_fingerprint) do update
         set episode = excluded.episode, state = excluded.state, told_at = excluded.told_at
       where excluded.episode > r.episode and excluded.told_at > r.told_at`,
      [
        rows.map((r) => r.channel),
        rows.map((r) => r.address),
        rows.map((r) => r.alert),
        rows.map((r) => lastOf(r).finishedAt),
      ],
    );
  });
}

/** Stores notifications, attempts and steps, once the alarms are in incidents. What no incident holds any more is left out. */
export async function saveDirectHistory(db: Db, told: readonly ToldDirectly[], now: Date): Promise<void> {
  await db.transaction(async (tx) => {
    for (const one of told) await saveOne(tx, one, now);
  });
}

async function ensureDestinations(tx: Queryable, told: readonly ToldDirectly[]): Promise<void> {
  await tx.query(
    `insert into destination (channel, address, name, locale, timezone, created_at)
     select * from unnest($1::text[], $2::text[], $3::text[], $4::text[], $5::text[], $6::timestamptz[])
       as t (channel, address, name, locale, timezone, created_at)
     order by channel, address on conflict (channel, address) do nothing`,
    [
      told.map((t) => t.channel),
      told.map((t) => t.address),
      told.map((t) => t.name),
      told.map((t) => t.locale),
      told.map((t) => t.timezone),
      told.map((t) => lastOf(t).finishedAt),
    ],
  );
}

function lastOf({ attempts }: Pick<ToldDirectly, 'attempts'>) {
  return attempts.at(-1) as ToldDirectly['attempts'][0];
}

interface Part extends Record<string, unknown> {
  destination_id: number;
  incident_id: string;
  sequence: number;
  told: Told[];
}

async function saveOne(tx: Queryable, told: ToldDirectly, now: Date): Promise<void> {
  const toldAt = lastOf(told).finishedAt;
  const parts = await nextSequences(tx, told);
  let carrier: string | null = null;
  for (const part of parts) {
    const id = await saveNotification(tx, told, { part, carrier, all: parts.flatMap((p) => p.told) });
    carrier ??= id;
    const detail = { answer: lastOf(told).answer, away_since: told.awaySince.toISOString() };
    const of = { destinationId: part.destination_id, incidentId: part.incident_id, notificationId: id };
    await saveSteps(tx, [{ stage: 'deliver', reason: 'told_directly', ...of, detail }], toldAt);
  }
  await tx.query(
    `update destination set last_accepted_at = greatest(last_accepted_at, $3) where channel = $1 and address = $2`,
    [told.channel, told.address, toldAt],
  );
  await touch(
    tx,
    parts.map((p) => ({ incident_id: p.incident_id, told: p.told })),
    now,
  );
}

/** The incidents that hold what was told, each with the number of this message in its conversation. */
async function nextSequences(tx: Queryable, told: ToldDirectly): Promise<Part[]> {
  const { rows } = await tx.query<Part>(
    `with held as (
       select d.id as destination_id, i.id as incident_id,
         jsonb_agg(jsonb_build_array(r.alert_fingerprint, r.episode, 'firing') order by r.alert_fingerprint) as told
       from destination d join receipt r on r.destination_id = d.id
       join lateral (
         select p.incident_id from incident_alert p join incident i on i.id = p.incident_id
         where p.alert_fingerprint = r.alert_fingerprint and p.left_at is null
         order by i.closed_at is null desc, i.id desc limit 1) p on true
       join incident i on i.id = p.incident_id
       where d.channel = $1 and d.address = $2 and r.alert_fingerprint = any($3::text[])
       group by d.id, i.id),
     counted as (
       insert into thread as h (incident_id, destination_id, sequence, last_accepted_at)
       select incident_id, destination_id, 1, $4 from held
       on conflict (incident_id, destination_id) do update
         set sequence = h.sequence + 1, joined_at = null, last_accepted_at = greatest(h.last_accepted_at, excluded.last_accepted_at)
       returning incident_id, destination_id, sequence)
     select held.*, counted.sequence from held join counted using (incident_id, destination_id) order by incident_id`,
    [told.channel, told.address, told.alarms.map(({ labels }) => fingerprint(labels)), lastOf(told).finishedAt],
  );
  return rows;
}

/** The first carries the message; what else it told is carried, as where messages are merged. */
async function saveNotification(
  tx: Queryable,
  told: ToldDirectly,
  { part, carrier, all }: { part: Part; carrier: string | null; all: readonly Told[] },
): Promise<string> {
  const carries = carrier === null;
  const [first] = told.attempts;
  const { finishedAt, answer } = lastOf(told);
  const { rows } = await tx.query<{ id: string }>(
    `insert into notification (destination_id, incident_id, sequence, state, reason, priority, attempts, fence, message_id,
       content, told, answer, created_at, finished_at, carrier_id)
     values ($1, $2, $3, 'accepted', $4, 2, $5, $5, $6, $7, $8, $9, $10, $11, $12) returning id`,
    [
      ...[part.destination_id, part.incident_id, part.sequence, carries ? 'told_directly' : 'merged'],
      ...[carries ? told.attempts.length : 0, carries ? told.messageId : null],
      ...[carries ? JSON.stringify(told.content) : null, carries ? JSON.stringify(all) : null],
      ...[carries ? answer : null, first.startedAt, finishedAt, carrier],
    ],
  );
  const id = rows[0]?.id as string;
  if (carries) await saveAttempts(tx, id, told);
  return id;
}

async function saveAttempts(tx: Queryable, notificationId: string, { attempts }: ToldDirectly): Promise<void> {
  await tx.query(
    `insert into attempt (notification_id, number, fence, started_at, finished_at, outcome, reason, answer)
     select $1, t.number, t.number, t.started_at, t.finished_at, t.outcome, t.reason, t.answer
     from unnest($2::timestamptz[], $3::timestamptz[], $4::text[], $5::text[], $6::text[])
       with ordinality as t (started_at, finished_at, outcome, reason, answer, number)`,
    [
      notificationId,
      attempts.map((a) => a.startedAt),
      attempts.map((a) => a.finishedAt),
      attempts.map((a) => a.outcome),
      attempts.map((a) => a.reason),
      attempts.map((a) => a.answer),
    ],
  );
}
