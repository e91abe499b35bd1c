/** Times that come again, and silences that hide only then. */
import type { Browser } from 'playwright-core';
import { signIn, startBrowser, visit } from '../support/browser.ts';
import { needs } from '../support/needs.ts';
import { startWorld, type World } from './world.ts';

needs('chromium')('time intervals', () => {
  let browser: Browser;
  let world: World;
  beforeAll(async () => {
    [browser, world] = await Promise.all([startBrowser(), startWorld()]);
    await world.fire({ alertname: 'BackupSlow', team: 'db', severity: 'warning' });
  });
  afterAll(async () => {
    await browser?.close();
    await world?.[Symbol.asyncDispose]();
  });

  it('are made of days, times and a zone, and are told in words', async () => {
    await using seen = await visit(browser);
    const { page } = seen;
    await signIn(page, `${world.s.url}/silences`);
    await page.getByRole('link', { name: 'Time intervals' }).click();
    await page.getByRole('link', { name: 'New time interval' }).click();
    await page.getByLabel('Name').fill('backups');
    await page.getByRole('checkbox', { name: 'Tuesday' }).check();
    await page.getByRole('button', { name: 'Add a time of day' }).click();
    await page.getByLabel('From').fill('04:00');
    await page.getByLabel('To', { exact: true }).fill('02:00');
    expect(await page.getByRole('combobox', { name: 'Time zone' }).inputValue()).toBe('Asia/Shanghai');
    await page.getByRole('button', { name: 'Save' }).click();
    await page.getByRole('alert').waitFor();
    expect(await page.getByLabel('To', { exact: true }).getAttribute('aria-invalid')).toBe('true');
    await page.getByLabel('From').fill('02:00');
    await page.getByLabel('To', { exact: true }).fill('04:00');
    await page.getByRole('button', { name: 'Save' }).click();
    const row = page.getByRole('row').filter({ hasText: 'backups' });
    await row.getByText('every Tuesday, 02:00–04:00 (Asia/Shanghai)').waitFor();
    expect(await world.s.api('GET', '/api/v1/time-intervals/backups')).toMatchObject({
      time_intervals: [
        {
          ...{ weekdays: ['tuesday'], location: 'Asia/Shanghai' },
          times: [{ start_time: '02:00', end_time: '04:00' }],
        },
      ],
    });
    expect(seen.faults).toEqual([]);
  });

  it('are chosen for a silence, which says when it hides; what is in use is not removed', async () => {
    // Never just now: the day after tomorrow only.
    const day = new Intl.DateTimeFormat('en', { weekday: 'long', timeZone: 'UTC' })
      .format(world.s.clock.now().getTime() + 2 * 86_400_000)
      .toLowerCase();
    await world.s.api('POST', '/api/v1/time-intervals', { name: 'another day', time_intervals: [{ weekdays: [day] }] });
    await using seen = await visit(browser);
    const { page } = seen;
    await signIn(page, `${world.s.url}/silences/new?matcher=alertname%3D"BackupSlow"`);
    await page.getByRole('checkbox', { name: 'another day' }).check();
    await page.getByLabel('For how long').selectOption('1 week');
    await page.getByLabel('Why').fill('the backups are slow then');
    await page.getByRole('button', { name: 'Save' }).click();
    await page.getByRole('heading', { name: 'the backups are slow then' }).waitFor();
    await page.getByText('hides again from').waitFor();
    await page.getByRole('button', { name: 'Extend' }).click();
    await page.getByRole('menuitem', { name: 'by 1 hour' }).click();
    await page.getByText('Version 2', { exact: true }).waitFor();
    const { items } = await world.s.api<{ items: Record<string, unknown>[] }>('GET', '/api/v1/silences');
    expect(items).toMatchObject([{ time_intervals: ['another day'], active_now: false }]);
    await page.getByRole('link', { name: '‹ Silences' }).click();
    const card = page.getByRole('article').filter({ hasText: 'the backups are slow then' });
    await card.getByText('Pauses').waitFor();
    await card.getByText('all day (UTC)').waitFor();
    await card.getByText('would hide 1 alert now').waitFor();
    await page.getByRole('link', { name: 'Time intervals' }).click();
    await page.getByRole('link', { name: 'another day' }).click();
    await page.getByRole('button', { name: 'Remove', exact: true }).click();
    await page.getByRole('dialog').getByRole('button', { name: 'Remove' }).click();
    await page.getByText('This did not work').waitFor();
    expect(await world.s.api('GET', '/api/v1/time-intervals/another%20day')).toMatchObject({ name: 'another day' });
    expect(seen.faults).toEqual([]);
  });
});
