/** A newcomer, from an empty service to the first message. */
import type { Browser, Page } from 'playwright-core';
import { enter, show, signIn, startBrowser, tabTo, type View, visit } from '../support/browser.ts';
import { handClock } from '../support/clock.ts';
import { needs } from '../support/needs.ts';
import { payload } from '../support/payload.ts';
import { startService, type TestService } from '../support/service.ts';
import { startSmtp } from '../support/smtp.ts';

needs('chromium')('the first steps', () => {
  let browser: Browser;
  beforeAll(async () => {
    browser = await startBrowser();
  });
  afterAll(() => browser?.close());

  const empty = (env: Record<string, string> = {}) => startService({ clock: handClock(new Date()), env });

  async function begin(s: TestService, path: string, view: View = {}) {
    const seen = await visit(browser, view);
    await seen.page.goto(`${s.url}${path}`);
    await enter(seen.page);
    return seen;
  }

  const step = (page: Page, name: string) => page.getByRole('listitem', { name, exact: true });

  /** The token that the receiver to paste has. */
  async function tokenIn(page: Page): Promise<string> {
    const receiver = page.getByRole('region', { name: /Receiver|接收器/ });
    return /credentials: ([\w-]{16,})/.exec((await receiver.textContent()) ?? '')?.[1] ?? '';
  }

  async function post(s: TestService, token: string): Promise<void> {
    const labels = { alertname: 'DiskFull', team: 'db', severity: 'critical' };
    const answer = await s.post(token, payload([{ labels, startsAt: s.clock.now() }]));
    expect(answer.status).toBe(200);
    await s.service.settle();
  }

  it('lead from an empty service to the first test mail', async () => {
    await using smtp = await startSmtp();
    await using s = await empty({ SMTP_URL: smtp.url, MM_MAIL_FROM: 'Monitor Manager <mm@example.org>' });
    await using seen = await begin(s, '/');
    const { page } = seen;
    await page.getByText('Nothing reaches anybody yet').getByRole('link', { name: 'First steps' }).click();

    const you = step(page, 'You');
    await you.getByLabel('Your name').fill('li.wei');
    await you.getByLabel('Password').fill('too short');
    await you.getByRole('button').click();
    await you.getByText('must have at least 12 characters').waitFor();
    await you.getByLabel('Password').fill('long enough for anybody');
    await you.getByRole('button').click();
    await you.getByText('There are users; you are li.wei.').waitFor();

    const source = step(page, 'A source');
    await source.getByText('Listening… alertmanager has not posted yet.').waitFor();
    await source.getByRole('button', { name: 'Make another source' }).click();
    await source.getByLabel('Name of the source').fill('az-a');
    await source.getByRole('button', { name: 'Make the source' }).click();
    await source.getByText('Listening… az-a has not posted yet.').waitFor();
    await post(s, await tokenIn(page));
    await source.getByText('az-a posts.').waitFor();
    await source.getByText('Done').waitFor();

    const group = step(page, 'An alert group');
    await group.getByText('It needs a contact first.').waitFor();
    const contact = step(page, 'A contact');
    expect(await contact.getByLabel('Name of the contact').inputValue()).toBe('li.wei');
    await contact.getByLabel('E-mail address').fill('nowhere');
    await contact.getByRole('button').click();
    await contact.getByText('not an e-mail address').waitFor();
    await contact.getByLabel('E-mail address').fill('li.wei@example.org');
    await contact.getByRole('button').click();
    await contact.getByText('Done').waitFor();

    await group.getByLabel('Name of the alert group').fill('database');
    await group.getByLabel('Matchers').fill('team="db", severity="critical"');
    await group.getByRole('button', { name: 'Make the alert group' }).click();
    await group.getByText('Done').waitFor();
    expect(await s.api('GET', '/api/v1/alert-groups/database')).toMatchObject({
      ...{ matchers: ['team="db", severity="critical"'], members: ['li.wei'] },
    });

    const test = step(page, 'A test message');
    await test.getByText('To do').waitFor();
    const last = page.getByText('Alerts arrive, and somebody is told.');
    expect(await last.count()).toBe(0);
    smtp.rejectRecipient('li.wei@example.org');
    await test.getByRole('button', { name: 'Send a test message to li.wei' }).click();
    await test.getByText('Not delivered').waitFor();
    await test.getByText('To do', { exact: true }).waitFor();
    smtp.acceptRecipient('li.wei@example.org');

    await test.getByRole('button', { name: 'Send a test message to li.wei' }).click();
    await test.getByText('Accepted').waitFor();
    await test.getByText('Done').waitFor();
    // Whoever looks into the mailbox for it comes back to a page that reads everything again.
    await page.getByText('Live', { exact: true }).waitFor();
    await show(page, 'hidden');
    await page.getByText('Connecting', { exact: true }).waitFor();
    const read = page.waitForResponse((answer) => answer.url().includes('/api/v1/contacts'));
    await show(page, 'visible');
    await read;
    await page.getByText('Live', { exact: true }).waitFor();
    await test.getByText('Done').waitFor();
    expect((await smtp.waitFor((mail) => mail.to.includes('li.wei@example.org'))).from).toBe('mm@example.org');

    await last.waitFor();
    await page.getByRole('link', { name: 'To the open incidents' }).click();
    await page.getByRole('link', { name: 'DiskFull' }).waitFor();
    expect(await page.getByText('Nothing reaches anybody yet').count()).toBe(0);
    await page.getByRole('button', { name: 'Account' }).click();
    await page.getByRole('menuitem', { name: 'First steps' }).click();
    await test.getByText('Done').waitFor();
    expect(seen.faults).toEqual([]);
  });

  it('are taken with the keyboard alone, in Chinese, on a phone; without a mail server they say what is missing', async () => {
    await using s = await empty();
    await using seen = await begin(s, '/first-run', { locale: 'zh-CN', width: 390 });
    const { page } = seen;
    await page.getByRole('heading', { name: '快速上手' }).waitFor();
    await page.getByText('SMTP_URL=').waitFor();

    await page.getByText('MM_MAIL_FROM=').waitFor();
    const type = async (field: string, words: string) => {
      await tabTo(page, field);
      await page.keyboard.type(words);
    };
    const press = async (button: string) => {
      await tabTo(page, button);
      await page.keyboard.press('Enter');
    };
    await type('你的用户名', '李伟');
    await type('密码', '一个足够长的密码没有人猜得到');
    await press('创建用户并以此登录');
    await page.getByText('当前登录：李伟').waitFor();
    await press('再创建一个来源');
    await type('来源名称', 'az-a');
    await type('令牌', 'a token of my own');
    await press('创建来源');
    await page.getByText('at least 16 visible ASCII characters').waitFor();
    await tabTo(page, '来源名称');
    await type('令牌', '');
    await page.keyboard.press('Control+A');
    await page.keyboard.type('a-token-of-my-own-0123');
    await press('创建来源');
    await page.getByText('正在等待…… az-a 尚未上报。').waitFor();
    expect(await tokenIn(page)).toBe('a-token-of-my-own-0123');
    await post(s, 'a-token-of-my-own-0123');
    await page.getByText('az-a 已开始上报。').waitFor();
    await type('邮箱地址', 'li.wei@example.org');
    await press('创建联系人');
    await type('告警组名称', '数据库');
    await press('创建告警组');
    await press('发测试消息');
    await page.getByText('留在发件箱', { exact: true }).waitFor();
    expect(await s.api('GET', '/api/v1/contacts/%E6%9D%8E%E4%BC%9F')).toMatchObject({
      ...{ locale: 'zh-CN', timezone: 'Asia/Shanghai' },
    });
    await step(page, '测试消息').getByText('待完成').waitFor();
    await s.advance(60_000, 10_000);
    await page.goto(`${s.url}/people`);
    await page.getByText('不会送达任何人，最近一次存入发件箱：').waitFor();
    expect(await page.getByText('最近成功').count()).toBe(0);
    expect(await page.evaluate('document.documentElement.scrollWidth')).toBeLessThanOrEqual(390);
    expect(seen.faults).toEqual([]);
  });

  it('give the source of the first start another token, which works', async () => {
    await using s = await empty();
    await using seen = await begin(s, '/first-run');
    const { page } = seen;
    await page.getByText('with the token of the source').waitFor();
    expect(await tokenIn(page)).toBe('');
    await page.getByRole('button', { name: 'Make a new token for it' }).click();
    await page.getByText('The token is shown this once').waitFor();
    await post(s, await tokenIn(page));
    await page.getByText('alertmanager posts.').waitFor();
  });

  it('are shown to a viewer, who is not led there and can take none of them', async () => {
    await using s = await empty();
    const { token } = await s.api<{ token: string }>('POST', '/api/v1/tokens', { name: 'tv', role: 'viewer' });
    await using seen = await visit(browser);
    const { page } = seen;
    await signIn(page, s.url, token);
    await page.getByText('Nothing is open').waitFor();
    expect(await page.getByText('Nothing reaches anybody yet').count()).toBe(0);
    await page.goto(`${s.url}/first-run`);
    await page.getByText('This needs the role editor.').waitFor();
    await step(page, 'A source').getByText('To do').waitFor();
    expect(await page.locator('main').getByRole('textbox').count()).toBe(0);
  });
});
