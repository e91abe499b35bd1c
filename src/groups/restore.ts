/** Going back to a version: a new one with the old body. */
import { HttpProblem, pathText } from '../http/problem.ts';
import type { Queryable } from '../store/db.ts';
import type { Resource } from './crud.ts';
import { editable } from './edit.ts';
import { type Made, makeIn, replaceIn } from './make.ts';
import { type Edit, kindOf } from './revise.ts';
import { findRevision, listRevisions, type Place, type Revision } from './revisions.ts';
import { forgottenSecret, missingSecret } from './secrets.ts';

/** @throws HttpProblem 404 */
export async function versionAt(db: Queryable, at: Place, number: number): Promise<Revision> {
  const found = await findRevision(db, at, number);
  if (found === null) throw noVersion(at, number);
  return found;
}

/** The answer when nothing of this name, or no such version of it, was ever there. */
export function noVersion({ section, key }: Place, number?: number): HttpProblem {
  const what = `${kindOf(section)}/${key}`;
  return new HttpProblem(404, number === undefined ? `There is no ${what}.` : `${what} has no version ${number}.`);
}

/** What is to be restored; `secrets`: of what was deleted with its own. */
export interface Restoration {
  key: string;
  version: number;
  ifMatch: string | null;
  secrets: object;
}

/** @throws HttpProblem 404, 409 in plain words, 412 */
export async function restore(
  one: Edit,
  { section, schema }: Pick<Resource, 'section' | 'schema'>,
  wanted: Restoration,
): Promise<Made> {
  const at: Place = { section, key: wanted.key };
  const old = await versionAt(one.tx, at, wanted.version);
  const [last] = await listRevisions(one.tx, at, { below: null, limit: 1 });
  const gone = last?.action === 'delete' && section !== 'silences' ? last : null;
  const parsed = schema.safeParse({ ...old.body, ...(gone === null ? {} : wanted.secrets) });
  if (!parsed.success)
    throw unfit(
      wanted,
      parsed.error.issues.map((i) => `${pathText(i.path)}: ${i.message}`),
    );
  const body = parsed.data;
  if (body['ends_at'] !== undefined && new Date(String(body['ends_at'])) <= one.now)
    throw unfit(wanted, [`it would have ended at ${String(body['ends_at'])}`]);
  try {
    if (gone === null) {
      const before = await editable(one.tx, section, wanted);
      return { stored: await replaceIn(one, { section, body, before, action: 'restore' }), extra: {} };
    }
    if (missingSecret(section, body) !== null) throw unfit(wanted, [forgottenSecret(section)]);
    return await makeIn(one, { section, body, action: 'restore', deleted: gone });
  } catch (error) {
    if (!(error instanceof HttpProblem) || error.faults.length === 0) throw error;
    throw unfit(
      wanted,
      error.faults.map((fault) => fault.message),
      error.faults,
    );
  }
}

function unfit(wanted: Restoration, why: readonly string[], faults: HttpProblem['faults'] = []): HttpProblem {
  return new HttpProblem(409, `Version ${wanted.version} cannot be restored: ${why.join('; ')}.`, { faults });
}
