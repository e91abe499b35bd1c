/** The page that has the sources side by side, and the form by which the members of one get their addresses. */
import type { Browser } from 'playwright-core';
import { signIn, startBrowser, visit } from '../support/browser.ts';
import { needs } from '../support/needs.ts';
import { startWorld, type World } from './world.ts';

needs('chromium')('the consistency board', () => {
  let browser: Browser;
  let world: World;
  beforeAll(async () => {
    [browser, world] = await Promise.all([startBrowser(), startWorld()]);
  });
  afterAll(async () => {
    await browser?.close();
    await world?.[Symbol.asyncDispose]();
  });

  it('shows how the members answer that were given an address in the form', async () => {
    await using seen = await visit(browser);
    const { page } = seen;
    await signIn(page, `${world.s.url}/consistency`);
    await page.getByText('Nobody is asked').waitFor();
    // That of the world comes from a file, which has to be changed there.
    await world.s.api('POST', '/api/v1/sources', { name: 'az-b' });
    await page.goto(`${world.s.url}/sources/az-b`);
    await page.getByRole('button', { name: 'Edit' }).click();
    await page.getByLabel('Members').fill('am-0 http://127.0.0.1:9\nam-1');
    await page.getByLabel('Prometheus', { exact: true }).fill('http://127.0.0.1:9/prometheus/');
    await page.getByLabel('Password or token for asking').fill('a-secret-of-polls');
    await page.getByRole('button', { name: 'Save' }).click();
    await page.getByText('am-0 (http://127.0.0.1:9), am-1').waitFor();
    expect(await world.s.api('GET', '/api/v1/sources/az-b')).toMatchObject({
      members: [{ name: 'am-0', api_url: 'http://127.0.0.1:9' }, 'am-1'],
      prometheus_url: 'http://127.0.0.1:9/prometheus',
      api_token: '<secret>',
    });
    await world.pass(60_000);
    await page.goto(`${world.s.url}/consistency`);
    const members = page.getByRole('table', { name: 'Alertmanagers and Prometheus' });
    await members.getByText('Prometheus of az-b').waitFor();
    const states = await members
      .getByRole('row')
      .evaluateAll((rows) => rows.slice(1).map((row) => row.querySelector('td')?.textContent));
    expect(states).toEqual(['Missed once', 'Not asked', 'Missed once']);
    expect(seen.faults).toEqual([]);
  });
});
