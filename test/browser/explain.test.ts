/** What somebody got and did not get at a time, in the page: asked on their own page, and for what never came. */
import type { Browser } from 'playwright-core';
import { signIn, startBrowser, visit } from '../support/browser.ts';
import { needs } from '../support/needs.ts';
import { startWorld, type World } from './world.ts';

needs('chromium')('explain', () => {
  let browser: Browser;
  let world: World;
  beforeEach(async () => {
    [browser, world] = await Promise.all([startBrowser(), startWorld()]);
    await world.fire({ alertname: 'ReplicationStopped', team: 'db', severity: 'critical' });
    await world.s.api('POST', '/api/v1/silences', {
      ...{ matchers: ['alertname="DiskFills"'], duration: '2h', comment: 'moving the database' },
    });
    await world.fire({ alertname: 'DiskFills', team: 'db', severity: 'warning' });
    await world.pass(60_000);
  });
  afterEach(async () => {
    await browser?.close();
    await world?.[Symbol.asyncDispose]();
  });

  it('says on the page of a person what they were told, what not, and why', async () => {
    await using seen = await visit(browser);
    const { page } = seen;
    await signIn(page, `${world.s.url}/people/contacts/li.wei`);
    await page.getByRole('link', { name: 'What was told at a time, what was not, and why' }).click();
    const region = (name: string) => page.getByRole('region', { name });
    await region('Member of').getByText('Member of alert group database: version 1 named them').waitFor();
    const alerts = page.getByRole('table', { name: 'Alerts' });
    await alerts.getByRole('row').filter({ hasText: 'ReplicationStopped' }).getByText('was not sent').waitFor();
    const silenced = alerts.getByRole('row').filter({ hasText: 'DiskFills' });
    await silenced.getByText('hidden by silence “moving the database”').waitFor();
    expect(await silenced.getByText('Not told', { exact: true }).count()).toBe(1);
    await region('Messages').getByRole('article').waitFor();
    await region('Every step').getByText('is hidden by silence').first().waitFor();
    expect(seen.faults).toEqual([]);
  });

  it('is asked by a form whose answer has an address, in Chinese too', async () => {
    await using seen = await visit(browser, { locale: 'zh-CN' });
    const { page } = seen;
    await signIn(page, world.s.url);
    await page.getByRole('link', { name: '解释' }).click();
    await page.getByText('请选择人员或群').waitFor();
    await page.getByRole('combobox', { name: '谁' }).fill('li');
    await page.getByRole('option', { name: 'li.wei' }).click();
    await page.getByText('告警组 database 的成员：第 1 版中列有此成员').waitFor();
    expect(new URL(page.url()).searchParams.get('contact')).toBe('li.wei');
    const filter = page.getByRole('textbox', { name: /筛选/ });
    await filter.fill('alertname="DiskFull"');
    await filter.press('Enter');
    const arrival = page.getByRole('region', { name: '是否收到上报？' });
    await arrival.getByText('从未收到：现存告警中没有与 {alertname="DiskFull"} 匹配的。').waitFor();
    await arrival.getByText('来源 az-a 最近一次上报在').waitFor();
    await arrival.getByText('告警组 database（第 1 版）不匹配').waitFor();
    await page.reload();
    await arrival.getByText('从未收到').waitFor();
    expect(seen.faults).toEqual([]);
  });
});
