/** What can be asked of a source beside reading and editing it. */
import { type Base, pathOf } from './objects.ts';
import { request, withQuery } from './request.ts';
import type { Source } from './types.ts';

/** What to paste into `alertmanager.yml` or `prometheus.yml`; `<token>` stands in it for a token. */
export const senderQuery = ({ name, kind }: Pick<Source, 'name' | 'kind'>) => ({
  queryKey: ['config', 'sources', name, 'sender', kind],
  queryFn: async () => {
    const path = withQuery(pathOf('sources', name, `${kind}-config`), { format: 'json' });
    return (await request<{ text: string }>('GET', path)).text;
  },
});

/** One more token, beside those that there are. It is shown this once. */
export async function addToken(name: string): Promise<string> {
  return (await request<{ token: string }>('POST', pathOf('sources', name, 'tokens'))).token;
}

/** Ends every token but the newest. @throws ApiError 412: somebody has changed the source since `version` */
export function endOldTokens({ key, version }: Base): Promise<void> {
  return request('DELETE', pathOf('sources', key, 'tokens'), { ifMatch: `"${version}"` });
}
