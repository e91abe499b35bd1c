/** Keeps the alarms that are out equal to what the rounds call for: one alarm for each episode, from one site. */
import type { Alarm, Submit } from '../alert/alarm.ts';
import { fingerprint } from '../alert/fingerprint.ts';
import type { Clock } from '../clock.ts';
import type { Db } from '../store/db.ts';
import { type AlarmRow, endAlarm, loadAlarms, raiseAlarm, wasTold } from './alarm-rows.ts';
import { alarmOf, recoveryWords, unknownWords, withdrawnWords } from './alarms.ts';
import { type Called, type Claims, claimKey, claimsOf } from './claims.ts';
import type { PeerRules } from './decide.ts';
import { mayTell } from './rank.ts';
import type { Rounded } from './round.ts';
import { isUnread, type PeerRow } from './rows.ts';

export interface TellingParts {
  db: Db;
  clock: Clock;
  /** Name of our own site. */
  own: string;
  rules: PeerRules;
  submit: Submit;
  log: Record<'info' | 'warn', (facts: object, text: string) => void>;
}

/** An alarm that is out is repeated this often, so that it never counts as "no longer reported" (rule 2). */
const repeatMs = 5 * 60_000;
/** Being cut off is told when the way is back; then its end waits until it was, though no longer than that. */
const tellBackMs = 30 * 60_000;

export function createTelling({ db, clock, own, rules, submit, log }: TellingParts) {
  /** Since when something is called for, and when an alarm was last submitted, on the monotonic clock. */
  const mindedAt = new Map<string, number>();
  const submittedAt = new Map<string, { startedAt: number; atMs: number }>();
  const overAt = new Map<string, number>();

  function ageOf(key: string): number {
    const at = mindedAt.get(key) ?? clock.monotonicMs();
    mindedAt.set(key, at);
    return clock.monotonicMs() - at;
  }

  async function raise(called: readonly Called[], out: readonly AlarmRow[]): Promise<AlarmRow[]> {
    const known = new Set(out.map(claimKey));
    const raised: AlarmRow[] = [];
    for (const { tellers, ...words } of called) {
      const claim = { alertname: words.alertname, own, ageMs: ageOf(claimKey(words)), waitMs: rules.downAfterMs };
      if (known.has(claimKey(words)) || mayTell(claim, tellers) !== 'tell') continue;
      const row = await raiseAlarm(db, { ...words, startedAt: clock.now() });
      if (row === null) continue;
      log.warn({ peer: row.peer, alarm: row.alertname }, 'an alarm about a peer is raised');
      raised.push(row);
    }
    return raised;
  }

  function isDue(row: AlarmRow): boolean {
    const before = submittedAt.get(claimKey(row));
    if (before === undefined || before.startedAt !== row.startedAt.getTime()) return true;
    return clock.monotonicMs() - before.atMs >= repeatMs;
  }

  /** Whoever was cut off could not be told so; an alarm that ends before it was told is never told. */
  async function mayEnd(row: AlarmRow): Promise<boolean> {
    if (row.alertname !== 'SiteCutOff') return true;
    const key = claimKey(row);
    const at = overAt.get(key) ?? clock.monotonicMs();
    overAt.set(key, at);
    return clock.monotonicMs() - at >= tellBackMs || (await wasTold(db, fingerprint(row.labels)));
  }

  function endOf(row: AlarmRow, watched: ReadonlyMap<string, PeerRow>, now: Date): Alarm {
    const annotations = endWords(row, watched.get(row.peer));
    const endsAt = new Date(Math.max(now.getTime(), row.startedAt.getTime() + 1));
    return alarmOf({ labels: row.labels, annotations }, row.startedAt, endsAt);
  }

  function endWords({ peer, alertname }: AlarmRow, now: PeerRow | undefined): Alarm['annotations'] {
    if (peer !== '' && now === undefined) return withdrawnWords(peer);
    if (alertname === 'PeerNotReady' && now !== undefined && isUnread(now)) return unknownWords(peer);
    return recoveryWords(alertname, { peer, own });
  }

  async function settle(
    rows: readonly AlarmRow[],
    { kept, watched }: { kept: Claims['kept']; watched: ReadonlyMap<string, PeerRow> },
  ) {
    const over: AlarmRow[] = [];
    for (const row of rows) {
      if (kept.has(claimKey(row))) overAt.delete(claimKey(row));
      else if (await mayEnd(row)) over.push(row);
    }
    const now = clock.now();
    const due = rows.filter((row) => !over.includes(row) && isDue(row));
    const ends = over.map((row) => endOf(row, watched, now));
    if (due.length + ends.length === 0) return;
    await submit([...due.map((row) => alarmOf(row, row.startedAt, null)), ...ends]);
    const atMs = clock.monotonicMs();
    for (const row of due) submittedAt.set(claimKey(row), { startedAt: row.startedAt.getTime(), atMs });
    for (const [index, row] of over.entries()) {
      await endAlarm(db, row, ends[index]?.endsAt ?? now);
      for (const of of [submittedAt, overAt]) of.delete(claimKey(row));
      log.info({ peer: row.peer, alarm: row.alertname }, 'an alarm about a peer has ended');
    }
  }

  return {
    /**
     * After each round. A raise is recorded first and submitted from its row, an end is submitted first and recorded
     * afterwards: whatever breaks off in between is done again by the next round of any replica.
     */
    async tell(all: readonly Rounded[]): Promise<void> {
      const claims = claimsOf(all, own, rules);
      const calledKeys = new Set(claims.called.map(claimKey));
      for (const key of mindedAt.keys()) if (!calledKeys.has(key)) mindedAt.delete(key);
      const out = await loadAlarms(db);
      const raised = await raise(claims.called, out);
      const watched = new Map(all.map(({ row }) => [row.name, row]));
      await settle([...out, ...raised], { kept: claims.kept, watched });
    },
  };
}
