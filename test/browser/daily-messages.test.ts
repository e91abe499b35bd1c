/** Who is told once a day that all is well, as it is edited in the page. */
import type { Browser } from 'playwright-core';
import { signIn, startBrowser, visit } from '../support/browser.ts';
import { needs } from '../support/needs.ts';
import { startWorld, type World } from './world.ts';

needs('chromium')('daily messages', () => {
  let browser: Browser;
  let world: World;
  beforeAll(async () => {
    [browser, world] = await Promise.all([startBrowser(), startWorld()]);
  });
  afterAll(async () => {
    await browser?.close();
    await world?.[Symbol.asyncDispose]();
  });

  it('are made, listed with when the next one comes, and changed', async () => {
    await using seen = await visit(browser);
    const { page } = seen;
    await signIn(page, `${world.s.url}/heartbeats`);
    await page.getByRole('link', { name: 'Daily messages' }).click();
    await page.getByText('Not configured.').waitFor();
    await page.getByRole('link', { name: 'New daily message' }).click();
    await page.getByLabel('Name').fill('morning');
    await page.getByRole('button', { name: 'Save' }).click();
    await page.getByText('names nobody: at least one of contacts and robots').first().waitFor();
    await page.getByRole('combobox', { name: 'Contacts' }).click();
    await page.getByRole('option', { name: /li\.wei/ }).click();
    await page.keyboard.press('Escape');
    await page.getByLabel('Time of day').fill('08:30');
    await page.getByRole('button', { name: 'Save' }).click();
    const row = page.getByRole('row').filter({ hasText: 'morning' });
    await row.getByText('08:30 (Asia/Shanghai)').waitFor();
    await row.getByText('li.wei').waitFor();
    expect(await world.s.api('GET', '/api/v1/daily-messages/morning')).toMatchObject({
      ...{ contacts: ['li.wei'], robots: [], channels: ['email', 'wecom-app'] },
      ...{ time: '08:30', timezone: 'Asia/Shanghai', version: 1 },
    });
    expect(seen.faults).toEqual([]);
  });
});
