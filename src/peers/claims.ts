/** Which alarms a round calls for, and which of those that are out may end. Pure. */
import { type AlarmWords, cutOffAlarm, peerAlarm } from './alarms.ts';
import type { PeerRules } from './decide.ts';
import { isOwnClock, type Teller } from './rank.ts';
import { clockLimitMs, type Rounded } from './round.ts';
import { isUnread } from './rows.ts';
import type { DeepStatus, PeerAlert, Sight } from './status.ts';

/** An alarm that is called for. */
export interface Called extends AlarmWords {
  /** Empty: about our own site. */
  peer: string;
  alertname: PeerAlert;
  /** Who may tell of it instead of us. */
  tellers: readonly Teller[];
}

export interface Claims {
  called: Called[];
  /** Alarms that go on if they are out, as `peer alertname`. */
  kept: ReadonlySet<string>;
}

export const claimKey = (of: { peer: string; alertname: string }): string => JSON.stringify([of.peer, of.alertname]);

/** @param own name of our own site */
export function claimsOf(all: readonly Rounded[], own: string, rules: PeerRules): Claims {
  const ownClock = isOwnClock(offsetsOf(all), clockLimitMs);
  const each = all.map((one) => ofPeer(one, all, { own, rules, ownClock }));
  const site = ofSite(all, own);
  return {
    called: [...each.flatMap(({ called }) => called), ...site],
    kept: new Set([...each.flatMap(({ kept }) => kept), ...site.map(claimKey)]),
  };
}

function offsetsOf(all: readonly Rounded[]): number[] {
  return all.flatMap(({ row, watch }) => (watch.good > 0 ? (row.clockOffsetMs ?? []) : []));
}

function ofPeer(
  one: Rounded,
  all: readonly Rounded[],
  { own, rules, ownClock }: { own: string; rules: PeerRules; ownClock: boolean },
): { called: Called[]; kept: string[] } {
  const { row, watch } = one;
  const down = row.state === 'down';
  const calls: Record<Exclude<PeerAlert, 'SiteCutOff'>, readonly [call: boolean, keep: boolean]> = {
    PeerDown: [down && row.verdict === 'down', down],
    PeerRoadBroken: [down && row.verdict === 'road' && !row.told.includes('PeerDown'), down],
    PeerNotReady: [
      watch.notReadyMs >= patienceMs(row.status, rules) && watch.good > 0 && watch.unreadRun === 0,
      watch.readyRun < rules.upAfter && watch.unreadRun < rules.upAfter,
    ],
    PeerClockOff: [watch.clockOffMs >= rules.downAfterMs && !ownClock, watch.clockRun < rules.upAfter],
  };
  const names = Object.keys(calls) as (keyof typeof calls)[];
  return {
    called: names
      .filter((alertname) => calls[alertname][0])
      .map((alertname) => ({
        ...{ peer: row.name, alertname, ...peerAlarm(alertname, { own, row }) },
        tellers: tellersOf(alertname, one, { all, own }),
      })),
    kept: names.filter((alertname) => calls[alertname][1]).map((alertname) => claimKey({ peer: row.name, alertname })),
  };
}

/** Who has just started is slow at first, on a busy machine above all: that is no news. */
const startingMs = 60_000;

/** How long a peer may answer that it cannot work; for who starts again and again as well. By its own clock on both sides. */
function patienceMs(status: DeepStatus | null, { downAfterMs }: PeerRules): number {
  const patience = startingMs + downAfterMs;
  const runsMs = status === null ? 0 : Date.parse(status.server_time) - Date.parse(status.started_at);
  return runsMs < patience ? patience : downAfterMs;
}

/** Everybody else who watches the same one; for what is between two sites, the other of the two as well. */
function tellersOf(
  alertname: PeerAlert,
  { row: about, thirds }: Rounded,
  { all, own }: { all: readonly Rounded[]; own: string },
): Teller[] {
  const others = all
    .filter(({ row }) => row.name !== about.name)
    .map(({ row }) => ({ name: row.name, able: isAble(row), sight: sightIn(row, about.name) }));
  if (alertname === 'PeerRoadBroken') {
    const sight = thirds.find((third) => third.sight !== null)?.sight ?? null;
    return [...others, { name: about.name, able: true, sight }];
  }
  if (alertname !== 'PeerClockOff') return others;
  return [...others, { name: about.name, able: isAble(about), sight: sightIn(about, own) }];
}

function isAble(row: Rounded['row']): boolean {
  const { state, status } = row;
  return !isUnread(row) && state !== 'down' && state !== 'unknown' && status?.ready === true;
}

function sightIn(row: Rounded['row'], name: string): Sight | null {
  if (isUnread(row)) return null;
  return row.status?.peers.find((one) => one.name === name) ?? null;
}

function ofSite(all: readonly Rounded[], own: string): Called[] {
  const silent = all.filter(({ row }) => row.verdict === 'cut_off');
  if (silent.length === 0) return [];
  const names = silent.map(({ row }) => row.name);
  const wayOut = silent[0]?.row.evidence.self?.way_out ?? null;
  return [{ peer: '', alertname: 'SiteCutOff', tellers: [], ...cutOffAlarm(own, names, wayOut) }];
}
