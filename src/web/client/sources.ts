/** What can be asked of a source beside reading and editing it. */
import { type Base, pathOf } from './objects.ts';
import { request, withQuery } from './request.ts';

/** What to paste into `alertmanager.yml`; `<token>` stands in it for a token. */
export const receiverQuery = (name: string) => ({
  queryKey: ['config', 'sources', name, 'receiver'],
  queryFn: async () => {
    const path = withQuery(pathOf('sources', name, 'alertmanager-config'), { format: 'json' });
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
