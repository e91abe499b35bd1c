import type { Fault } from '../http/problem.ts';
import type { Body, Section } from './kinds.ts';
import { keyOf } from './plan.ts';

/** What every section holds after an edit; silences that are over refer to nothing. */
export type World = Readonly<Record<Section, readonly Body[]>>;

interface Reference {
  from: Section;
  /** A dot leads into it. */
  field: string;
  /** The field is a list of objects, and this one of theirs holds the names. */
  within?: string;
  to: Section;
}

/** Which sections a field of another section names. */
const references: readonly Reference[] = [
  { from: 'schedules', field: 'layers', within: 'contacts', to: 'contacts' },
  { from: 'schedules', field: 'overrides', within: 'contact', to: 'contacts' },
  { from: 'alert_groups', field: 'members', to: 'contacts' },
  { from: 'alert_groups', field: 'schedules', to: 'schedules' },
  { from: 'alert_groups', field: 'robots', to: 'robots' },
  { from: 'alert_groups', field: 'escalation', within: 'members', to: 'contacts' },
  { from: 'alert_groups', field: 'escalation', within: 'schedules', to: 'schedules' },
  { from: 'alert_groups', field: 'escalation', within: 'robots', to: 'robots' },
  { from: 'alert_groups', field: 'policy.quiet_time_intervals', to: 'time_intervals' },
  { from: 'alert_groups', field: 'policy.mute_time_intervals', to: 'time_intervals' },
  { from: 'alert_groups', field: 'policy.active_time_intervals', to: 'time_intervals' },
  { from: 'silences', field: 'time_intervals', to: 'time_intervals' },
  { from: 'silences', field: 'notify', to: 'contacts' },
  { from: 'heartbeats', field: 'source', to: 'sources' },
  { from: 'heartbeats', field: 'alert_group', to: 'alert_groups' },
  { from: 'daily_messages', field: 'contacts', to: 'contacts' },
  { from: 'daily_messages', field: 'robots', to: 'robots' },
];

/** The names that are there without anybody's doing. */
const builtins: Partial<Record<Section, readonly string[]>> = { alert_groups: ['unrouted', 'self', 'watchdog'] };

/** Every name that something refers to and that is not there; a section that is missing may hold anything. Pure. */
export function danglingReferences(world: Partial<World>): Fault[] {
  return references.flatMap((reference) => {
    const { from, field } = reference;
    const missing = missingFrom(world, reference);
    return (world[from] ?? []).flatMap((body) =>
      missing(body).map((fault) => ({ ...fault, path: `${from}[${keyOf(from, body)}].${field}` })),
    );
  });
}

/** The same for one object, with the path of its field. Pure. */
export function danglingIn(world: World, section: Section, body: Body): Fault[] {
  return references
    .filter((r) => r.from === section)
    .flatMap((r) => missingFrom(world, r)(body).map((fault) => ({ ...fault, path: r.field })));
}

function missingFrom(world: Partial<World>, reference: Reference): (body: Body) => Omit<Fault, 'path'>[] {
  const { to } = reference;
  const target = world[to];
  if (target === undefined) return () => [];
  const there = new Set([...target.map((b) => b['name']), ...(builtins[to] ?? [])]);
  return (body) =>
    namesIn(body, reference)
      .filter((name) => !there.has(name))
      .map((name) => ({ in: 'body', message: `${JSON.stringify(name)} is not in ${to}` }));
}

/** Who refers to this object, in words. Pure. */
export function usersOf(world: World, section: Section, name: string): string[] {
  return references
    .filter((r) => r.to === section)
    .flatMap((r) =>
      world[r.from].filter((b) => namesIn(b, r).includes(name)).map((b) => `${r.from}/${keyOf(r.from, b)}`),
    );
}

function at(body: Body, path: string): unknown {
  return path.split('.').reduce((value: unknown, name) => (value as Body | undefined)?.[name], body);
}

function namesIn(body: Body, { field, within }: Reference): string[] {
  const value = at(body, field);
  if (within === undefined) return texts(value);
  return [...new Set(((value ?? []) as Body[]).flatMap((one) => texts(one[within])))];
}

function texts(value: unknown): string[] {
  if (typeof value === 'string') return [value];
  return Array.isArray(value) ? value.map(String) : [];
}
