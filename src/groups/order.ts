/** The order in which page-made alert groups are matched. */
import { hash } from 'node:crypto';
import { z } from 'zod';
import { editQuery } from '../http/edit-query.ts';
import { invalid } from '../http/problem.ts';
import { type AnyRoute, checkIfMatch, etag, route } from '../http/route.ts';
import { recordAudit } from '../store/audit.ts';
import type { Queryable } from '../store/db.ts';
import { type EditParts, edit } from './edit.ts';
import { objectName } from './fields.ts';
import { loadObjects, type Stored } from './objects.ts';
import { type Edit, touchChange } from './revise.ts';

const order = z.strictObject({ names: z.array(objectName).describe('Every page-made alert group, first match first') });
const about = { path: '/api/v1/alert-group-order', tag: 'alert-groups' } as const;

/** Puts page-made alert groups in order; the managed ones come before them, in the order of their file. */
export function orderRoutes(parts: EditParts): AnyRoute[] {
  return [
    route({
      ...about,
      method: 'get',
      summary: 'The page-made alert groups in the order in which they are matched',
      role: 'viewer',
      responses: { 200: { description: 'Their names', schema: order } },
      handle: async () => {
        const names = (await ordered(parts.db)).map((g) => g.key);
        return { status: 200, body: { names }, headers: { ETag: etag(tagOf(names)) } };
      },
    }),
    route({
      ...about,
      method: 'put',
      summary: 'Put the page-made alert groups in order; the first match wins',
      role: 'editor',
      query: editQuery,
      body: order,
      responses: { 204: { description: 'Done' }, 412: { description: 'Put in another order meanwhile' } },
      handle: async ({ query, body, ifMatch, caller }) => {
        await edit(parts, { section: 'alert_groups', by: caller, comment: query.comment }, (one) =>
          reorder(one, body.names, ifMatch),
        );
        return { status: 204 };
      },
    }),
  ];
}

async function ordered(db: Queryable): Promise<Stored[]> {
  return (await loadObjects(db, 'alert_groups')).filter((g) => !g.managed && g.builtin === null);
}

function tagOf(names: readonly string[]): string {
  return hash('sha256', JSON.stringify(names), 'hex').slice(0, 16);
}

/** What is unlocked keeps its place among the managed ones; a list that names it too is understood. */
async function reorder(one: Edit, listed: readonly string[], ifMatch: string | null): Promise<void> {
  const all = await loadObjects(one.tx, 'alert_groups');
  const unlocked = new Set(all.filter((g) => g.unlocked).map((g) => g.key));
  const before = await ordered(one.tx);
  const old = before.map((g) => g.key);
  checkIfMatch(ifMatch, tagOf(old));
  const names = listed.filter((name) => !unlocked.has(name));
  if (!sameNames(old, names)) {
    const message = `must list every page-made alert group once: ${old.join(', ')}`;
    throw invalid([{ in: 'body', path: 'names', message }]);
  }
  await one.tx.query(
    `update alert_group g set position = t.position
       from unnest($1::text[]) with ordinality as t (name, position)
      where g.name = t.name and g.deleted_at is null`,
    [names],
  );
  for (const name of movedNames(old, names)) {
    const stored = before.find((g) => g.key === name) as Stored;
    const place = { ...stored, position: old.indexOf(name) + 1 };
    await touchChange(one, { section: 'alert_groups', stored: place, action: 'reorder' });
  }
  const { now, by, comment } = one;
  const changes = [{ path: 'names', before: old, after: names }];
  if (tagOf(old) !== tagOf(names))
    await recordAudit(one.tx, { at: now, by, comment, action: 'reorder', kind: 'alert-group-order', key: '', changes });
}

function sameNames(a: readonly string[], b: readonly string[]): boolean {
  return JSON.stringify([...a].sort()) === JSON.stringify([...b].sort());
}

/** Who was moved: the fewest names without which the others stand as before. Pure. */
export function movedNames(before: readonly string[], after: readonly string[]): string[] {
  const places = after.map((name) => before.indexOf(name));
  // longest[i]: the longest rising run of places that ends at i, as indexes.
  const longest: number[][] = [];
  for (const [i, place] of places.entries()) {
    const runs = longest.filter((run) => (places[run.at(-1) as number] as number) < place);
    longest.push([...runs.reduce<number[]>((best, run) => (run.length > best.length ? run : best), []), i]);
  }
  const stay = new Set(longest.reduce<number[]>((best, run) => (run.length > best.length ? run : best), []));
  return after.filter((_, i) => !stay.has(i));
}
