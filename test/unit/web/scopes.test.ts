/** What a token can be limited to, as the page names it. */
import { en } from '../../../src/web/text/en.ts';
import { startService } from '../../support/service.ts';

describe('the scopes of a token', () => {
  it('have words, each that there is and no other', async () => {
    await using s = await startService();
    const document = (await (await fetch(`${s.url}/api/openapi.json`)).json()) as {
      paths: Record<string, Record<string, { tags?: string[] }>>;
    };
    const tags = Object.values(document.paths).flatMap((methods) =>
      Object.values(methods).flatMap(({ tags = [] }) => tags),
    );
    // Whoever calls may always ask who they are.
    const scopes = new Set(tags.filter((tag) => tag !== 'me'));
    expect(Object.keys(en.users.scopeWords).sort()).toEqual([...scopes].sort());
  });
});
