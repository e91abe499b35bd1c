/** The rows behind the objects that admins edit: load, save and remove, by section. */
import { randomUUID } from 'node:crypto';
import { formatDuration, parseDuration } from '../alert/duration.ts';
import { hashToken } from '../http/auth.ts';
import type { Queryable } from '../store/db.ts';
import { SECRET } from './fields.ts';
import type { Body, Section } from './kinds.ts';

/** A stored object. */
export interface Stored {
  id: number | string;
  /** Its name; of a silence without one, its id. */
  key: string;
  managed: boolean;
  version: number;
  builtin: string | null;
  /** Of an alert group, in match order; else 0. */
  position: number;
  body: Body;
  /** Hashes of a source's tokens, or the key of a robot: for comparing, never for showing. */
  secrets: readonly string[];
}

type Row = Record<string, unknown>;

interface Table {
  table: string;
  /** The columns of a body, beside name. */
  toRow: (body: Body) => Row;
  toBody: (row: Row) => Body;
}

const tables: Record<Exclude<Section, 'silences'>, Table> = {
  sources: {
    table: 'source',
    toRow: (b) => ({ site: b['site'], labels: JSON.stringify(b['labels']), members: JSON.stringify(b['members']) }),
    toBody: ({ name, site, labels, members }) => ({ name, site, labels, members }),
  },
  contacts: {
    table: 'contact',
    toRow: ({ email, wecom, openid, locale, timezone }) => ({ email, wecom, openid, locale, timezone }),
    toBody: ({ name, email, wecom, openid, locale, timezone }) => ({ name, email, wecom, openid, locale, timezone }),
  },
  robots: {
    table: 'robot',
    toRow: ({ key, locale, timezone }) => ({
      ...(key === undefined || key === SECRET ? {} : { key }),
      locale,
      timezone,
    }),
    toBody: ({ name, locale, timezone }) => ({ name, locale, timezone }),
  },
  alert_groups: {
    table: 'alert_group',
    toRow: (b) => ({
      matchers: b['matchers'],
      continue: b['continue'],
      members: b['members'],
      channels: b['channels'],
      robots: b['robots'],
      policy: JSON.stringify(b['policy']),
      ...(b['position'] === undefined ? {} : { position: b['position'] }),
    }),
    toBody: ({ name, matchers, continue: goesOn, members, channels, robots, policy }) => ({
      name,
      matchers,
      continue: goesOn,
      members,
      channels,
      robots,
      policy,
    }),
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

/** Loads all objects of a section; alert groups in match order, the built-in ones last. */
export async function loadObjects(db: Queryable, section: Section): Promise<Stored[]> {
  if (section === 'silences') return loadSilences(db);
  const { table, toBody } = tables[section];
  const where =
    section === 'alert_groups' ? 'where deleted_at is null' : section === 'sources' ? `where kind <> 'self'` : '';
  const order = section === 'alert_groups' ? 'builtin is not null, not managed, position, id' : 'name';
  const { rows } = await db.query<Row>(`select * from ${table} ${where} order by ${order}`);
  const tokens = section === 'sources' ? await loadTokens(db) : new Map<number, string[]>();
  return rows.map((row) => ({
    ...commonOf(row),
    key: String(row['name']),
    body: toBody(row),
    secrets: section === 'robots' ? [String(row['key'])] : (tokens.get(Number(row['id'])) ?? []),
  }));
}

function commonOf(row: Row): Pick<Stored, 'id' | 'managed' | 'version' | 'builtin' | 'position'> {
  return {
    id: row['id'] as number | string,
    managed: row['managed'] === true,
    version: Number(row['version']),
    builtin: (row['builtin'] as string | null | undefined) ?? null,
    position: Number(row['position'] ?? 0),
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

async function loadSilences(db: Queryable): Promise<Stored[]> {
  const { rows } = await db.query<Row>('select * from silence order by starts_at, id');
  return rows.map((row) => ({
    ...commonOf(row),
    key: String(row['name'] ?? row['id']),
    secrets: [],
    body: {
      ...(row['name'] === null ? {} : { name: row['name'] }),
      matchers: row['matchers'],
      starts_at: (row['starts_at'] as Date).toISOString(),
      ends_at: (row['ends_at'] as Date).toISOString(),
      created_by: row['created_by'],
      comment: row['comment'],
    },
  }));
}

/** How an object is stored. */
export interface Save {
  section: Section;
  body: Body;
  /** Null makes it. */
  before: Stored | null;
  managed: boolean;
  now: Date;
}

/** Makes or replaces an object; its version grows by one. Returns its id. */
export async function saveObject(tx: Queryable, save: Save): Promise<number | string> {
  const { section, body, before, managed, now } = save;
  if (section === 'silences') return saveSilence(tx, save);
  const { table, toRow } = tables[section];
  const row: Row = { name: body['name'], ...toRow(body), managed, updated_at: now };
  if (section === 'alert_groups' && before === null && row['position'] === undefined)
    row['position'] = await lastPosition(tx);
  const id = before === null ? await insert(tx, table, row) : await update(tx, table, before.id, row);
  if (section === 'sources') await saveTokens(tx, Number(id), body, now);
  return id;
}

async function lastPosition(tx: Queryable): Promise<number> {
  const { rows } = await tx.query<{ last: number }>(
    'select coalesce(max(position), 0)::int as last from alert_group where builtin is null and deleted_at is null',
  );
  return (rows[0]?.last ?? 0) + 1;
}

async function insert(tx: Queryable, table: string, row: Row): Promise<number | string> {
  const columns = Object.keys(row);
  const { rows } = await tx.query<{ id: number | string }>(
    `insert into ${table} (${columns.join(', ')}) values (${columns.map((_, i) => `$${i + 1}`).join(', ')}) returning id`,
    Object.values(row),
  );
  return (rows[0] as { id: number | string }).id;
}

async function update(tx: Queryable, table: string, id: number | string, row: Row): Promise<number | string> {
  const columns = Object.keys(row);
  await tx.query(
    `update ${table} set ${columns.map((c, i) => `${c} = $${i + 2}`).join(', ')}, version = version + 1 where id = $1`,
    [id, ...Object.values(row)],
  );
  return id;
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

async function saveSilence(tx: Queryable, { body, before, managed, now }: Save): Promise<number | string> {
  const startsAt = body['starts_at'] ?? before?.body['starts_at'] ?? now.toISOString();
  const span = body['duration'];
  const endsAt =
    span === undefined ? body['ends_at'] : new Date(new Date(String(startsAt)).getTime() + parseDuration(String(span)));
  const row: Row = {
    name: body['name'] ?? null,
    matchers: JSON.stringify(body['matchers']),
    starts_at: startsAt,
    ends_at: endsAt,
    created_by: body['created_by'],
    comment: body['comment'],
    managed,
    updated_at: now,
  };
  return before === null ? insert(tx, 'silence', { id: randomUUID(), ...row }) : update(tx, 'silence', before.id, row);
}

/** Takes an object away. An alert group stays as a row for the incidents that were its own; a silence only ends. */
export async function removeObject(tx: Queryable, section: Section, stored: Stored, now: Date): Promise<void> {
  if (section === 'alert_groups') {
    await tx.query('update alert_group set deleted_at = $2 where id = $1', [stored.id, now]);
  } else if (section === 'silences') {
    await tx.query(
      `update silence set starts_at = least(starts_at, $2), ends_at = $2, name = null, version = version + 1, updated_at = $2
       where id = $1 and ends_at > $2`,
      [stored.id, now],
    );
    await tx.query('update silence set managed = false where id = $1', [stored.id]);
  } else {
    await tx.query(`delete from ${tables[section].table} where id = $1`, [stored.id]);
  }
}
