/** One round of probes: every peer is asked, decided, and looked into before it is accused. */
import type { Peer } from '../alert/peer.ts';
import { type CorroborateParts, createCorroborate, type Witness } from './corroborate.ts';
import { decidePeer, type PeerDecision, type PeerRules } from './decide.ts';
import { judge, type SelfFacts, type Third } from './judge.ts';
import { type Asked, isHeard } from './request.ts';
import type { Evidence, PeerRow } from './rows.ts';
import { afterAbsence, cameBack, isAbsence, type Probed, unwatched, type Watch, watched } from './watch.ts';

export interface RoundParts extends CorroborateParts {
  /** Called after each probe. */
  onProbe: (peer: string, tookMs: number) => void;
}

/** What a round has made of one peer. */
export interface Rounded {
  peer: Peer;
  before: PeerRow;
  row: PeerRow;
  watch: Watch;
  /** Whom we asked about it last. */
  thirds: readonly Third[];
}

/** A clock that is so far from ours is told of. */
export const clockLimitMs = 10_000;
/** An answer that took so much longer than we wait for one came while we were away. */
const awaySlackMs = 1_000;

interface Probing {
  peer: Peer;
  before: PeerRow;
  asked: Asked<'status'>;
  probed: Probed;
  leaving: boolean;
  watch: Watch;
  decision: PeerDecision;
}

/** What was found when one was looked into. */
interface Findings {
  thirds: readonly Third[];
  self: SelfFacts & { at: Date };
}

/** Keeps in mind what this process has seen since it began to watch. */
export function createRounds(parts: RoundParts) {
  const { clock, rules } = parts;
  const corroborate = createCorroborate(parts);
  const watches = new Map<string, Watch>();
  const found = new Map<string, { thirds: readonly Third[]; atMs: number }>();
  let last: { atMs: number; tookMs: number } | null = null;

  /** How long we were there since the round before, and how late this one is. */
  function timing(atMs: number): { gapMs: number; lagMs: number; absent: boolean } {
    if (last === null) return { gapMs: 0, lagMs: 0, absent: false };
    const sinceMs = atMs - last.atMs;
    const lagMs = Math.max(0, sinceMs - Math.max(rules.intervalMs, last.tookMs));
    const absent = isAbsence(sinceMs, rules);
    return { gapMs: absent ? 0 : sinceMs, lagMs, absent };
  }

  async function probe(peer: Peer, before: PeerRow, { gapMs, absent }: { gapMs: number; absent: boolean }) {
    const asked = await parts.asker.ask(peer, { ask: 'status' }, rules.timeoutMs);
    parts.onProbe(peer.name, asked.tookMs);
    const probed: Probed = probedOf(asked, rules);
    const leaving = isLeaving(asked, before);
    const known = watches.get(peer.name) ?? unwatched;
    const watch = watched(absent ? afterAbsence(known) : known, {
      ...{ probed, gapMs, leaving },
      understood: asked.ok,
      // Who is stopping is not ready, and that says nothing.
      notReady: asked.ok && !leaving ? !asked.answer.ready : null,
      clockOff: asked.offsetMs !== null && Math.abs(asked.offsetMs) > clockLimitMs,
    });
    const answered = probed === 'void' ? null : probed === 'answered';
    const decision = decidePeer({ state: before.state, watch, answered, leaving }, rules);
    const back = decision.state === 'up' && before.state !== 'up' && before.state !== 'suspect';
    watches.set(peer.name, back ? cameBack(watch) : watch);
    return { peer, before, asked, probed, leaving, watch, decision };
  }

  /** Somebody who is known to be down is looked into again now and then: others may have come to reach it. */
  function isDue({ decision, before, peer }: Probing, nowMs: number): boolean {
    if (!decision.accused) return false;
    const at = found.get(peer.name)?.atMs;
    return before.state !== 'down' || at === undefined || nowMs - at >= rules.downAfterMs;
  }

  async function lookInto(all: readonly Probing[], lagMs: number): Promise<Map<string, Findings>> {
    const due = all.filter((one) => isDue(one, clock.monotonicMs()));
    if (due.length === 0) return new Map();
    const self = await corroborate.lookAtSelf(lagMs);
    const looked = due.map(async ({ peer }): Promise<[string, Findings]> => {
      const thirds = await corroborate.askThirds(peer.name, witnesses(all, peer));
      found.set(peer.name, { thirds, atMs: clock.monotonicMs() });
      return [peer.name, { thirds, self }];
    });
    return new Map(await Promise.all(looked));
  }

  return {
    /** For a replica that has lost the lease: what it has seen is of the past when it gets it again. */
    forget() {
      watches.clear();
      found.clear();
      last = null;
    },
    async run(peers: readonly { peer: Peer; row: PeerRow }[]): Promise<Rounded[]> {
      const atMs = clock.monotonicMs();
      const { gapMs, lagMs, absent } = timing(atMs);
      const all = await Promise.all(peers.map(({ peer, row }) => probe(peer, row, { gapMs, absent })));
      const findings = await lookInto(all, lagMs);
      last = { atMs, tookMs: clock.monotonicMs() - atMs };
      return all.map((one) => ({
        ...{ peer: one.peer, before: one.before, watch: one.watch },
        row: rowAfter(one, findings.get(one.peer.name) ?? null, { now: clock.now(), rules }),
        thirds: found.get(one.peer.name)?.thirds ?? [],
      }));
    },
  };
}

/** An answer without the announcement ends it, also one that is not understood: else it would last for ever. */
function isLeaving(asked: Asked<'status'>, before: PeerRow): boolean {
  if (asked.ok) return asked.answer.leaving !== null;
  return !isHeard(asked) && before.leavingSince !== null;
}

function probedOf(asked: Asked<'status'>, { timeoutMs }: PeerRules): Probed {
  if (asked.tookMs > timeoutMs + awaySlackMs) return 'void';
  return isHeard(asked) ? 'answered' : 'missed';
}

function witnesses(all: readonly Probing[], about: Peer): Witness[] {
  return all
    .filter(({ peer }) => peer.name !== about.name)
    .map(({ peer, before, asked }) => ({ peer, row: before, silent: !isHeard(asked) }));
}

/** The row after a round. Pure. */
function rowAfter(one: Probing, findings: Findings | null, { now, rules }: { now: Date; rules: PeerRules }): PeerRow {
  const { before, asked, leaving } = one;
  const judged = judgedOf(one, findings, rules);
  return {
    ...before,
    ...judged,
    since: judged.state === before.state && before.since !== null ? before.since : now,
    evidence: evidenceAfter(one, findings, { now, calm: judged.state === 'up' }),
    status: asked.ok ? asked.answer : before.status,
    clockOffsetMs: asked.offsetMs ?? before.clockOffsetMs,
    leavingSince: leaving ? (before.leavingSince ?? now) : null,
  };
}

function judgedOf(
  { before, decision, probed }: Probing,
  findings: Findings | null,
  rules: PeerRules,
): Pick<PeerRow, 'state' | 'verdict'> {
  const { state } = decision;
  const kept = state === 'up' || (probed === 'answered' && state !== 'down') ? null : before.verdict;
  const verdict = findings === null ? 'not_now' : judge(findings.thirds, findings.self, rules);
  if (verdict === 'not_now') return { state, verdict: kept };
  // Who was accused with good reason stays so while we cannot ask anybody.
  if (verdict === 'cut_off') return { state, verdict: state === 'down' ? before.verdict : verdict };
  return { state: 'down', verdict };
}

function evidenceAfter(
  { before, asked, probed, watch }: Probing,
  findings: Findings | null,
  { now, calm }: { now: Date; calm: boolean },
): Evidence {
  const at = now.toISOString();
  const kept = calm ? { third: [], self: null } : { third: before.evidence.third, self: before.evidence.self };
  return {
    ...kept,
    ...(findings === null ? {} : shownFindings(findings)),
    last_ok_at: isHeard(asked) ? at : before.evidence.last_ok_at,
    last_probe_at: at,
    last_error: probed === 'void' ? before.evidence.last_error : asked.ok ? null : asked.why,
    misses: watch.misses,
  };
}

function shownFindings({ thirds, self }: Findings): Pick<Evidence, 'third' | 'self'> {
  return {
    third: thirds.map(({ peer, says }) => ({ peer, says })),
    self: { at: self.at.toISOString(), lag_ms: self.lagMs, database: self.database, way_out: self.wayOut },
  };
}
