/** What is kept of each peer: one row, written by the replica that probes and read by all. */
import type { z } from 'zod';
import type { Queryable } from '../store/db.ts';
import type { DeepStatus, PeerAlert, PeerState, Sight, Verdict } from './status.ts';
import type { evidenceSchema } from './view.ts';

export type Evidence = z.infer<typeof evidenceSchema>;

/** One peer as it is stored. */
export interface PeerRow {
  peerId: number;
  name: string;
  state: PeerState;
  since: Date | null;
  verdict: Verdict | null;
  evidence: Evidence;
  status: DeepStatus | null;
  clockOffsetMs: number | null;
  /** An announced stop; null: none. */
  leavingSince: Date | null;
  /** Alarms about it that are out. */
  told: PeerAlert[];
}

export const noEvidence: Evidence = {
  ...{ last_ok_at: null, last_probe_at: null, last_error: null },
  ...{ misses: 0, third: [], self: null },
};

/** All configured peers, by name, whether anything is known of them yet or not. */
export async function loadPeers(db: Queryable): Promise<PeerRow[]> {
  const { rows } = await db.query<PeerRow & Record<string, unknown>>(
    `select p.id as "peerId", p.name, coalesce(s.state, 'unknown') as state, s.since, s.verdict,
       coalesce(s.evidence, $1::jsonb) as evidence, s.status, s.clock_offset_ms::float8 as "clockOffsetMs",
       s.leaving_since as "leavingSince",
       array(select a.alertname from peer_alarm a where a.peer = p.name and a.ended_at is null order by 1) as told
     from peer p left join peer_state s on s.peer_id = p.id order by p.name collate "C"`,
    [JSON.stringify(noEvidence)],
  );
  return rows;
}

/** What a round has made of a peer. `leavingWas`: when it was loaded, so that an announcement meanwhile is kept. */
export interface PeerChange extends Omit<PeerRow, 'name' | 'told' | 'since'> {
  since: Date;
  leavingWas: Date | null;
}

/**
 * Stores a round, unless another replica has taken the lease meanwhile.
 *
 * @returns whether the lease was still held; if not, nothing was stored, and what was found is of the past
 */
export async function savePeers(db: Queryable, holder: string, changes: readonly PeerChange[]): Promise<boolean> {
  const { rows } = await db.query<{ held: boolean }>(
    `with saved as (insert into peer_state as s (peer_id, state, since, verdict, evidence, status, clock_offset_ms, leaving_since)
     select n."peerId", n.state, n.since, n.verdict, n.evidence, n.status, n."clockOffsetMs", n."leavingSince"
       from jsonb_to_recordset($1::jsonb) as n ("peerId" int, state text, since timestamptz, verdict text, evidence jsonb,
         status jsonb, "clockOffsetMs" float8, "leavingSince" timestamptz)
      where exists (select from peer_lease where holder = $2) and exists (select from peer where peer.id = n."peerId")
     on conflict (peer_id) do update set state = excluded.state, since = excluded.since, verdict = excluded.verdict,
       evidence = excluded.evidence, status = excluded.status, clock_offset_ms = excluded.clock_offset_ms,
       leaving_since = case when s.leaving_since is not distinct from (select m."leavingWas" from
           jsonb_to_recordset($1::jsonb) as m ("peerId" int, "leavingWas" timestamptz) where m."peerId" = s.peer_id)
         then excluded.leaving_since else s.leaving_since end)
     select exists (select from peer_lease where holder = $2) as held`,
    [JSON.stringify(changes), holder],
  );
  return rows[0]?.held === true;
}

/** Notes that a peer has announced that it stops. */
export async function noteLeaving(db: Queryable, peerId: number, since: Date): Promise<void> {
  await db.query(
    `insert into peer_state as s (peer_id, state, since, evidence, leaving_since)
     select $1, 'unknown', $2, $3::jsonb, $2 where exists (select from peer where id = $1)
     on conflict (peer_id) do update set leaving_since = excluded.leaving_since`,
    [peerId, since, JSON.stringify(noEvidence)],
  );
}

/** Whether it answers, and what it says of itself is not known: what it said before is of the past. */
export function isUnread({ state, evidence }: Pick<PeerRow, 'state' | 'evidence'>): boolean {
  return state === 'up' && evidence.last_error !== null;
}

/** How we see it, for other sites. */
export function sightOf({ name, state, verdict, told }: PeerRow): Sight {
  return { name, state, verdict, told };
}
