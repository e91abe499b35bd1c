/** The one secret that a robot or a peer has: written, kept, and never answered. The tokens of a source are another matter. */
import type { Fault } from '../http/problem.ts';
import { SECRET } from './fields.ts';
import type { Body, Section } from './kinds.ts';

/** The field that holds it, by section. */
export const secretFields: Partial<Record<Section, string>> = { robots: 'key', peers: 'secret' };

const needed: Partial<Record<Section, string>> = {
  robots: 'a new robot needs its key',
  peers: 'a new peer needs the secret that both sites share',
};

/** Why what was deleted does not come back by itself. */
export function forgottenSecret(section: Section): string {
  const [field, what] = [secretFields[section], section === 'robots' ? 'a robot' : 'a peer'];
  return `the ${field} of ${what} is forgotten with it: send it as {"${field}": "…"}`;
}

/** The secret as answers and exports show it; nothing for what has none. */
export function hiddenSecret(section: Section): Body {
  const field = secretFields[section];
  return field === undefined ? {} : { [field]: SECRET };
}

/** The secret that a body brings; null: none, or it says to keep what is stored. */
export function givenSecret(section: Section, body: Body): string | null {
  const field = secretFields[section];
  const given = field === undefined ? undefined : body[field];
  return given === undefined || given === SECRET ? null : String(given);
}

/** What is wrong with making this: it has no secret and needs one. */
export function missingSecret(section: Section, body: Body): (Omit<Fault, 'in'> & { in: 'body' }) | null {
  const path = secretFields[section];
  if (path === undefined || givenSecret(section, body) !== null) return null;
  return { in: 'body', path, message: needed[section] ?? 'its secret is needed' };
}
