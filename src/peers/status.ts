/**
 * The deep status: how a site fares, as it tells its peers in the answer to a probe. Read from somebody else, so everything
 * is bounded; keys that a newer version adds are dropped.
 */
import { z } from 'zod';
import { unwellReasons } from '../alert/unwell.ts';

/** How many heartbeats, sources, channels and peers one answer holds at most. */
export const listedAtMost = 1_000;
/** The largest answer that is read, in bytes. */
export const answerLimit = 256 * 1024;

const name = z.string().max(200);
const time = z.iso.datetime();

/**
 * unknown: it has not answered yet. suspect: probes are missed, nobody is told. leaving: it has said that it stops, and is
 * expected back.
 */
export const peerStates = ['unknown', 'up', 'suspect', 'down', 'leaving'] as const;
export type PeerState = (typeof peerStates)[number];

/**
 * What a silence was found to mean. down: nobody who was asked reaches it. road: somebody else does, so only the road between
 * us is broken. cut_off: nobody answers us, so it is rather we who are cut off than each of them.
 */
export const verdicts = ['down', 'road', 'cut_off'] as const;
export type Verdict = (typeof verdicts)[number];

/** Why a site that answers cannot do its work. */
export const notReadyReasons = [...unwellReasons, 'stopping', 'status_late'] as const;
export type NotReady = (typeof notReadyReasons)[number];

/** The alarms that a site raises about a peer, or about its own place among them. */
export const peerAlerts = ['PeerDown', 'PeerRoadBroken', 'PeerNotReady', 'PeerClockOff', 'SiteCutOff'] as const;
export type PeerAlert = (typeof peerAlerts)[number];

/** How a site sees one of its peers. */
export const sightSchema = z.object({
  name,
  state: z.enum(peerStates),
  verdict: z.enum(verdicts).nullable(),
  /** Alarms about it that are out. */
  told: z.array(z.enum(peerAlerts)).max(peerAlerts.length),
});
export type Sight = z.infer<typeof sightSchema>;

/** How a heartbeat fares. */
export const beatStates = ['pending', 'ok', 'late', 'lost', 'recovering'] as const;

const beatSchema = z.object({
  name,
  source: name.nullable(),
  /** Of the labels without those that its source adds, as 16 hex digits: the same on every site. */
  fingerprint: z.string().max(16),
  state: z.enum(beatStates),
  last_beat_at: time.nullable(),
  /** Whether its source adds labels: then the fingerprint may be that of another one too. */
  added: z.boolean().default(true),
});

/** What a site says of itself. */
export const deepStatusSchema = z.object({
  site: name,
  version: z.string().max(100),
  /** Of the process that answers; another one after each restart. */
  instance: z.string().max(64),
  started_at: time,
  /** Whether it can do its work; if not, why. */
  ready: z.boolean(),
  not_ready: z.array(z.enum(notReadyReasons)).max(notReadyReasons.length),
  /** Since when the oldest message is due that nobody has sent; null: there is none. */
  queue: z.object({ due_since: time.nullable() }),
  channels: z
    .array(z.object({ name, last_success_at: time.nullable(), last_failure_at: time.nullable() }))
    .max(listedAtMost),
  sources: z.array(z.object({ name, last_post_at: time.nullable() })).max(listedAtMost),
  heartbeats: z.array(beatSchema).max(listedAtMost),
  /** Of what decides who is told what; null: it could not be read. Sites that are configured alike have the same. */
  config_hash: z.string().max(64).nullable(),
  server_time: time,
  /** An announced stop; null: none. */
  leaving: z.object({ since: time, back_by: time }).nullable(),
  peers: z.array(sightSchema).max(listedAtMost),
});
export type DeepStatus = z.infer<typeof deepStatusSchema>;

/** The status with its longest lists cut until it is no larger than what a peer reads: a long one must not look like none. */
export function fitting(status: DeepStatus, limit: number = answerLimit): DeepStatus {
  if (Buffer.byteLength(JSON.stringify(status)) <= limit) return status;
  const longest = (['heartbeats', 'sources', 'channels', 'peers'] as const).reduce((a, b) =>
    JSON.stringify(status[a]).length >= JSON.stringify(status[b]).length ? a : b,
  );
  const kept = status[longest].slice(0, Math.floor(status[longest].length / 2));
  return status[longest].length === 0 ? status : fitting({ ...status, [longest]: kept }, limit);
}
