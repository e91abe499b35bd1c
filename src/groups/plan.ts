/** What applying a document would do. Pure: the stored objects and the document in, a list of changes out. */
import type { Fault } from '../http/problem.ts';
import { formatMatchers } from '../matcher/format.ts';
import type { FieldChange } from '../store/audit.ts';
import { apiTokenFault, changesApiToken } from './api-token.ts';
import { fieldChanges, isObject, same } from './diff.ts';
import { type Body, type Document, type Section, sections } from './kinds.ts';
import { type MatcherFacts, matcherTexts } from './matchers.ts';
import { keepsTokens, type Stored, tokenHashes } from './objects.ts';
import { givenSecret, missingSecret, secretFields } from './secrets.ts';

/** One thing to do. */
export interface Change {
  action: 'create' | 'update' | 'delete';
  section: Section;
  name: string;
  fields: FieldChange[];
  before: Stored | null;
  /** What will be stored; null for a delete. */
  body: Body | null;
}

/** What a document comes to. */
export interface Plan {
  changes: Change[];
  unchanged: number;
  faults: Fault[];
  /** What somebody should know before it happens. */
  warnings: string[];
}

/** All stored objects by section. */
export type StoredWorld = Readonly<Record<Section, readonly Stored[]>>;

const hidden = new Set(['token', 'tokens', 'key', 'secret', 'api_token']);

/** Names an object within its section; a silence without a name is known by what it says. */
export function keyOf(section: Section, body: Body): string {
  if (section !== 'silences' || body['name'] !== undefined) return String(body['name']);
  const sets = body['matchers'] as MatcherFacts[][];
  return `${sets.map(formatMatchers).join(' or ')} until ${body['ends_at']}: ${body['comment']}`;
}

/**
 * Compares a document with what is stored. A section that is there deletes managed objects that it does not list; what
 * was made in the page is never deleted, and never changed behind its maker's back: a different object of the same name
 * is a fault. What is unlocked is taken back when the document says something else, and stays when it says nothing of it.
 * The built-in alert groups may be given members, and are never deleted.
 */
export function planApply(stored: StoredWorld, document: Document, now: Date): Plan {
  const plan: Plan = { changes: [], unchanged: 0, faults: [], warnings: [] };
  for (const section of sections) {
    const bodies = document[section] as readonly Body[] | undefined;
    if (bodies !== undefined) planSection(plan, { section, stored: stored[section], bodies, now });
  }
  plan.faults.push(...sharedTokens(stored.sources, plan.changes));
  // What refers to others goes first, so that nothing is deleted that is still named.
  const deletes = plan.changes.filter((c) => c.action === 'delete').reverse();
  return { ...plan, changes: [...plan.changes.filter((c) => c.action !== 'delete'), ...deletes] };
}

interface SectionFacts {
  section: Section;
  stored: readonly Stored[];
  bodies: readonly Body[];
  now: Date;
}

function planSection(plan: Plan, { section, stored, bodies, now }: SectionFacts): void {
  const before = new Map(stored.map((s) => [keyOf(section, s.body), s]));
  const listed = new Set<string>();
  const positions = section === 'alert_groups' ? positionsOf(bodies, before) : null;
  bodies.forEach((given, index) => {
    const key = keyOf(section, given);
    const path = `${section}[${index}]`;
    if (listed.has(key)) {
      // Somebody may have made the same silence twice in the page: saying it twice is once enough.
      if (given['name'] === undefined) plan.unchanged += 1;
      else plan.faults.push({ in: 'body', path, message: `${JSON.stringify(key)} is listed twice` });
      return;
    }
    listed.add(key);
    const known = before.get(key) ?? null;
    const position = positions?.get(key);
    const body = position === undefined ? given : { ...given, position };
    planObject(plan, { section, path, key, body, known });
  });
  for (const [key, one] of before) {
    if (!one.managed || listed.has(key) || hasEnded(section, one, now)) continue;
    if (one.unlocked) {
      plan.warnings.push(
        `${section}/${one.key} is unlocked and not in the document: it stays as it was edited by hand`,
      );
      continue;
    }
    plan.changes.push({ action: 'delete', section, name: one.key, fields: [], before: one, body: null });
  }
}

/** A silence that is over is history: `export` leaves it out, it refers to nothing, and there is nothing to end. */
export function hasEnded(section: Section, { body }: Pick<Stored, 'body'>, now: Date): boolean {
  return section === 'silences' && new Date(String(body['ends_at'])) <= now;
}

/**
 * Managed alert groups are matched in the order of the document. Each keeps its place where it can, so that a document
 * that only adds or drops one moves no other. What was made in the page, and the built-in ones, have their own order.
 */
function positionsOf(bodies: readonly Body[], before: ReadonlyMap<string, Stored>): Map<string, number> {
  const positions = new Map<string, number>();
  let last = 0;
  for (const body of bodies) {
    const name = String(body['name']);
    const known = before.get(name);
    if (known !== undefined && !known.managed) continue;
    last = known !== undefined && known.position > last ? known.position : last + 1;
    positions.set(name, last);
  }
  return positions;
}

/** A token names one source. Says who would share one, never which. */
function sharedTokens(stored: readonly Stored[], changes: readonly Change[]): Fault[] {
  const changed = new Map(changes.filter((c) => c.section === 'sources').map((c) => [c.name, c]));
  const untouched = stored.filter((s) => !changed.has(s.key)).map((s) => ({ name: s.key, hashes: s.secrets }));
  const after = [...changed.values()].flatMap(({ name, body, before }) =>
    body === null ? [] : [{ name, hashes: tokenHashes(body) ?? before?.secrets ?? [] }],
  );
  return tokenClashes([...untouched, ...after]).map(({ first, second }) => ({
    in: 'body' as const,
    path: `sources[${second}].token`,
    message: `is a token of ${first} too: each source needs its own`,
  }));
}

/** Pairs of sources that share a token. */
export function tokenClashes(
  sources: readonly { name: string; hashes: readonly string[] }[],
): { first: string; second: string }[] {
  const owners = new Map<string, string>();
  return sources.flatMap(({ name, hashes }) =>
    hashes.flatMap((hash) => {
      const first = owners.get(hash);
      owners.set(hash, name);
      return first === undefined ? [] : [{ first, second: name }];
    }),
  );
}

function planObject(
  plan: Plan,
  {
    section,
    path,
    key,
    body,
    known,
  }: { section: Section; path: string; key: string; body: Body; known: Stored | null },
): void {
  const name = String(body['name'] ?? key);
  const untold = section === 'sources' ? apiTokenFault(known, body) : null;
  if (untold !== null) plan.faults.push({ in: 'body', path: `${path}.api_token`, message: untold });
  if (known === null) {
    const secret = missingSecret(section, body);
    if (secret !== null) plan.faults.push({ ...secret, path: `${path}.${secret.path}` });
    if (section === 'sources' && keepsTokens(body)) {
      plan.faults.push({ in: 'body', path: `${path}.token`, message: 'a new source needs its token' });
    }
    plan.changes.push({ action: 'create', section, name, fields: fieldsOf(section, {}, body), before: null, body });
    return;
  }
  if (known.builtin !== null && (body['matchers'] as unknown[]).length > 0) {
    plan.faults.push({ in: 'body', path: `${path}.matchers`, message: 'a built-in alert group has no matchers' });
  }
  const fields = [...fieldsOf(section, known.body, body), ...secretsOf(section, known, body), ...moveOf(known, body)];
  if (fields.length === 0) plan.unchanged += 1;
  else if (known.managed || known.builtin !== null) {
    if (known.unlocked)
      plan.warnings.push(`${section}/${name} was unlocked: apply takes it back, edits by hand are lost`);
    plan.changes.push({ action: 'update', section, name, fields, before: known, body });
  } else {
    plan.faults.push({
      in: 'body',
      path,
      message: `${section}/${name} was made in the page and differs. See what it says there (monitor-manager export -o FILE) and take that over, or delete or rename it in the page`,
    });
  }
}

function fieldsOf(section: Section, before: Body, after: Body): FieldChange[] {
  return Object.entries(after).flatMap(([path, value]): FieldChange[] => {
    if (hidden.has(path) || path === 'position' || value === undefined) return [];
    if (section === 'silences' && before['matchers'] !== undefined && (path === 'duration' || path === 'created_by'))
      return [];
    if (same(before[path], value)) return [];
    const was = before[path] ?? null;
    if (section === 'silences' && path === 'matchers') return [{ path, before: textsOf(was), after: textsOf(value) }];
    // Of an edit only what it changes, `policy.for`; what is new is shown whole.
    if (isObject(was) && isObject(value)) return fieldChanges(was, value, `${path}.`);
    return [{ path, before: was, after: value }];
  });
}

function textsOf(sets: unknown): unknown {
  return sets === null ? null : matcherTexts(sets as MatcherFacts[][]);
}

function moveOf(known: Stored, { position }: Body): FieldChange[] {
  if (position === undefined || position === known.position) return [];
  return [{ path: 'position', before: known.position, after: position }];
}

function secretsOf(section: Section, known: Stored, body: Body): FieldChange[] {
  const changed = (path: string) => [{ path, before: null, after: null }];
  if (section === 'sources') {
    const hashes = tokenHashes(body);
    const kept = hashes === null || same([...hashes].sort(), [...known.secrets].sort());
    return [...(kept ? [] : changed('token')), ...(changesApiToken(known, body) ? changed('api_token') : [])];
  }
  const given = givenSecret(section, body);
  return given === null || given === known.secrets[0] ? [] : changed(secretFields[section] ?? '');
}
