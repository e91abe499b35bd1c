/** The rows of alarms about peers: what was raised is there before it is submitted, so that a restart tells nothing twice. */
import { type Labels, labelsOf } from '../alert/labels.ts';
import type { Queryable } from '../store/db.ts';
import type { AlarmWords } from './alarms.ts';
import type { PeerAlert } from './status.ts';

/** One alarm that is out. */
export interface AlarmRow extends AlarmWords {
  /** Empty: about our own site. */
  peer: string;
  alertname: PeerAlert;
  startedAt: Date;
}

/** The alarms that are out. */
export async function loadAlarms(db: Queryable): Promise<AlarmRow[]> {
  const { rows } = await db.query<AlarmRow & Record<string, unknown>>(
    `select peer, alertname, labels, annotations, started_at as "startedAt" from peer_alarm
     where ended_at is null order by peer, alertname`,
  );
  return rows.map((row) => ({ ...row, labels: plain(row.labels), annotations: plain(row.annotations) }));
}

function plain(labels: Labels): Labels {
  return labelsOf(Object.entries(labels));
}

/** Records that an alarm is out; null: another replica has just done so. */
export async function raiseAlarm(
  db: Queryable,
  { peer, alertname, labels, annotations, startedAt }: AlarmRow,
): Promise<AlarmRow | null> {
  const { rows } = await db.query<{ startedAt: Date }>(
    `insert into peer_alarm as a (peer, alertname, labels, annotations, started_at) values ($1, $2, $3, $4, $5)
     on conflict (peer, alertname) do update set labels = excluded.labels, annotations = excluded.annotations,
       started_at = greatest(excluded.started_at, a.ended_at + interval '1 ms'), ended_at = null
       where a.ended_at is not null returning started_at as "startedAt"`,
    [peer, alertname, JSON.stringify(labels), JSON.stringify(annotations), startedAt],
  );
  return rows[0] === undefined ? null : { peer, alertname, labels, annotations, startedAt: rows[0].startedAt };
}

/** Records that an alarm has ended, after its end was submitted. */
export async function endAlarm(db: Queryable, { peer, alertname }: AlarmRow, endedAt: Date): Promise<void> {
  await db.query('update peer_alarm set ended_at = $3 where peer = $1 and alertname = $2 and ended_at is null', [
    ...[peer, alertname, endedAt],
  ]);
}

/** Whether anybody has been told of an alert of this fingerprint. */
export async function wasTold(db: Queryable, fingerprint: string): Promise<boolean> {
  const { rows } = await db.query("select from receipt where alert_fingerprint = $1 and state <> 'resolved' limit 1", [
    fingerprint,
  ]);
  return rows.length > 0;
}
