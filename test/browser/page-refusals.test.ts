/** What the page says when a provider refuses a message. */
import type { Browser } from 'playwright-core';
import { type Flow, group, minute, second, startFlow } from '../flows/flow.ts';
import { signIn, startBrowser, visit } from '../support/browser.ts';
import { needs } from '../support/needs.ts';

needs('chromium')('a message that the mail server refused for good', () => {
  let browser: Browser;
  let flow: Flow;
  beforeAll(async () => {
    [browser, flow] = await Promise.all([
      startBrowser(),
      startFlow({ name: 'embedded', emptyStore: async () => ({ env: {} }) }),
    ]);
  });
  afterAll(async () => {
    await browser?.close();
    await flow?.[Symbol.asyncDispose]();
  });

  it('is shown with the answer and what to do, in both languages, and is tried again by hand', async () => {
    flow.smtp.rejectRecipient('li.wei@example.org');
    await flow.configure({ alert_groups: [group('database', { members: ['li.wei'] })] });
    await flow.fire({ alertname: 'DiskFull', team: 'database' });
    await flow.pass(minute, 10 * second);
    await using seen = await visit(browser, { locale: 'zh-CN' });
    const { page } = seen;
    await signIn(page, `${flow.s.url}/deliveries?state=undeliverable`);
    const card = page.getByRole('article').first();
    await card.getByText('5.1.1 no such user').waitFor();
    await card.getByText('邮件服务器不接受该收件人').waitFor();
    flow.smtp.acceptRecipient('li.wei@example.org');
    await card.getByRole('button', { name: '立即重试' }).click();
    await page.getByText('正在重新发送').waitFor();
    await flow.pass(6 * minute, 10 * second);
    expect(flow.mails('li.wei')).toEqual(['+1 new']);
    expect(seen.faults).toEqual([]);
  });
});
