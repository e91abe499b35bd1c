/** What keeps what from being told: rules are made in the page, and what they do is seen where it is missed. */
import type { Browser } from 'playwright-core';
import { signIn, startBrowser, visit } from '../support/browser.ts';
import { needs } from '../support/needs.ts';
import { startWorld, type World } from './world.ts';

needs('chromium')('inhibition rules', () => {
  let browser: Browser;
  let world: World;
  beforeEach(async () => {
    [browser, world] = await Promise.all([startBrowser(), startWorld()]);
  });
  afterEach(async () => {
    await browser?.close();
    await world?.[Symbol.asyncDispose]();
  });

  it('are made of two sides and what has to be equal; faults stand where they belong', async () => {
    await using seen = await visit(browser);
    const { page } = seen;
    await signIn(page, `${world.s.url}/silences`);
    await page.getByRole('link', { name: 'Inhibition rules' }).click();
    await page.getByText('No inhibition rule yet').waitFor();
    await page.getByRole('link', { name: 'New inhibition rule' }).click();
    await page.getByLabel('Name').fill('node-down');
    const [source, target] = ['While an alert fires that matches', 'Nobody is told of those that match'].map((name) =>
      page.getByRole('group', { name }),
    );
    for (const side of [source, target]) await side?.getByText('Text', { exact: true }).click();
    await source?.getByRole('textbox').fill('alertname="NodeDown"');
    await page.getByRole('button', { name: 'Save' }).click();
    await target?.getByText('at least one matcher').waitFor();
    await target?.getByRole('textbox').fill('severity="warning');
    await page.getByRole('button', { name: 'Save' }).click();
    await target?.getByText('Line 1').waitFor();
    await target?.getByRole('textbox').fill('severity="warning"');
    await page.getByRole('combobox', { name: 'Where both have the same' }).fill('cluster');
    await page.keyboard.press('Enter');
    await page.getByRole('button', { name: 'Save' }).click();
    await page.getByRole('row').filter({ hasText: 'node-down' }).getByText('alertname="NodeDown"').waitFor();
    expect(await world.s.api('GET', '/api/v1/inhibition-rules/node-down')).toMatchObject({
      ...{ source_matchers: ['alertname="NodeDown"'], target_matchers: ['severity="warning"'], equal: ['cluster'] },
    });
    await page.getByRole('link', { name: 'node-down' }).click();
    await page.getByText('Version 1', { exact: true }).waitFor();
    expect(seen.faults).toEqual([]);
  });

  it('show on what they hold back that it is inhibited, by what, and by which rule', async () => {
    await world.s.api('POST', '/api/v1/inhibition-rules', {
      ...{ name: 'node-down', source_matchers: ['alertname="NodeDown"'], target_matchers: ['severity="warning"'] },
    });
    await world.fire({ alertname: 'NodeDown', team: 'platform', severity: 'critical' });
    await world.fire({ alertname: 'DiskFills', team: 'db', severity: 'warning' });
    await world.pass(60_000);
    await using seen = await visit(browser);
    const { page } = seen;
    await signIn(page, world.s.url);
    const card = page.getByRole('article').filter({ hasText: 'DiskFills' });
    await card.getByText('Inhibited', { exact: true }).waitFor();
    await card.getByRole('link', { name: 'DiskFills' }).click();
    await page.getByText('(inhibition rule node-down)', { exact: true }).waitFor();
    await page.getByRole('link', { name: 'NodeDown', exact: true }).click();
    await page.getByRole('heading', { name: 'NodeDown' }).waitFor();
    expect(seen.faults).toEqual([]);
  });
});
