/** Instances that watch each other: everything about the other sites, put together for `app.ts`. */
import { randomUUID } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Alarm, Submit } from '../alert/alarm.ts';
import type { DailyLine } from '../alert/notice.ts';
import type { Peer } from '../alert/peer.ts';
import type { AskPeers, PeerView } from '../alert/peer-view.ts';
import type { Clock } from '../clock.ts';
import type { Db } from '../store/db.ts';
import { raiseAlarm } from './alarm-rows.ts';
import { createAlone } from './alone.ts';
import { createAnswers } from './answers.ts';
import { createAsker } from './asker.ts';
import type { PeerRules } from './decide.ts';
import { createEndpoint } from './endpoint.ts';
import { leaveLease, takeLease } from './lease.ts';
import { type Loop, startLoop } from './loop.ts';
import { createOwnStatus, type OwnStatusParts } from './own-status.ts';
import type { Refusal } from './questions.ts';
import type { Asked } from './request.ts';
import { createRounds, type Rounded } from './round.ts';
import { loadPeers, type PeerChange, type PeerRow, savePeers, sightOf } from './rows.ts';
import { dailyLine, viewOf } from './shown.ts';
import type { DeepStatus } from './status.ts';
import { createTelling } from './telling.ts';
import { peerViewSchema, type WayOut } from './view.ts';

export interface PeersParts extends Pick<OwnStatusParts, 'unwell' | 'configHash'> {
  db: Db;
  clock: Clock;
  /** Name of our own site. */
  site: string;
  version: string;
  startedAt: Date;
  rules: PeerRules;
  /** As configured. */
  peers: () => readonly Peer[];
  submit: Submit;
  /** What is wrong with our database; null: nothing. */
  prove: () => Promise<string | null>;
  /** A look at the hosts by which people are told. */
  wayOut: () => Promise<WayOut>;
  leaseOffsetMs: () => number;
  onProbe: (peer: string, tookMs: number) => void;
  onRefused: (why: Refusal) => void;
  log: Record<'info' | 'warn' | 'error', (facts: object, text: string) => void>;
}

export interface Peers {
  /** Who of the peers still sees these heartbeats, from a fresh probe of each; never rejects. */
  askPeers: AskPeers;
  /** Takes the probes of other sites. @returns whether the request was one */
  endpoint(req: IncomingMessage, res: ServerResponse): boolean;
  /** One round of probes, if this replica is the one that probes. */
  tick(): Promise<void>;
  /** One round while our own database is away. @returns the alarms that are out since, for the last road */
  fromMemory(): Promise<readonly Alarm[]>;
  /** Gives the database what was found while it was away. @returns alarms that have to be submitted */
  back(): Promise<readonly Alarm[]>;
  /** Rounds by themselves from now on. */
  start(): void;
  /** Tells the peers that we stop, as well as that goes within a second, and ends the rounds. */
  stop(): Promise<void>;
  /** What is known of all of them. */
  rows(): Promise<PeerRow[]>;
  /** What answers of the API say of each, by name, and its schema. */
  shown: { shows: typeof peerViewSchema; show: () => Promise<(name: string) => ReturnType<typeof viewOf>> };
  /** How they fare, for the daily message. */
  daily(): Promise<DailyLine[]>;
}

/** A stop waits no longer for peers that it tells of it. */
const farewellMs = 1_000;

export function createPeers(parts: PeersParts): Peers {
  const { db, clock, site, rules, log } = parts;
  const holder = randomUUID();
  const lease = { db, holder, rules, offsetMs: parts.leaseOffsetMs };
  const halt = new AbortController();
  /** Answers and the farewell are not cut short by our stop: who asks whether we reach somebody must not hear that we do not. */
  const asker = createAsker({ clock, site });
  const rounds = createRounds({ ...parts, asker: createAsker({ clock, site, stopped: halt.signal }) });
  const alone = createAlone({
    ...{ clock, own: site, rules },
    rounds: createRounds({ ...parts, asker, prove: async () => null }),
  });
  const telling = createTelling({ ...parts, own: site });
  let sights: readonly PeerRow[] = [];
  let leaving: DeepStatus['leaving'] = null;
  let loop: Loop | null = null;
  let busy: Promise<void> | null = null;
  /** Whether there may be something of peers that are not configured any more. */
  let left = true;

  const status = createOwnStatus({
    ...{ db, site, version: parts.version, instance: holder, startedAt: parts.startedAt },
    ...{ unwell: parts.unwell, configHash: parts.configHash },
    now: () => clock.now(),
    monotonicMs: () => clock.monotonicMs(),
    sights: () => sights.map(sightOf),
    leaving: () => leaving,
  });

  async function round(): Promise<void> {
    const peers = parts.peers();
    if (peers.length === 0 && !left) return;
    if (!(await takeLease(lease))) return watchOnly();
    const rows = new Map((await loadPeers(db)).map((row) => [row.name, row]));
    const known = peers.flatMap((peer) => {
      const row = rows.get(peer.name);
      return row === undefined ? [] : [{ peer, row }];
    });
    const all = await rounds.run(known);
    // What was broken off says nothing about anybody.
    if (halt.signal.aborted) return;
    // Another replica goes on from newer rows: an alarm by these would be told twice, and its end would be no end.
    if (!(await savePeers(db, holder, all.map(changeOf)))) return watchOnly();
    logChanges(log, all);
    await telling.tell(all);
    sights = await loadPeers(db);
    left = peers.length > 0;
  }

  /** Another replica probes. */
  async function watchOnly(): Promise<void> {
    rounds.forget();
    sights = await loadPeers(db);
  }

  async function farewell(): Promise<void> {
    const now = clock.now();
    leaving = { since: now.toISOString(), back_by: new Date(now.getTime() + rules.leavingGraceMs).toISOString() };
    const question = { ask: 'leaving', back_within_ms: rules.leavingGraceMs } as const;
    await Promise.all(parts.peers().map((peer) => asker.ask(peer, question, farewellMs)));
  }

  return {
    endpoint: createEndpoint({
      ...{ clock, site, peers: parts.peers, onRefused: parts.onRefused },
      answer: createAnswers({ db, clock, rules, asker, peers: parts.peers, status, log }),
      onFault: (error) => log.error({ err: error }, 'a probe of a peer could not be answered'),
    }),
    tick() {
      busy ??= round().finally(() => {
        busy = null;
      });
      return busy;
    },
    async fromMemory() {
      await alone.round(parts.peers(), sights);
      return alone.alarms();
    },
    async back() {
      const { rows, alarms } = alone.found();
      if (rows.length === 0) {
        // A round that is under way is of the past as well.
        alone.forget();
        return [];
      }
      const isOurs = (await takeLease(lease)) && (await savePeers(db, holder, rows.map(changeOf)));
      if (isOurs) {
        for (const alarm of alarms) await raiseAlarm(db, alarm);
        sights = await loadPeers(db);
      }
      const raised = isOurs ? alone.alarms() : [];
      alone.forget();
      return raised;
    },
    start() {
      const failing = createFaultLog(log);
      loop = startLoop(rules.intervalMs, () => this.tick().then(failing.well, failing.failed));
    },
    async stop() {
      halt.abort();
      await Promise.all([farewell(), loop?.stop()]);
      await busy?.catch(() => {});
      if (parts.peers().length > 0) await leaveLease(lease).catch(() => {});
    },
    rows: () => loadPeers(db),
    shown: {
      shows: peerViewSchema,
      async show() {
        const [rows, hash] = [await loadPeers(db), await parts.configHash()];
        return (name) =>
          viewOf(
            rows.find((row) => row.name === name),
            hash,
          );
      },
    },
    daily: async () => (await loadPeers(db)).map(dailyLine),
    async askPeers(fingerprints) {
      const answers = await Promise.all(
        parts.peers().map(async (peer) => ({ peer, asked: await asker.ask(peer, { ask: 'status' }, rules.timeoutMs) })),
      );
      return new Map(
        fingerprints.map((print) => [
          print,
          answers.map(({ peer, asked }) => sightOfBeat(peer.name, asked, print, clock.now())),
        ]),
      );
    },
  };
}

/** One label set may come from several of its sources: then the one that beats counts. */
function sightOfBeat(peer: string, asked: Asked<'status'>, fingerprint: string, now: Date): PeerView {
  const beats = asked.ok ? asked.answer.heartbeats.filter((beat) => beat.fingerprint === fingerprint) : [];
  // Its times are by its own clock, of which its ages are free.
  const answeredAt = asked.ok ? Date.parse(asked.answer.server_time) : 0;
  const ages = beats.flatMap(({ last_beat_at: at }) => (at === null ? [] : Math.max(0, answeredAt - Date.parse(at))));
  return {
    ...{ peer, answered: asked.ok },
    lastBeatAt: ages.length === 0 ? null : new Date(now.getTime() - Math.min(...ages)),
    alarmed: beats.length > 0 && beats.every(({ state }) => state === 'lost' || state === 'recovering'),
    added: beats.some(({ added }) => added),
  };
}

function changeOf({ before, row: { name: _, told: __, ...row } }: Pick<Rounded, 'before' | 'row'>): PeerChange {
  return { ...row, since: row.since ?? new Date(0), leavingWas: before.leavingSince };
}

function logChanges(log: PeersParts['log'], all: readonly Rounded[]): void {
  for (const { before, row } of all) {
    if (before.state === row.state && before.verdict === row.verdict) continue;
    const { last_error: why } = row.evidence;
    log.info({ peer: row.name, from: before.state, to: row.state, verdict: row.verdict, why }, 'a peer has changed');
  }
}

/** Says once that rounds fail, and once that they work again. */
function createFaultLog(log: PeersParts['log']) {
  let failed = false;
  return {
    well() {
      if (failed) log.info({}, 'the peers are probed again');
      failed = false;
    },
    failed(error: unknown) {
      if (!failed) log.warn({ err: error }, 'the peers cannot be probed');
      failed = true;
    },
  };
}
