/** An admin who declares heartbeats, and is told when one stays away. */
import type { Browser, Page } from 'playwright-core';
import { signIn, startBrowser, type Visit, visit } from '../support/browser.ts';
import { needs } from '../support/needs.ts';
import { eventually } from '../support/wait.ts';
import { fill, startWorld, type World } from './world.ts';

needs('chromium')('heartbeats', () => {
  let browser: Browser;
  let world: World;
  beforeAll(async () => {
    [browser, world] = await Promise.all([startBrowser(), startWorld()]);
    await fill(world);
  });
  afterAll(async () => {
    await browser?.close();
    await world?.[Symbol.asyncDispose]();
  });

  let seen: Visit;
  let page: Page;
  const open = async (path = '/heartbeats', token?: string) => {
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

  it('a discovered one is declared with one click, and its stream goes on under the new name', async () => {
    const beat = () => world.fire({ alertname: 'Watchdog', prometheus: 'mon/click', severity: 'none' });
    await beat();
    await open();
    await row('mon/click').getByRole('link', { name: 'Declare' }).click();
    const name = page.getByRole('textbox', { name: 'Heartbeat' });
    expect(await name.inputValue()).toBe('Watchdog mon/click az-a');
    await name.fill('prom-click');
    expect(await page.getByRole('combobox', { name: 'Source' }).inputValue()).toBe('az-a');
    await page.getByLabel('Lost after').fill('5m');
    await page.getByRole('combobox', { name: 'Alert group' }).click();
    await page.getByRole('option', { name: 'database' }).click();
    await button('Save').click();
    await page.getByRole('heading', { level: 1, name: 'prom-click' }).waitFor();
    expect(await world.s.api('GET', '/api/v1/heartbeats/prom-click')).toMatchObject({
      ...{ source: 'az-a', timeout: '5m', alert_group: 'database' },
      matchers: expect.arrayContaining(['alertname="Watchdog"', 'prometheus="mon/click"']),
    });
    await beat();
    await world.pass(15_000);
    await page.getByRole('link', { name: 'Heartbeats' }).first().click();
    await row('mon/click').getByRole('link', { name: 'prom-click' }).waitFor();
    // The list begins with what was read of it last, maybe between the edit and the look for streams that it moves.
    await eventually(async () => (await row('mon/click').count()) === 1);
  });

  it('is edited, and every version of it can be had back', async () => {
    await world.s.api('POST', '/api/v1/heartbeats', {
      ...{ name: 'nightly', source: 'az-a', timeout: '3m' },
      matchers: ['alertname="Nightly", cluster=~"a|b"'],
    });
    await open('/heartbeats/nightly');
    await button('Edit').click();
    await page.getByLabel('Lost after').fill('not a time');
    await button('Save').click();
    await page.locator('[aria-invalid="true"]').waitFor();
    await page.getByLabel('Lost after').fill('25h');
    await button('Save').click();
    await page.getByRole('region', { name: 'About' }).getByText('1d1h').waitFor();
    const edited = await world.s.api<{ matchers: string[] }>('GET', '/api/v1/heartbeats/nightly');
    expect(edited.matchers.join(', ')).toBe('alertname="Nightly", cluster=~"a|b"');
    await button('Restore version 1').click();
    await page.getByRole('dialog').getByRole('button', { name: 'Restore' }).click();
    await page.getByRole('region', { name: 'About' }).getByText('3m', { exact: true }).waitFor();
    await button('Remove').click();
    await page.getByRole('dialog').getByRole('button', { name: 'Remove' }).click();
    await page.getByRole('heading', { level: 1, name: 'Heartbeats' }).waitFor();
    await expect(world.s.api('GET', '/api/v1/heartbeats/nightly')).rejects.toThrow(/404/);
  });

  it('needs a matcher, and says so', async () => {
    await open('/heartbeats/new');
    await page.getByRole('textbox', { name: 'Heartbeat' }).fill('everything');
    await button('Save').click();
    await page.locator('form').getByText('at least one matcher').first().waitFor();
    expect(await page.getByRole('textbox', { name: 'Heartbeat' }).inputValue()).toBe('everything');
  });

  it('a viewer can declare and change nothing', async () => {
    await world.s.api('POST', '/api/v1/heartbeats', { name: 'seen', matchers: ['alertname="Seen"'] });
    const { token } = await world.s.api<{ token: string }>('POST', '/api/v1/tokens', { name: 'guest', role: 'viewer' });
    await open('/heartbeats', token);
    await row('mon/a').getByText('Alive', { exact: true }).waitFor();
    await row('mon/a')
      .getByRole('img', { name: /^Last day: no beat yet/ })
      .waitFor();
    expect(await page.getByRole('link', { name: /Declare|New/ }).count()).toBe(0);
    await page.goto(`${world.s.url}/heartbeats/seen`);
    await page.getByRole('list', { name: 'Versions' }).getByText('Version 1').waitFor();
    expect(await page.locator('main').getByRole('button').count()).toBe(0);
    await page.goto(`${world.s.url}/heartbeats/new`);
    await page.getByText('This needs the role editor').waitFor();
  });
});
