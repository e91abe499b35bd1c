/** An admin who makes two sites watch each other, and sees what each found of the other. */
import type { Browser, Page } from 'playwright-core';
import { signIn, startBrowser, type Visit, visit } from '../support/browser.ts';
import { handClock } from '../support/clock.ts';
import { needs } from '../support/needs.ts';
import { startService, type TestService } from '../support/service.ts';
import { evil, startWorld, type World } from './world.ts';

const secret = 'what-both-sites-know-0123';

needs('chromium')('peers', () => {
  let browser: Browser;
  let world: World;
  let other: TestService;
  beforeAll(async () => {
    const start = new Date();
    [browser, world, other] = await Promise.all([
      startBrowser(),
      startWorld(start),
      startService({ clock: handClock(start), env: { MM_SITE: 'az-b' } }),
    ]);
    await other.apply({
      sources: [{ name: evil, site: evil, token: 'token-of-the-source-of-az-b' }],
      peers: [{ name: 'test', url: world.s.url, secret }],
    });
  });
  afterAll(async () => {
    await browser?.close();
    await world?.[Symbol.asyncDispose]();
    await other?.stop();
  });

  let seen: Visit;
  let page: Page;
  const open = async (path = '/peers', token?: string) => {
    seen = await visit(browser);
    page = seen.page;
    await signIn(page, `${world.s.url}${path}`, token);
  };
  afterEach(async () => {
    expect(seen.faults).toEqual([]);
    await seen.context.close();
  });

  const button = (name: string | RegExp) => page.getByRole('button', { name, exact: true });
  const row = (text: string) => page.getByRole('row').filter({ hasText: text });
  const make = (name: string, url: string) => world.s.api('POST', '/api/v1/peers', { name, url, secret });
  /** Both sites probe each other for so long. */
  const pass = async (seconds: number) => {
    for (let i = 0; i < seconds; i += 5) {
      for (const site of [world.s, other]) site.clock.advance(5_000);
      for (const site of [world.s, other]) await site.service.tick();
    }
  };

  it('a new one is made with a secret that is never shown again, and answers', async () => {
    await open();
    await page.getByText('No peer yet').waitFor();
    await page.getByRole('link', { name: 'New peer' }).click();
    await page.getByLabel('Peer').fill('az-b');
    await page.getByLabel('Address').fill(other.url);
    await page.getByLabel(/^Secret/).fill('short');
    await button('Save').click();
    await page.getByText('at least 16 visible ASCII characters').first().waitFor();
    await page.getByLabel(/^Secret/).fill(secret);
    await button('Save').click();
    await page.getByRole('heading', { level: 1, name: 'az-b' }).waitFor();
    await pass(30);
    await page.goto(`${world.s.url}/peers`);
    await row('az-b').getByText('Answers').waitFor();
    await page.getByRole('link', { name: 'az-b' }).click();
    const said = page.getByRole('region', { name: 'What it says of itself' });
    await said.getByText('nothing is due').waitFor();
    await said.getByRole('table', { name: 'Sources' }).getByText('script').waitFor();
    expect(await page.evaluate('window.hit')).toBeUndefined();
    expect(await page.content()).not.toContain(secret);
  });

  it('keeps its secret when its address is edited', async () => {
    await make('moved', 'http://127.0.0.1:9');
    await open('/peers/moved');
    await button('Edit').click();
    await page.getByLabel('Address').fill('no address');
    await button('Save').click();
    await page.getByText('not an address').first().waitFor();
    await page.getByLabel('Address').fill(`${other.url}/`);
    await button('Save').click();
    await page.getByRole('region', { name: 'What was found' }).getByText(other.url).waitFor();
    await page.getByRole('list', { name: 'Versions' }).getByText('Version 2').waitFor();
    await world.s.api('DELETE', '/api/v1/peers/moved');
  });

  it('one that has never answered says what to look at', async () => {
    await make('wrong', 'http://127.0.0.1:9');
    await pass(30);
    await open();
    await row('wrong').getByText('No answer yet').waitFor();
    await row('wrong').getByText('Are the address and the secret right').waitFor();
    await row('wrong')
      .getByText(/probes missed in a row: no connection/)
      .waitFor();
    await world.s.api('DELETE', '/api/v1/peers/wrong');
  });

  it('who is no admin sees all of it and changes nothing', async () => {
    await make('seen', 'http://127.0.0.1:9');
    const { token } = await world.s.api<{ token: string }>('POST', '/api/v1/tokens', { name: 'guest', role: 'editor' });
    await open('/peers/seen', token);
    await page.getByRole('list', { name: 'Versions' }).getByText('Version 1').waitFor();
    expect(await page.locator('main').getByRole('button').count()).toBe(0);
    await page.goto(`${world.s.url}/peers/new`);
    await page.getByText('This needs the role admin').waitFor();
    await world.s.api('DELETE', '/api/v1/peers/seen');
  });
});
