/** Drafts as whole configurations, for whoever asks what they would have done. */
import type { Snapshot } from '../alert/config.ts';
import type { GroupDraft } from '../alert/preview.ts';
import { faultsOf, HttpProblem } from '../http/problem.ts';
import type { Author } from '../store/audit.ts';
import type { Db, Queryable } from '../store/db.ts';
import { readDocument, withDocument } from './apply.ts';
import { draftBody, draftOf } from './preview.ts';

/**
 * The configuration as it would be with a document applied; nothing is stored.
 * @throws HttpProblem 400 or 409 with everything that is wrong
 */
export async function snapshotWith(
  { db, load }: { db: Db; load: (tx: Queryable) => Promise<Snapshot> },
  document: unknown,
  facts: { now: Date; by: Author },
): Promise<Snapshot> {
  return withDocument(db, readDocument(document), facts, load);
}

/**
 * Reads a draft of one alert group: `draft`, `key` and `position` as for its preview.
 * @throws HttpProblem 400, 404 or 409 with what is wrong
 */
export async function readGroupDraft(db: Db, raw: unknown, today: Snapshot): Promise<GroupDraft> {
  const parsed = draftBody.safeParse(raw);
  if (!parsed.success) {
    const faults = faultsOf(parsed.error, 'body').map((f) => ({
      ...f,
      path: ['alert_group', f.path].filter(Boolean).join('.'),
    }));
    throw new HttpProblem(400, 'The draft is not valid.', { faults });
  }
  return draftOf({ db, snapshot: async () => today }, parsed.data, today.timeIntervals);
}
