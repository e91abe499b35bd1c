import type { Report } from '../alert/alert.ts';
import { type HeldAlert, pollGroup } from '../alert/held.ts';
import type { Queryable } from '../store/db.ts';
import type { Watched } from './reconcile.ts';
import { type Found, loadReporters, type StoredReporter } from './rows.ts';

/** The reports that make up for what was missed. */
export async function reportsOf(
  db: Queryable,
  sourceId: number,
  { found, held }: { found: readonly Watched[]; held: ReadonlyMap<string, HeldAlert> },
): Promise<Found[]> {
  if (found.length === 0) return [];
  const reporters = await loadReporters(
    db,
    sourceId,
    found.map(({ fingerprint }) => fingerprint),
  );
  return found.flatMap(({ kind, fingerprint, since }): Found[] => {
    const reporter = reporters.get(fingerprint);
    const alert = held.get(fingerprint);
    if (kind === 'missed_alert')
      return alert === undefined ? [] : [{ kind, since, report: begun(alert, reporter, since) }];
    return reporter === undefined ? [] : [{ kind, since, report: endOf(sourceId, reporter, since) }];
  });
}

/** What we know to have ended after it began has begun again, at the latest when a poll first showed it. */
function begun({ report }: HeldAlert, reporter: StoredReporter | undefined, since: Date): Report {
  const ended = reporter?.resolvedAt ?? null;
  return ended !== null && ended >= report.startsAt ? { ...report, startsAt: since } : report;
}

function endOf(sourceId: number, { firingAt, resolvedAt: _, ...reporter }: StoredReporter, since: Date): Report {
  return {
    ...reporter,
    sourceId,
    status: 'resolved',
    startsAt: firingAt,
    endsAt: since,
    expiresAt: null,
    groupKey: pollGroup,
    lane: 'normal',
    pinnedGroup: null,
  };
}
