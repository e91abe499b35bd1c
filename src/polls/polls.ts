/**
 * Asks the members of sources what they hold, and reports what posts have not brought: through the same pipeline as posts.
 * The rows are the truth; every replica may tick.
 */
import type { Report } from '../alert/alert.ts';
import type { Snapshot } from '../alert/config.ts';
import type { HeldAlert } from '../alert/held.ts';
import type { Db, Queryable } from '../store/db.ts';
import { reportsOf } from './found.ts';
import { type MemberParts, type Polled, poll } from './member.ts';
import { type FindingKind, isComplete, type ReconcileRules, reconcile } from './reconcile.ts';
import { type Found, loadStored, saveFindings, saveMembers, saveWatched } from './rows.ts';
import { type Asked, claimDue, forgetUnasked, loadAsked } from './targets.ts';

export interface PollSettings extends Pick<ReconcileRules, 'graceMs'> {
  intervalMs: number;
  timeoutMs: number;
  /** Polls in a row after which something counts. */
  misses: number;
}

/** What polls need from the rest of the service. */
export interface PollParts extends MemberParts {
  db: Db;
  settings: PollSettings;
  /** The largest answer. */
  maxBytes: number;
  current: () => Snapshot;
  /** Takes out what is a heartbeat: a poll is no beat. */
  splitBeats: (reports: readonly Report[]) => { beats: readonly { fingerprint: string }[]; rest: readonly Report[] };
  /** Takes reports into the pipeline; resolves when they are committed. */
  take: (delivery: {
    sourceId: number;
    reports: readonly Report[];
    quarantined: readonly [];
    polled: true;
  }) => Promise<void>;
  /** Keeps for *explain* where reports came from. */
  saveSteps: (tx: Queryable, found: readonly Found[], now: Date) => Promise<void>;
  onPolled: (polled: Polled) => void;
  onFound: (kind: FindingKind, count: number, source: string) => void;
  onFault: (error: unknown, source: string) => void;
}

export interface Polls {
  /** Asks everybody who is due, and waits for the answers. */
  tick(): Promise<void>;
  /** Breaks off requests under way. */
  halt(): void;
}

/** A poll makes three requests, and is over before the next is due, whoever makes that. */
const requestsAndMore = 4;
/** Heartbeats that a member holds; more are not told apart. */
const beatsAtMost = 1_000;
/** What one round finds at most: the rest is found by the next. */
const foundAtMost = 1_000;

export function createPolls(parts: PollParts): Polls {
  const { db, settings } = parts;
  const stop = new AbortController();
  const rules = { graceMs: settings.graceMs, polls: settings.misses, atMost: foundAtMost };

  async function round({ source, targets, authorization, unasked }: Asked): Promise<void> {
    const asking = {
      authorization,
      timeoutMs: Math.min(settings.timeoutMs, settings.intervalMs / requestsAndMore),
      maxBytes: parts.maxBytes,
      stopped: stop.signal,
    };
    const polled = await Promise.all(targets.map((target) => poll(target, asking, parts)));
    // What a stop breaks off says nothing of who was asked.
    if (stop.signal.aborted) return;
    polled.forEach(parts.onPolled);
    const now = parts.now();
    const { held, beats } = sortOut(polled, parts.splitBeats);
    const members = await db.transaction((tx) => saveMembers(tx, source.id, polled, beats));
    const stored = await loadStored(db, source.id, now);
    const complete = isComplete([...members.values()], unasked.length, now);
    const answered = [...members.values()].some((member) => member.answered);
    const result = reconcile({ ...stored, held, answered, complete }, rules, now);
    const found = await reportsOf(db, source.id, { found: result.found, held });
    const repeats = result.repeat.flatMap((fingerprint) => held.get(fingerprint)?.report ?? []);
    await submit(source.id, [...found.map(({ report }) => report), ...repeats]);
    await db.transaction(async (tx) => {
      // Who waits for a round that knows all of a source must not take this one for it.
      const completeAt = complete && !result.cut ? now : null;
      await saveWatched(tx, source.id, { watched: result.watched, completeAt });
      await saveFindings(tx, found, now);
      await parts.saveSteps(tx, found, now);
    });
    for (const kind of ['missed_alert', 'missed_resolve'] as const) {
      const count = found.filter((one) => one.kind === kind).length;
      if (count > 0) parts.onFound(kind, count, source.name);
    }
  }

  async function submit(sourceId: number, reports: readonly Report[]): Promise<void> {
    if (reports.length > 0) await parts.take({ sourceId, reports, quarantined: [], polled: true });
  }

  return {
    async tick() {
      await forgetUnasked(db);
      const asked = await loadAsked(db, parts.current().sources);
      const due = await claimDue(db, asked, { now: parts.now(), intervalMs: settings.intervalMs });
      await Promise.all(due.map((one) => round(one).catch((error: unknown) => parts.onFault(error, one.source.name))));
    },
    halt: () => stop.abort(),
  };
}

/** What the members hold together, and which heartbeats each of them does. */
function sortOut(
  polled: readonly Polled[],
  splitBeats: PollParts['splitBeats'],
): { held: Map<string, HeldAlert>; beats: Map<string, Record<string, number>> } {
  const held = new Map<string, HeldAlert>();
  const beats = new Map<string, Record<string, number>>();
  for (const { target, said } of polled) {
    if (said === null || target.kind === 'prometheus') continue;
    const own = new Map(said.held.map((alert) => [alert.report.fingerprint, alert]));
    const split = splitBeats([...own.values()].map(({ report }) => report));
    for (const { fingerprint } of split.rest) join(held, fingerprint, own.get(fingerprint) as HeldAlert);
    const ages = split.beats
      .slice(0, beatsAtMost)
      .map(({ fingerprint }) => [fingerprint, own.get(fingerprint)?.ageMs ?? 0]);
    beats.set(target.member, Object.fromEntries(ages));
  }
  return { held, beats };
}

/** Active where one member would post it; for the receivers of all of them. */
function join(held: Map<string, HeldAlert>, fingerprint: string, alert: HeldAlert): void {
  const before = held.get(fingerprint);
  const receivers = [...new Set([...(before?.receivers ?? []), ...alert.receivers])];
  held.set(fingerprint, { ...(before ?? alert), receivers, active: alert.active || before?.active === true });
}
