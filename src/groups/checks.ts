/** What an edit must fit together with. */
import { HttpProblem, invalid } from '../http/problem.ts';
import { apiTokenFault } from './api-token.ts';
import { type Body, eachSection, type Section } from './kinds.ts';
import { type Stored, tokenHashes } from './objects.ts';
import { hasEnded, type StoredWorld, tokenClashes } from './plan.ts';
import { faultOf, newlyUnreached } from './reached.ts';
import { danglingIn, usersOf, type World } from './references.ts';

/** @throws HttpProblem 409 when another object of the section has this name */
export function checkNameFree(world: StoredWorld, section: Section, name: unknown): void {
  if (name === undefined || !world[section].some((s) => s.key === name)) return;
  const faults = [{ in: 'body' as const, path: 'name', message: 'it is taken already' }];
  throw new HttpProblem(409, `${section}/${String(name)} is there already.`, { faults });
}

/** @throws HttpProblem 409 when something refers to this name */
export function checkUnused(world: StoredWorld, section: Section, { name, now }: { name: string; now: Date }): void {
  const users = usersOf(bodiesOf(world, now), section, name);
  if (users.length > 0) throw new HttpProblem(409, `It is still used by ${users.join(', ')}.`);
}

/** @throws HttpProblem 409 when a body refers to what is not there */
export function checkReferences(world: StoredWorld, section: Section, { body, now }: { body: Body; now: Date }): void {
  const faults = danglingIn(bodiesOf(world, now), section, body);
  if (faults.length > 0) throw new HttpProblem(409, 'It refers to what is not there.', { faults });
}

/** @throws HttpProblem 409 when a daily message would name somebody whom it cannot reach, which was not so before */
export function checkReached(
  world: StoredWorld,
  section: Section,
  { before, body, now }: { before: Stored | null; body: Body; now: Date },
): void {
  if (section !== 'daily_messages' && section !== 'contacts') return;
  const others = { ...world, [section]: world[section].filter((s) => s.id !== before?.id) };
  const rest = bodiesOf(others, now);
  const after = { ...rest, [section]: [...rest[section], body] };
  const path = section === 'contacts' ? undefined : 'contacts';
  const faults = newlyUnreached(bodiesOf(world, now), after).map((one) => faultOf(one, path));
  if (faults.length > 0)
    throw new HttpProblem(409, 'A daily message could not reach somebody whom it names.', { faults });
}

/** @throws HttpProblem 409 when a token of this source is another's too */
export function checkTokens(world: StoredWorld, before: Stored | null, body: Body): void {
  const others = world.sources.filter((s) => s.id !== before?.id).map((s) => ({ name: s.key, hashes: s.secrets }));
  const clash = tokenClashes([...others, { name: String(body['name']), hashes: tokenHashes(body) ?? [] }])[0];
  if (clash !== undefined)
    throw new HttpProblem(409, `Source ${clash.first} has this token: each source needs its own.`);
}

/** @throws HttpProblem 400 when the stored `api_token` of a source would go somewhere new */
export function checkApiToken(before: Stored | null, body: Body): void {
  const fault = apiTokenFault(before, body);
  if (fault !== null) throw invalid([{ in: 'body', path: 'api_token', message: fault }]);
}

function bodiesOf(world: StoredWorld, now: Date): World {
  const of = (section: Section) => world[section].filter((s) => !hasEnded(section, s, now)).map((s) => s.body);
  return eachSection(of);
}
