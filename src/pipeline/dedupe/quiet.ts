import type { Alarm, Submit } from '../../alert/alarm.ts';
import { labelsOf } from '../../alert/labels.ts';
import { type Outage, observedMs } from '../../alert/outage.ts';
import type { Db, Queryable } from '../../store/db.ts';

const minute = 60_000;
const longestQuietMs = 24 * 60 * minute;
/** No source counts as quiet sooner. */
export const shortestQuietMs = 5 * minute;

interface SourceRow extends Record<string, unknown> {
  source_id: number;
  name: string;
  site: string;
  kind: string;
  last_post_at: Date;
  longest_gap_ms: number;
  state: 'ok' | 'quiet';
}

/** After how much observed silence a source counts as quiet: three times the longest gap that it ever left. */
export function quietAfterMs(longestGapMs: number): number {
  if (longestGapMs <= 0) return longestQuietMs;
  return Math.min(longestQuietMs, Math.max(shortestQuietMs, 3 * longestGapMs));
}

/**
 * Finds sources that have gone quiet or are back, and makes the incidents due that hold their alerts: a quiet source
 * neither fires nor resolves anything (rule 2). The alarm about it (rule 14) is submitted first: should that fail, the
 * next look finds the same, and submitting it twice changes nothing.
 */
export async function watchSources(db: Db, now: Date, outages: readonly Outage[], submit: Submit): Promise<void> {
  const sources = await db.query<SourceRow>(
    `select a.source_id, s.name, s.site, s.kind, a.last_post_at, a.longest_gap_ms::float8 as longest_gap_ms, a.state
     from source_activity a join source s on s.id = a.source_id
     where s.kind <> 'self' and a.last_post_at is not null`,
  );
  for (const source of sources.rows) {
    const silentMs = observedMs(source.last_post_at, now, outages);
    const state = silentMs >= quietAfterMs(source.longest_gap_ms) ? 'quiet' : 'ok';
    if (state === source.state) continue;
    await submit([quietAlarm(source, state, now)]);
    await db.transaction((tx) => change(tx, source.source_id, state, now));
  }
}

async function change(tx: Queryable, sourceId: number, state: 'ok' | 'quiet', now: Date): Promise<void> {
  await tx.query('update source_activity set state = $2 where source_id = $1', [sourceId, state]);
  await tx.query(
    `with held as (
       select i.id from incident i where i.closed_at is null and exists (
         select from incident_alert ia join reporter r on r.alert_fingerprint = ia.alert_fingerprint
         where ia.incident_id = i.id and r.source_id = $1)
       order by i.id for no key update)
     update incident set due_at = least(incident.due_at, $2) from held where incident.id = held.id`,
    [sourceId, now],
  );
}

function quietAlarm(source: SourceRow, state: 'ok' | 'quiet', now: Date): Alarm {
  return {
    labels: labelsOf([
      ['alertname', 'SourceQuiet'],
      ['severity', 'warning'],
      ['site', source.site],
      ['source', source.name],
    ]),
    annotations: labelsOf([
      ['summary', `Source ${source.name} posts nothing any more`],
      [
        'description',
        `Its last post came at ${source.last_post_at.toISOString()}. What it reported ${meanwhile(source)}.`,
      ],
    ]),
    startsAt: now,
    endsAt: state === 'ok' ? now : null,
    lane: 'normal',
    pinnedGroup: 'self',
  };
}

/** A Prometheus says itself how long its reports count. */
function meanwhile({ kind }: SourceRow): string {
  if (kind === 'prometheus') return 'counts as no longer reported from the end that it named';
  return 'neither fires nor resolves until it is back';
}
