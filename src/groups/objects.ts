/** The rows behind the objects that admins edit: load, save and remove, by section. */
import { randomUUID } from 'node:crypto';
import { parseDuration } from '../alert/duration.ts';
import { hashToken } from '../http/auth.ts';
import type { Queryable } from '../store/db.ts';
import { SECRET } from './fields.ts';
import type { Body, Section } from './kinds.ts';
import { secretFields } from './secrets.ts';
import { type Row, tableOf, tables } from './tables.ts';

/** A stored object. */
export interface Stored {
  id: number | string;
  /** Its name; of a silence without one, its id. */
  key: string;
  managed: boolean;
  /** Managed, and edited by hand until an `apply` takes it back. */
  unlocked: boolean;
  version: number;
  updatedAt: Date;
  /** Null: before anybody was written down. */
  updatedBy: string | null;
  builtin: string | null;
  /** Of an alert group, in match order; else 0. */
  position: number;
  body: Body;
  /** Hashes of a source's tokens, or the secret of a robot or a peer: for comparing, never for showing. */
  secrets: readonly string[];
  /** What its members are asked with, of a source: for comparing, never for showing. Null: nothing. */
  apiToken: string | null;
}

/** Loads all objects of a section; alert groups in match order, the built-in ones last. */
export async function loadObjects(db: Queryable, section: Section): Promise<Stored[]> {
  const { rows } = await db.query<Row>(`select * from ${tableOf(section)} ${selection[section] ?? 'order by name'}`);
  const tokens = section === 'sources' ? await loadTokens(db) : new Map<number, string[]>();
  return rows.map((row) => storedOf(section, row, tokens.get(Number(row['id'])) ?? []));
}

const selection: Partial<Record<Section, string>> = {
  sources: `where kind <> 'self' order by name`,
  alert_groups: 'where deleted_at is null order by builtin is not null, not managed, position, id',
  silences: 'order by starts_at, id',
};

function storedOf(section: Section, row: Row, tokens: readonly string[]): Stored {
  const secret = secretFields[section];
  return {
    id: row['id'] as number | string,
    key: String(row['name'] ?? row['id']),
    managed: row['managed'] === true,
    unlocked: row['unlocked'] === true,
    version: Number(row['version']),
    updatedAt: row['updated_at'] as Date,
    updatedBy: (row['updated_by'] as string | null | undefined) ?? null,
    builtin: (row['builtin'] as string | null | undefined) ?? null,
    position: Number(row['position'] ?? 0),
    body: section === 'silences' ? silenceBody(row) : tables[section].toBody(row),
    secrets: secret === undefined ? tokens : [String(row[secret])],
    apiToken: (row['api_token'] as string | null | undefined) ?? null,
  };
}

function silenceBody(row: Row): Body {
  return {
    ...(row['name'] === null ? {} : { name: row['name'] }),
    matchers: row['matchers'],
    starts_at: (row['starts_at'] as Date).toISOString(),
    ends_at: (row['ends_at'] as Date).toISOString(),
    time_intervals: row['time_intervals'],
    notify: row['notify'],
    remind: row['remind'],
    created_by: row['created_by'],
    comment: row['comment'],
  };
}

async function loadTokens(db: Queryable): Promise<Map<number, string[]>> {
  const { rows } = await db.query<{ source_id: number; hash: string }>(
    'select source_id, hash from source_token order by id',
  );
  const tokens = new Map<number, string[]>();
  for (const { source_id, hash } of rows) tokens.set(source_id, [...(tokens.get(source_id) ?? []), hash]);
  return tokens;
}

/** How an object is stored. */
export interface Save {
  section: Section;
  body: Body;
  /** Null makes it. */
  before: Stored | null;
  managed: boolean;
  unlocked?: boolean;
  now: Date;
  by: string;
  /** Of an object that is made: its first version, and the id that it had before it was deleted. */
  begin?: { version: number; id: string | null };
}

/** Makes or replaces an object; its version grows by one. */
export async function saveObject(tx: Queryable, save: Save): Promise<Stored> {
  const { section, body, before, managed, now, by } = save;
  const columns = section === 'silences' ? silenceRow(save) : { name: body['name'], ...tables[section].toRow(body) };
  const row: Row = { ...columns, managed, unlocked: save.unlocked ?? false, updated_at: now, updated_by: by };
  if (section === 'alert_groups' && before === null) row['position'] ??= await placeOf(tx, save.begin?.id ?? null);
  const saved = before === null ? await make(tx, save, row) : await update(tx, tableOf(section), before.id, row);
  if (section === 'sources') await saveTokens(tx, Number(saved['id']), body, now);
  return storedOf(section, saved, tokenHashes(body) ?? before?.secrets ?? []);
}

function make(tx: Queryable, { section, begin }: Save, row: Row): Promise<Row> {
  const table = tableOf(section);
  const version = begin?.version ?? 1;
  const id = begin?.id ?? null;
  if (id === null) return insert(tx, table, { ...row, version });
  if (section !== 'alert_groups') return insert(tx, table, { ...row, id, version });
  // A deleted alert group is still there as a row.
  return update(tx, table, id, { ...row, deleted_at: null });
}

/** The last place; the old one for a page-made alert group that comes back. */
async function placeOf(tx: Queryable, deletedId: string | null): Promise<number> {
  const { rows } = await tx.query<{ place: number }>(
    `select coalesce((select position from alert_group where id = $1::int and not managed),
       (select max(position) + 1 from alert_group where builtin is null and deleted_at is null), 1)::int as place`,
    [deletedId],
  );
  return rows[0]?.place ?? 1;
}

async function insert(tx: Queryable, table: string, row: Row): Promise<Row> {
  const columns = Object.keys(row);
  const places = columns.map((_, i) => `$${i + 1}`);
  const { rows } = await tx.query<Row>(
    `insert into ${table} (${columns.join(', ')}) overriding system value values (${places.join(', ')}) returning *`,
    Object.values(row),
  );
  return rows[0] as Row;
}

async function update(tx: Queryable, table: string, id: number | string, row: Row): Promise<Row> {
  const columns = Object.keys(row);
  const { rows } = await tx.query<Row>(
    `update ${table} set ${columns.map((c, i) => `${c} = $${i + 2}`).join(', ')}, version = version + 1
     where id = $1 returning *`,
    [id, ...Object.values(row)],
  );
  return rows[0] as Row;
}

function tokensIn(body: Body): unknown[] {
  return [body['token'], ...((body['tokens'] as string[] | undefined) ?? [])].filter((t) => t !== undefined);
}

/** Whether a body says `<secret>`: keep the tokens that are stored. */
export function keepsTokens(body: Body): boolean {
  return tokensIn(body).includes(SECRET);
}

/** The tokens of a body, as hashes; null = it says nothing of them. */
export function tokenHashes(body: Body): string[] | null {
  const given = tokensIn(body);
  if (given.length === 0 || keepsTokens(body)) return null;
  return [...new Set(given.map((t) => hashToken(String(t))))];
}

/** A token may move here from another source: whoever calls has made sure that only one source has it in the end. */
async function saveTokens(tx: Queryable, sourceId: number, body: Body, now: Date): Promise<void> {
  const hashes = tokenHashes(body);
  if (hashes === null) return;
  await tx.query('delete from source_token where source_id = $1 and not (hash = any($2::text[]))', [sourceId, hashes]);
  await tx.query(
    `insert into source_token (source_id, hash, created_at) select $1, h, $3 from unnest($2::text[]) as t (h)
     on conflict (hash) do update set source_id = excluded.source_id`,
    [sourceId, hashes, now],
  );
}

function silenceRow({ body, before, now }: Save): Row {
  const startsAt = body['starts_at'] ?? before?.body['starts_at'] ?? now.toISOString();
  const span = body['duration'];
  const endsAt =
    span === undefined ? body['ends_at'] : new Date(new Date(String(startsAt)).getTime() + parseDuration(String(span)));
  return {
    ...(before === null ? { id: randomUUID() } : {}),
    name: body['name'] ?? null,
    matchers: JSON.stringify(body['matchers']),
    starts_at: startsAt,
    ends_at: endsAt,
    time_intervals: body['time_intervals'] ?? [],
    notify: body['notify'] ?? null,
    remind: body['remind'] ?? '15m',
    created_by: body['created_by'],
    comment: body['comment'],
  };
}

/** How an object is taken away. */
export interface Removal {
  section: Section;
  stored: Stored;
  now: Date;
  by: string;
}

/**
 * Takes an object away. An alert group stays as a row for the incidents that were its own; a silence only ends, and what
 * it says then is the answer. Null: it had ended already.
 */
export async function removeObject(tx: Queryable, { section, stored, now, by }: Removal): Promise<Stored | null> {
  if (section === 'silences') return endSilence(tx, stored.id, { now, by });
  const ended = { ...stored, version: stored.version + 1, updatedAt: now, updatedBy: by };
  if (section === 'alert_groups') {
    await tx.query(
      `update alert_group set deleted_at = $2, updated_at = $2, updated_by = $3, version = version + 1 where id = $1`,
      [stored.id, now, by],
    );
  } else await tx.query(`delete from ${tableOf(section)} where id = $1`, [stored.id]);
  return ended;
}

async function endSilence(
  tx: Queryable,
  id: number | string,
  { now, by }: { now: Date; by: string },
): Promise<Stored | null> {
  const { rows } = await tx.query<Row>(
    `update silence set starts_at = least(starts_at, $2), ends_at = $2, name = null, managed = false, unlocked = false,
       version = version + 1, updated_at = $2, updated_by = $3
     where id = $1 and ends_at > $2 returning *`,
    [id, now, by],
  );
  return rows[0] === undefined ? null : storedOf('silences', rows[0], []);
}

/** Marks a managed object as edited by hand. */
export async function unlockObject(tx: Queryable, { section, stored, now, by }: Removal): Promise<Stored> {
  const row = await update(tx, tableOf(section), stored.id, { unlocked: true, updated_at: now, updated_by: by });
  return storedOf(section, row, stored.secrets);
}

/** What was edited beside the body, such as the tokens of a source: only its version grows. */
export async function touchObject(tx: Queryable, { section, stored, now, by }: Removal): Promise<Stored> {
  const row = await update(tx, tableOf(section), stored.id, { updated_at: now, updated_by: by });
  const tokens = section === 'sources' ? ((await loadTokens(tx)).get(Number(stored.id)) ?? []) : [];
  return storedOf(section, row, tokens);
}
