/** Our own deep status, as peers get it: read at most once a second, in one statement. */
import { sharedFingerprint } from '../alert/fingerprint.ts';
import type { Labels } from '../alert/labels.ts';
import type { OwnTrouble } from '../alert/unwell.ts';
import type { Db } from '../store/db.ts';
import { dueSince } from '../store/due-since.ts';
import { type DeepStatus, fitting, listedAtMost, type NotReady, type Sight } from './status.ts';

export interface OwnStatusParts {
  db: Db;
  now: () => Date;
  monotonicMs: () => number;
  site: string;
  version: string;
  /** Of this process. */
  instance: string;
  startedAt: Date;
  /** What is not well with this service. */
  unwell: () => Promise<OwnTrouble>;
  configHash: () => Promise<string>;
  /** How we see our own peers. */
  sights: () => readonly Sight[];
  leaving: () => DeepStatus['leaving'];
}

/** What is read costs nothing for whoever asks within the same second. */
const sharedMs = 1_000;
/** Whoever asks waits no longer than that: a database that is away must not make the whole site look dead. */
const withinMs = 1_000;

type Rows = Pick<DeepStatus, 'queue' | 'channels' | 'sources' | 'heartbeats'>;
const nothing: Rows = { queue: { due_since: null }, channels: [], sources: [], heartbeats: [] };
type Found = Rows & Pick<DeepStatus, 'not_ready' | 'config_hash'>;

/** Makes what tells how we fare; it always answers. */
export function createOwnStatus(parts: OwnStatusParts): () => Promise<DeepStatus> {
  let last: { atMs: number; found: Found } | null = null;
  let reading: Promise<Found> | null = null;

  function read(): Promise<Found> {
    reading ??= find(parts)
      .then((found) => {
        last = { atMs: parts.monotonicMs(), found };
        return found;
      })
      .finally(() => {
        reading = null;
      });
    return reading;
  }

  async function recent(): Promise<Found> {
    if (last !== null && parts.monotonicMs() - last.atMs < sharedMs) return last.found;
    const late: Found = { ...nothing, not_ready: ['status_late'], config_hash: null };
    let timer: NodeJS.Timeout | undefined;
    const waited = new Promise<Found>((resolve) => {
      timer = setTimeout(resolve, withinMs, late);
    });
    return Promise.race([read().catch(() => late), waited]).finally(() => clearTimeout(timer));
  }

  return async () => {
    const { site, version, instance, startedAt, now } = parts;
    const { not_ready, ...found } = await recent();
    const leaving = parts.leaving();
    const why: NotReady[] = leaving === null ? not_ready : [...not_ready, 'stopping'];
    return fitting({
      ...{ site, version, instance, started_at: startedAt.toISOString() },
      ...{ ready: why.length === 0, not_ready: why, ...found },
      ...{ server_time: now().toISOString(), leaving, peers: [...parts.sights()] },
    });
  };
}

async function find(parts: OwnStatusParts): Promise<Found> {
  const trouble = await parts.unwell();
  if (trouble.reasons.includes('database')) return { ...nothing, not_ready: notReady(trouble, []), config_hash: null };
  const rows = await readRows(parts.db, parts.now());
  const used = rows.channels.map(({ name }) => name);
  return { ...rows, not_ready: notReady(trouble, used), config_hash: await parts.configHash() };
}

/**
 * One channel of several that fails keeps nobody from being told; a look for our own trouble that is late neither.
 *
 * @param used channels that somebody is told by
 */
export function notReady({ reasons, failingChannels }: OwnTrouble, used: readonly string[]): NotReady[] {
  const ways = used.filter((name) => name !== 'outbox');
  const all = ways.length > 0 && ways.every((name) => failingChannels.includes(name));
  return reasons.filter((reason) => reason !== 'self_check' && (reason !== 'channel_failing' || all));
}

interface Row extends Record<string, unknown> {
  due_since: Date | null;
  channels: DeepStatus['channels'];
  sources: DeepStatus['sources'];
  beats: (Omit<DeepStatus['heartbeats'][number], 'fingerprint' | 'added'> & { labels: Labels; added: Labels })[];
}

/** Times as JSON has them are made ISO times by hand: PostgreSQL writes them with its own zone. */
async function readRows(db: Db, now: Date): Promise<Rows> {
  const { rows } = await db.query<Row>(
    `select ${dueSince} as due_since,
       (select coalesce(json_agg(c), '[]') from (
          select channel as name, max(last_accepted_at) as last_success_at, max(last_failed_at) as last_failure_at
          from destination group by channel order by channel limit $2) c) as channels,
       (select coalesce(json_agg(s), '[]') from (
          select s.name, a.last_post_at from source s left join source_activity a on a.source_id = s.id
          where s.kind <> 'self' order by s.name limit $2) s) as sources,
       (select coalesce(json_agg(b), '[]') from (
          select coalesce(h.name, left(s.labels->>'alertname', 100), 'heartbeat') as name, source.name as source,
            s.labels, coalesce(source.labels, '{}') as added, s.state, s.last_beat_at
          from heartbeat_stream s left join heartbeat h on h.id = s.heartbeat_id
            left join source on source.id = s.source_id
          where s.fingerprint <> '' order by s.id limit $2) b) as beats`,
    [now, listedAtMost],
  );
  const row = rows[0] as Row;
  return {
    queue: { due_since: row.due_since?.toISOString() ?? null },
    channels: row.channels.map((one) => ({
      ...{ name: one.name, last_success_at: iso(one.last_success_at), last_failure_at: iso(one.last_failure_at) },
    })),
    sources: row.sources.map(({ name, last_post_at }) => ({ name, last_post_at: iso(last_post_at) })),
    heartbeats: row.beats.map(({ labels, added, ...beat }) => ({
      ...{ ...beat, fingerprint: sharedFingerprint(labels, added), last_beat_at: iso(beat.last_beat_at) },
      added: Object.keys(added).length > 0,
    })),
  };
}

function iso(time: string | null): string | null {
  return time === null ? null : new Date(time).toISOString();
}
