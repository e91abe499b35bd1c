/** Tokens of the API, and what they can be limited to. */
import { request } from './request.ts';
import type { Role, Token } from './types.ts';

interface TokenDraft {
  name: string;
  role: Role;
  scopes: string[] | null;
  expires_at: string | null;
}

/** The only answer that has the token itself. */
export function makeToken(draft: TokenDraft): Promise<Token & { token: string }> {
  return request('POST', 'api/v1/tokens', { body: draft });
}

export function removeToken(id: string): Promise<void> {
  return request('DELETE', `api/v1/tokens/${encodeURIComponent(id)}`);
}

/** What every token may ask anyway: who it is. */
const always = 'me';

interface OpenApi {
  paths: Record<string, Record<string, { tags?: string[] }>>;
}

/** What the routes of the service are about, for whatever version it is. */
export const scopesQuery = {
  queryKey: ['scopes'],
  queryFn: async ({ signal }: { signal: AbortSignal }): Promise<string[]> => {
    const { paths } = await request<OpenApi>('GET', 'api/openapi.json', { signal });
    const tags = Object.values(paths).flatMap((methods) => Object.values(methods).flatMap(({ tags = [] }) => tags));
    return [...new Set(tags)].filter((tag) => tag !== always).sort();
  },
  staleTime: Number.POSITIVE_INFINITY,
};
