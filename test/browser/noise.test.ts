/** What makes the noise, in the page: a proposal is tried with one click, and opened as a draft with another. */
import type { Browser } from 'playwright-core';
import { signIn, startBrowser, visit } from '../support/browser.ts';
import { needs } from '../support/needs.ts';
import { startWorld, type World } from './world.ts';

const labels = (n: number) => ({ alertname: 'NodeDown', team: 'nodes', severity: 'warning', instance: `node-${n}` });

/** Twelve instances go down at one moment, in an alert group that a person made and that tells of each by itself. */
async function split({ s, fire, pass }: World): Promise<void> {
  await s.api('POST', '/api/v1/alert-groups', {
    ...{ name: 'nodes', matchers: ['alertname="NodeDown"'], members: ['li.wei'], channels: ['email'] },
    policy: { group_by: ['alertname', 'instance'] },
  });
  for (let n = 0; n < 12; n++) await fire(labels(n));
  await pass(60_000);
}

needs('chromium')('the noise report', () => {
  let browser: Browser;
  let world: World;
  beforeEach(async () => {
    [browser, world] = await Promise.all([startBrowser(), startWorld()]);
    await split(world);
  });
  afterEach(async () => {
    await browser?.close();
    await world?.[Symbol.asyncDispose]();
  });

  it('tries a proposal, and opens it as a draft that is not saved', async () => {
    await using seen = await visit(browser);
    const { page } = seen;
    await signIn(page, world.s.url);
    await page.getByRole('link', { name: 'Noise' }).click();
    const row = page.getByRole('table', { name: 'Noise' }).getByRole('row').filter({ hasText: 'NodeDown' });
    await row.getByText('One incident for each alertname, without instance: 12 incidents would have been 1.').waitFor();
    await row.getByRole('button', { name: 'Backtest' }).click();
    await row.getByText(/All messages of 7 days: \d+ → 1; no critical alert later or never\./).waitFor();

    await row.getByRole('button', { name: 'Edit as draft' }).click();
    await page.getByRole('heading', { name: 'nodes', level: 1 }).waitFor();
    const notice = page.getByRole('status').filter({ hasText: 'Proposed by the noise report, and not saved yet:' });
    await notice.getByText('alertname, instance').waitFor();
    await page.getByRole('link', { name: 'Deliveries' }).click();
    await page.getByRole('dialog').getByRole('button', { name: 'Cancel' }).click();
    const stored = () => world.s.api<{ policy: { group_by: string[] } }>('GET', '/api/v1/alert-groups/nodes');
    expect((await stored()).policy.group_by).toEqual(['alertname', 'instance']);

    await page.getByRole('button', { name: 'Save' }).click();
    await notice.waitFor({ state: 'detached' });
    expect((await stored()).policy.group_by).toEqual(['alertname']);
    await page.reload();
    await page.getByRole('heading', { name: 'nodes', level: 1 }).waitFor();
    expect(await notice.count()).toBe(0);
    expect(seen.faults).toEqual([]);
  });

  it('fits on a phone, in Chinese', async () => {
    await using seen = await visit(browser, { locale: 'zh-CN', width: 390 });
    const { page } = seen;
    await signIn(page, `${world.s.url}/noise?since=1d`);
    await page.getByText('按 alertname 归并事件，去掉 instance：12 个事件会变成 1 个。').waitFor();
    expect(await page.evaluate<number>('document.documentElement.scrollWidth')).toBeLessThanOrEqual(390);
    expect(seen.faults).toEqual([]);
  });
});
