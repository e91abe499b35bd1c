import type { Fault } from '../http/problem.ts';
import type { Body, Section } from './kinds.ts';

/** What every section holds after an edit. */
export type World = Readonly<Record<Section, readonly Body[]>>;

/** Which sections a field of another section names. */
const references: readonly { from: Section; field: string; to: Section }[] = [
  { from: 'alert_groups', field: 'members', to: 'contacts' },
  { from: 'alert_groups', field: 'robots', to: 'robots' },
  { from: 'heartbeats', field: 'source', to: 'sources' },
  { from: 'heartbeats', field: 'alert_group', to: 'alert_groups' },
];

/** The names that are there without anybody's doing. */
const builtins: Partial<Record<Section, readonly string[]>> = { alert_groups: ['unrouted', 'self', 'watchdog'] };

/** Every name that something refers to and that is not there; a section that is missing may hold anything. Pure. */
export function danglingReferences(world: Partial<World>): Fault[] {
  return references.flatMap(({ from, field, to }) => {
    const target = world[to];
    if (target === undefined) return [];
    const there = new Set([...target.map((b) => b['name']), ...(builtins[to] ?? [])]);
    return (world[from] ?? []).flatMap((body) =>
      namesIn(body[field])
        .filter((name) => !there.has(name))
        .map((name) => ({
          in: 'body' as const,
          path: `${from}[${String(body['name'])}].${field}`,
          message: `${JSON.stringify(name)} is not in ${to}`,
        })),
    );
  });
}

/** Who refers to this object, in words. Pure. */
export function usersOf(world: World, section: Section, name: string): string[] {
  return references
    .filter((r) => r.to === section)
    .flatMap((r) =>
      world[r.from].filter((b) => namesIn(b[r.field]).includes(name)).map((b) => `${r.from}/${b['name']}`),
    );
}

function namesIn(value: unknown): string[] {
  if (typeof value === 'string') return [value];
  return Array.isArray(value) ? value.map(String) : [];
}
