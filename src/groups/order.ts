/** The order in which page-made alert groups are matched. */
import { z } from 'zod';
import { invalid } from '../http/problem.ts';
import { type AnyRoute, route } from '../http/route.ts';
import { type EditParts, edit } from './crud.ts';
import { objectName } from './fields.ts';
import { loadObjects } from './objects.ts';

const order = z.strictObject({ names: z.array(objectName).describe('Every page-made alert group, first match first') });

/** Puts page-made alert groups in order; the managed ones come before them, in the order of their file. */
export function orderRoute(parts: EditParts): AnyRoute {
  return route({
    method: 'put',
    path: '/api/v1/alert-group-order',
    tag: 'alert-groups',
    summary: 'Put the page-made alert groups in order; the first match wins',
    role: 'editor',
    body: order,
    responses: { 204: { description: 'Done' } },
    handle: async ({ body }) => {
      await edit(parts, 'alert_groups', async (tx) => {
        const groups = await loadObjects(tx, 'alert_groups');
        const own = groups.filter((g) => !g.managed && g.builtin === null).map((g) => g.key);
        if (!sameNames(own, body.names)) {
          const message = `must list every page-made alert group once: ${own.join(', ')}`;
          throw invalid([{ in: 'body', path: 'names', message }]);
        }
        await tx.query(
          `update alert_group g set position = t.position
             from unnest($1::text[]) with ordinality as t (name, position)
            where g.name = t.name and g.deleted_at is null`,
          [body.names],
        );
      });
      return { status: 204 };
    },
  });
}

function sameNames(a: readonly string[], b: readonly string[]): boolean {
  return JSON.stringify([...a].sort()) === JSON.stringify([...b].sort());
}
