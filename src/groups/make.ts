/** Making, replacing and removing one object. */
import { randomBytes } from 'node:crypto';
import { HttpProblem, invalid } from '../http/problem.ts';
import { loadWorld } from './apply.ts';
import { checkApiToken, checkNameFree, checkReached, checkReferences, checkTokens, checkUnused } from './checks.ts';
import { type EditFacts, type EditParts, edit, editable, type Target } from './edit.ts';
import { OWN_SOURCE } from './fields.ts';
import type { Body, Section } from './kinds.ts';
import { keepsTokens, type Stored } from './objects.ts';
import { type Deleted, type Edit, type RevisionAction, removeChange, saveChange } from './revise.ts';
import { missingSecret } from './secrets.ts';

/** What was made, and what is shown of it this once. */
export interface Made {
  stored: Stored;
  extra: Body;
}

/** @throws HttpProblem 400, 409 */
export function make(parts: EditParts, facts: EditFacts, body: Body): Promise<Made> {
  checkNew(facts.section, body, parts.now());
  return edit(parts, facts, (one) => makeIn(one, { section: facts.section, body, action: 'create' }));
}

function checkNew(section: Section, body: Body, now: Date): void {
  if (body['name'] === OWN_SOURCE && section === 'sources')
    throw new HttpProblem(409, 'This name is the service itself.');
  const secret = missingSecret(section, body);
  if (secret !== null) throw invalid([secret]);
  if (section === 'sources' && keepsTokens(body)) {
    throw invalid([{ in: 'body', path: 'token', message: 'a new source needs its token; without one it is made' }]);
  }
  if (body['ends_at'] !== undefined && new Date(String(body['ends_at'])) <= now) {
    throw invalid([{ in: 'body', path: 'ends_at', message: 'must lie in the future' }]);
  }
}

/** Makes an object inside an edit, or makes a deleted one again. */
export async function makeIn(
  one: Edit,
  { section, body, action, deleted }: { section: Section; body: Body; action: RevisionAction; deleted?: Deleted },
): Promise<Made> {
  // A source without a token could not post; the one that is made for it is shown this once.
  const token =
    section === 'sources' && !body['token'] && !body['tokens'] ? randomBytes(24).toString('base64url') : null;
  const world = await loadWorld(one.tx);
  checkNameFree(world, section, body['name']);
  checkReferences(world, section, { body, now: one.now });
  checkReached(world, section, { before: null, body, now: one.now });
  if (section === 'sources') {
    checkTokens(world, null, body);
    checkApiToken(null, body);
  }
  const given = token === null ? body : { ...body, token };
  const again = deleted === undefined ? {} : { deleted };
  const stored = await saveChange(one, { section, body: given, before: null, managed: false, action, ...again });
  return { stored, extra: token === null ? {} : { token } };
}

/** @throws HttpProblem 404, 409, 412 */
export function replace(parts: EditParts, facts: EditFacts, change: Target & { body: Body }): Promise<Stored> {
  return edit(parts, facts, async (one) => {
    const before = await editable(one.tx, facts.section, change);
    return replaceIn(one, { section: facts.section, body: change.body, before, action: 'update' });
  });
}

/** Replaces an object inside an edit. */
export async function replaceIn(
  one: Edit,
  change: { section: Section; body: Body; before: Stored; action: RevisionAction },
): Promise<Stored> {
  const { section, body, before } = change;
  const world = await loadWorld(one.tx);
  const name = body['name'];
  if (before.builtin !== null && (name !== before.key || (body['matchers'] as unknown[]).length > 0)) {
    throw new HttpProblem(409, 'A built-in alert group keeps its name and has no matchers.');
  }
  if (name !== before.key) {
    checkNameFree(world, section, name);
    checkUnused(world, section, { name: before.key, now: one.now });
  }
  checkReferences(world, section, { body, now: one.now });
  checkReached(world, section, { before, body, now: one.now });
  if (section === 'sources') {
    checkTokens(world, before, body);
    checkApiToken(before, body);
  }
  const { managed, unlocked } = before;
  return saveChange(one, { ...change, managed, unlocked });
}

/** @throws HttpProblem 404, 409, 412 */
export function remove(parts: EditParts, facts: EditFacts, target: Target): Promise<void> {
  return edit(parts, facts, async (one) => {
    const before = await editable(one.tx, facts.section, target);
    if (before.builtin !== null) throw new HttpProblem(409, 'A built-in alert group cannot be removed.');
    checkUnused(await loadWorld(one.tx), facts.section, { name: before.key, now: one.now });
    await removeChange(one, facts.section, before);
  });
}
