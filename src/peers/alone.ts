/**
 * While our own database is away the peers are watched all the same, from memory: for the last road. What was found is
 * given to the database when it is back.
 */
import type { Alarm } from '../alert/alarm.ts';
import type { Peer } from '../alert/peer.ts';
import type { Clock } from '../clock.ts';
import type { AlarmRow } from './alarm-rows.ts';
import { alarmOf } from './alarms.ts';
import { type Called, claimKey, claimsOf } from './claims.ts';
import type { PeerRules } from './decide.ts';
import { mayTell } from './rank.ts';
import type { createRounds, Rounded } from './round.ts';
import type { PeerRow } from './rows.ts';

export interface AloneParts {
  clock: Clock;
  /** Name of our own site. */
  own: string;
  rules: PeerRules;
  /** Of its own, and not one that doubts itself because of the database: that this is away is known. */
  rounds: ReturnType<typeof createRounds>;
}

/** What was found meanwhile. */
export interface FoundAlone {
  /** Each as it was when the database was last there, and as it is now. */
  rows: readonly { before: PeerRow; row: PeerRow }[];
  alarms: readonly AlarmRow[];
}

const nothing: FoundAlone = { rows: [], alarms: [] };

export function createAlone({ clock, own, rules, rounds }: AloneParts) {
  let found: FoundAlone = nothing;
  const mindedAt = new Map<string, number>();
  let outage = 0;

  function ageOf(key: string): number {
    const at = mindedAt.get(key) ?? clock.monotonicMs();
    mindedAt.set(key, at);
    return clock.monotonicMs() - at;
  }

  /** What the database knew to be out is known to whoever was to be told. */
  function raised(all: readonly Rounded[]): AlarmRow[] {
    const out = new Set(found.alarms.map(claimKey));
    const isNew = (called: Called) =>
      !out.has(claimKey(called)) &&
      !all.some(({ row }) => row.name === called.peer && row.told.includes(called.alertname));
    return claimsOf(all, own, rules).called.flatMap(({ tellers, ...words }) => {
      const claim = { alertname: words.alertname, own, ageMs: ageOf(claimKey(words)), waitMs: rules.downAfterMs };
      if (!isNew({ tellers, ...words }) || mayTell(claim, tellers) !== 'tell') return [];
      return [{ ...words, startedAt: clock.now() }];
    });
  }

  return {
    /** One round of probes. @param known what the database last said of each peer */
    async round(peers: readonly Peer[], known: readonly PeerRow[]): Promise<void> {
      const before = new Map(known.map((row) => [row.name, row]));
      const now = new Map(found.rows.map(({ row }) => [row.name, row]));
      const watched = peers.flatMap((peer) => {
        const row = now.get(peer.name) ?? before.get(peer.name);
        return row === undefined ? [] : [{ peer, row }];
      });
      const mine = outage;
      const all = await rounds.run(watched);
      // The database has come back meanwhile, and has what was found until then.
      if (mine !== outage) return;
      const rows = all.flatMap(({ row }) => {
        const was = before.get(row.name);
        // That we seemed well then is no evidence: our database was not looked at.
        return was === undefined ? [] : [{ before: was, row: { ...row, evidence: { ...row.evidence, self: null } } }];
      });
      found = { rows, alarms: [...found.alarms, ...raised(all)] };
    },
    /** The alarms that were raised since the database is away, the same ones each time. */
    alarms: (): Alarm[] => found.alarms.map((row) => alarmOf(row, row.startedAt, null)),
    found: (): FoundAlone => found,
    forget() {
      outage++;
      found = nothing;
      mindedAt.clear();
      rounds.forget();
    },
  };
}
