/** Who is on call: schedules are made in the page, say who it is, and alert groups name them. */
import type { Browser } from 'playwright-core';
import { signIn, startBrowser, visit } from '../support/browser.ts';
import { needs } from '../support/needs.ts';
import { startWorld, type World } from './world.ts';

needs('chromium')('schedules', () => {
  let browser: Browser;
  let world: World;
  beforeEach(async () => {
    [browser, world] = await Promise.all([startBrowser(), startWorld()]);
    await world.s.api('POST', '/api/v1/contacts', { name: 'zhang.san', email: 'zhang.san@example.org' });
  });
  afterEach(async () => {
    await browser?.close();
    await world?.[Symbol.asyncDispose]();
  });

  it('are made of layers; faults stand where they belong, and the page says who is on call', async () => {
    await using seen = await visit(browser);
    const { page } = seen;
    await signIn(page, world.s.url);
    await page.getByRole('link', { name: 'On call' }).click();
    await page.getByText('No schedule yet').waitFor();
    await page.getByRole('link', { name: 'New schedule' }).click();
    await page.getByRole('textbox', { name: 'Name' }).fill('dba');
    await page.getByRole('button', { name: 'Save' }).click();
    const layer = page.getByRole('group', { name: 'Layer 1' });
    await layer.getByText('at least one contact').waitFor();
    await layer.getByRole('combobox', { name: 'Contacts' }).fill('li');
    await page.getByRole('option', { name: 'li.wei' }).click();
    await layer.getByRole('textbox', { name: 'Hand-over at' }).fill('9 o’clock');
    await layer.getByLabel('From the day on').fill('2026-01-05');
    await page.getByRole('button', { name: 'Save' }).click();
    await layer.getByText('not a time of day').waitFor();
    await layer.getByRole('textbox', { name: 'Hand-over at' }).fill('09:00');
    await page.getByRole('button', { name: 'Save' }).click();
    await page.getByText('every week at Monday 09:00, since 2026-01-05').waitFor();
    await page.getByRole('region', { name: 'On call now' }).getByText('li.wei').waitFor();
    await page.getByRole('table', { name: 'Shifts' }).getByText('li.wei').waitFor();
    expect(await world.s.api('GET', '/api/v1/schedules/dba')).toMatchObject({
      layers: [{ contacts: ['li.wei'], every: 1, unit: 'week', weekday: 'monday', hand_over: '09:00' }],
    });
    expect(seen.faults).toEqual([]);
  });

  it('have overrides, warn of times when nobody is on call, and are named by alert groups', async () => {
    await world.s.api('POST', '/api/v1/schedules', {
      ...{ name: 'dba', timezone: 'Asia/Shanghai' },
      layers: [{ contacts: ['li.wei'], unit: 'day', hand_over: '09:00', starts: '2026-01-05' }],
    });
    await using seen = await visit(browser);
    const { page } = seen;
    await signIn(page, `${world.s.url}/schedules/dba`);
    await page.getByRole('button', { name: 'Edit' }).click();
    await page.getByRole('button', { name: 'Add an override' }).click();
    await page.getByRole('group', { name: 'Override 1' }).getByLabel('Who stands in').selectOption('zhang.san');
    // It begins in the minute that the browser has now; a clock that stood still since the start could be a minute behind.
    world.s.clock.set(new Date());
    await page.getByRole('button', { name: 'Save' }).click();
    await page.getByRole('region', { name: 'On call now' }).getByText('zhang.san').waitFor();
    await page.getByRole('button', { name: 'Edit' }).click();
    await page.getByRole('group', { name: 'Override 1' }).getByLabel('Who stands in').selectOption('Nobody is on call');
    await page.getByRole('button', { name: 'Save' }).click();
    await page.getByText('Nobody is on call just now').waitFor();
    await page.getByText('Nobody is on call from').waitFor();
    await page.goto(`${world.s.url}/alert-groups/new`);
    await page.getByRole('textbox', { name: 'Name', exact: true }).first().fill('databases');
    await page.getByRole('combobox', { name: 'On call' }).click();
    await page.getByRole('option', { name: 'dba' }).click();
    await page.getByRole('button', { name: 'Save' }).click();
    await expect
      .poll(() => world.s.api('GET', '/api/v1/alert-groups/databases').catch(() => null))
      .toMatchObject({ schedules: ['dba'], members: [] });
    await world.fire({ alertname: 'DiskFills', team: 'storage' });
    await world.pass(60_000);
    await page.goto(world.s.url);
    await page.getByRole('article').filter({ hasText: 'DiskFills' }).getByRole('link', { name: 'DiskFills' }).click();
    await page.getByText('nobody is on call for the alert group databases').waitFor();
    expect(seen.faults).toEqual([]);
  });
});
