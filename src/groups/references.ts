import type { Fault } from '../http/problem.ts';
import type { Body, Section } from './kinds.ts';
import { keyOf } from './plan.ts';

/** What every section holds after an edit; silences that are over refer to nothing. */
export type World = Readonly<Record<Section, readonly Body[]>>;

/** Which sections a field of another section names; a dot leads into it. */
const references: readonly { from: Section; field: string; to: Section }[] = [
  { from: 'alert_groups', field: 'members', to: 'contacts' },
  { from: 'alert_groups', field: 'robots', to: 'robots' },
  { from: 'alert_groups', field: 'policy.mute_time_intervals', to: 'time_intervals' },
  { from: 'alert_groups', field: 'policy.active_time_intervals', to: 'time_intervals' },
  { from: 'silences', field: 'time_intervals', to: 'time_intervals' },
  { from: 'heartbeats', field: 'source', to: 'sources' },
  { from: 'heartbeats', field: 'alert_group', to: 'alert_groups' },
];

/** The names that are there without anybody's doing. */
const builtins: Partial<Record<Section, readonly string[]>> = { alert_groups: ['unrouted', 'self', 'watchdog'] };

/** Every name that something refers to and that is not there; a section that is missing may hold anything. Pure. */
export function danglingReferences(world: Partial<World>): Fault[] {
  return references.flatMap(({ from, field, to }) => {
    const missing = missingFrom(world, to);
    return (world[from] ?? []).flatMap((body) =>
      missing(at(body, field)).map((fault) => ({ ...fault, path: `${from}[${keyOf(from, body)}].${field}` })),
    );
  });
}

/** The same for one object, with the path of its field. Pure. */
export function danglingIn(world: World, section: Section, body: Body): Fault[] {
  return references
    .filter((r) => r.from === section)
    .flatMap(({ field, to }) => missingFrom(world, to)(at(body, field)).map((fault) => ({ ...fault, path: field })));
}

function missingFrom(world: Partial<World>, to: Section): (value: unknown) => Omit<Fault, 'path'>[] {
  const target = world[to];
  if (target === undefined) return () => [];
  const there = new Set([...target.map((b) => b['name']), ...(builtins[to] ?? [])]);
  return (value) =>
    namesIn(value)
      .filter((name) => !there.has(name))
      .map((name) => ({ in: 'body', message: `${JSON.stringify(name)} is not in ${to}` }));
}

/** Who refers to this object, in words. Pure. */
export function usersOf(world: World, section: Section, name: string): string[] {
  return references
    .filter((r) => r.to === section)
    .flatMap((r) =>
      world[r.from].filter((b) => namesIn(at(b, r.field)).includes(name)).map((b) => `${r.from}/${keyOf(r.from, b)}`),
    );
}

function at(body: Body, path: string): unknown {
  return path.split('.').reduce((value: unknown, name) => (value as Body | undefined)?.[name], body);
}

function namesIn(value: unknown): string[] {
  if (typeof value === 'string') return [value];
  return Array.isArray(value) ? value.map(String) : [];
}
