/** What a token with scopes may call. */
import { HttpProblem } from './problem.ts';
import type { Caller } from './route.ts';

/** The scope that means: nothing but reading. */
export const readScope = 'read';

/** The routes about whoever calls: everybody may ask who they are, and sign out. */
export const ownTag = 'me';

/** Whether `scopes` let somebody call a route. Tags say what about, `read` that only reading; null is everything. */
export function inScope(
  scopes: readonly string[] | null | undefined,
  { tag, method }: { tag: string; method: string },
): boolean {
  if (scopes === null || scopes === undefined || tag === ownTag) return true;
  if (scopes.includes(readScope) && method !== 'get') return false;
  const tags = scopes.filter((scope) => scope !== readScope);
  return scopes.length > 0 && (tags.length === 0 || tags.includes(tag));
}

/** What a token would need to call a route that its scopes do not let it call. */
export function scopeNeeded(
  scopes: readonly string[] | null | undefined,
  { tag, method }: { tag: string; method: string },
): string {
  const only = scopes?.includes(readScope) && method !== 'get' ? `, and none of them may be ${readScope}` : '';
  return `This needs a token with the scope ${tag}, or one without scopes${only}.`;
}

/**
 * Who could make users or tokens could give itself what its scopes withhold.
 * @throws HttpProblem 403
 */
export function refuseScoped({ scopes }: Caller): void {
  if (scopes !== null && scopes !== undefined)
    throw new HttpProblem(403, 'A token with scopes changes no users and no tokens.');
}
