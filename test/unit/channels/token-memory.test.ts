import { DeliveryError } from '../../../src/channels/channel.ts';
import type { AccessToken, TokenStore } from '../../../src/channels/wecom-app/access-token.ts';
import { rememberTokens } from '../../../src/channels/wecom-app/token-memory.ts';

const token = (text: string): AccessToken => ({ token: text, refreshAt: new Date(1), expiresAt: new Date(2) });

/** Rows whose database can be taken away. */
function rows() {
  const state = { away: false, hanging: false, stored: null as AccessToken | null };
  const ask = async () => {
    if (state.hanging) await new Promise(() => {});
    if (state.away) throw Object.assign(new Error('connect ECONNREFUSED'), { code: 'ECONNREFUSED' });
  };
  const store: TokenStore = {
    async current() {
      await ask();
      return state.stored;
    },
    async refresh(_key, _stale, fetch) {
      await ask();
      state.stored = await fetch();
      return state.stored.token;
    },
  };
  return { state, tokens: rememberTokens(store, (error) => !(error instanceof DeliveryError)) };
}

describe('access tokens without the database', () => {
  it('are those that were read last', async () => {
    const { state, tokens } = rows();
    state.stored = token('one');
    await tokens.current('app');
    state.away = true;
    expect(await tokens.current('app')).toEqual(token('one'));
  });

  it('are fetched by this process alone when there is none, or that is refused, and kept', async () => {
    const { state, tokens } = rows();
    state.away = true;
    expect(await tokens.current('app')).toBe(null);
    expect(await tokens.refresh('app', null, async () => token('one'))).toBe('one');
    expect(await tokens.refresh('app', null, () => expect.unreachable('it is known'))).toBe('one');
    expect(await tokens.refresh('app', 'one', async () => token('two'))).toBe('two');
    expect(await tokens.current('app')).toEqual(token('two'));
  });

  it('are not waited for when the database hangs', async () => {
    const { state, tokens } = rows();
    state.stored = token('one');
    await tokens.current('app');
    state.hanging = true;
    const began = performance.now();
    expect(await tokens.current('app')).toEqual(token('one'));
    expect(performance.now() - began).toBeLessThan(4_000);
  });

  it('are not asked for twice when the provider refuses the credentials', async () => {
    const { tokens } = rows();
    let asked = 0;
    const refused = tokens.refresh('app', null, async () => {
      asked++;
      throw new DeliveryError('errcode 40001', { kind: 'config', reason: 'bad_credentials' });
    });
    await expect(refused).rejects.toThrow('errcode 40001');
    expect(asked).toBe(1);
  });
});
