/** An admin who says who is told, and who finds out whether that works. */
import type { Browser, Page } from 'playwright-core';
import { type Flow, group, minute, second, startFlow } from '../flows/flow.ts';
import { signIn, startBrowser, type View, type Visit, visit } from '../support/browser.ts';
import { handClock } from '../support/clock.ts';
import { needs } from '../support/needs.ts';

const robotKey = '693a91f6-7aoc-4bc4-97a0-0ec2sifa5aaa';

needs('chromium')('people and rooms', () => {
  let browser: Browser;
  let flow: Flow;
  beforeAll(async () => {
    [browser, flow] = await Promise.all([
      startBrowser(),
      startFlow(
        { name: 'embedded', emptyStore: async () => ({ env: {} }) },
        { service: { clock: handClock(new Date()) } },
      ),
    ]);
    await flow.configure({
      alert_groups: [
        group('database', { members: ['li.wei', 'wang.wu'], channels: ['email', 'wecom-app'], robots: ['ops'] }),
      ],
    });
  });
  afterAll(async () => {
    await browser?.close();
    await flow?.[Symbol.asyncDispose]();
  });

  let seen: Visit;
  let page: Page;
  const open = async (path = '/people', view: View = {}) => {
    seen = await visit(browser, view);
    page = seen.page;
    await signIn(page, `${flow.s.url}${path}`);
  };
  afterEach(async () => {
    expect(seen.faults).toEqual([]);
    await seen.context.close();
  });

  const button = (name: string) => page.getByRole('button', { name, exact: true });
  const testIt = () => page.getByRole('button', { name: /^Send a test message to / }).click();
  const card = (name: string) =>
    page.getByRole('article').filter({ has: page.getByRole('link', { name, exact: true }) });
  const make = (name: string, more: object = {}) =>
    flow.s.api('POST', '/api/v1/contacts', { name, email: `${name}@example.org`, locale: 'en', ...more });

  it('a new contact gets a test message, which arrives', async () => {
    await open();
    await page.getByRole('link', { name: 'New contact' }).click();
    await page.getByLabel('Name').fill('zhao.liu');
    await page.getByLabel('E-mail address').fill('zhao.liu@example.org');
    await page.getByLabel('WeCom userid').fill('ZhaoLiu');
    await page.getByRole('combobox', { name: 'Time zone' }).fill('samar');
    await page.getByRole('option', { name: 'Asia/Samarkand' }).click();
    await page.getByLabel('Digest').fill('17:00，9:00');
    await button('Save').click();
    const wrong = 'not a time of day such as 09:00, with two digits each; before 24:00';
    await page.getByText(wrong, { exact: true }).waitFor();
    await page.getByLabel('Digest').fill('17:00，09:00');
    await button('Save').click();
    await page.getByRole('heading', { level: 1, name: 'zhao.liu' }).waitFor();
    expect(await flow.s.api('GET', '/api/v1/contacts/zhao.liu')).toMatchObject({
      ...{ email: 'zhao.liu@example.org', wecom: 'ZhaoLiu', locale: 'en', timezone: 'Asia/Samarkand' },
      digest_at: ['09:00', '17:00'],
    });
    await page.getByRole('region', { name: 'About' }).getByText('09:00, 17:00').waitFor();
    flow.wecom.addMember({ userid: 'ZhaoLiu' });
    await testIt();
    const results = page.getByRole('list', { name: 'What came of it' }).getByRole('listitem');
    await results.filter({ hasText: 'E-mail' }).getByText('Accepted').waitFor();
    await results.filter({ hasText: 'WeCom app' }).getByText('Accepted').waitFor();
    await flow.smtp.waitFor((mail) => mail.to.includes('zhao.liu@example.org'));
    await flow.wecom.waitFor((message) => message.to.includes('zhaoliu'));
  });

  it('says what is wrong where it was typed, and keeps what was typed', async () => {
    await open('/people/contacts/new');
    const name = page.getByLabel('Name');
    await name.fill('li.wei');
    await button('Save').click();
    await page.locator('form').getByText('it is taken already', { exact: true }).waitFor();
    expect(await name.getAttribute('aria-invalid')).toBe('true');
    await name.fill('sun.qi');
    await page.getByLabel('E-mail address').fill('sun.qi at example.org');
    await button('Save').click();
    const field = page.getByLabel('E-mail address');
    await page.locator('[aria-invalid="true"][inputmode="email"]').waitFor();
    expect([await field.inputValue(), await page.getByLabel('Name').inputValue()]).toEqual([
      'sun.qi at example.org',
      'sun.qi',
    ]);
    await field.fill('sun.qi@example.org');
    await button('Save').click();
    await page.getByRole('heading', { level: 1, name: 'sun.qi' }).waitFor();
  });

  it('an address that fails says why and what to do, also in Chinese, until it is armed again and works', async () => {
    flow.smtp.rejectRecipient('wang.wu@example.org');
    flow.wecom.trustIps([]);
    await flow.fire({ alertname: 'DiskFull', team: 'database' });
    await flow.pass(minute, 10 * second);
    await open();
    const mail = card('wang.wu').getByRole('listitem').filter({ hasText: 'wang.wu@example.org' });
    await mail.getByText('Given up', { exact: true }).waitFor();
    await mail.getByText('The provider does not know the recipient · 550 5.1.1 no such user').waitFor();
    await mail.getByText("check the contact's e-mail address").waitFor();
    await mail.getByText(/Last success: never.*1 alert given up/).waitFor();
    const wecom = card('wang.wu').getByRole('listitem').filter({ hasText: 'WangWu' });
    await wecom.getByText('The provider does not allow it · errcode 60020').waitFor();
    await wecom.getByText('Add the address 127.0.0.1 to the trusted IP list of the application').waitFor();
    await wecom.getByText('1 waiting').waitFor();
    await card('li.wei').getByText('Works', { exact: true }).waitFor();
    expect(await page.getByRole('article').first().getByRole('link').first().textContent(), 'first').toBe('wang.wu');
    await inChinese();
    flow.smtp.acceptRecipient('wang.wu@example.org');
    flow.wecom.trustIps(null);
    await card('wang.wu').getByRole('button', { name: 'Arm again' }).click();
    await page.getByText('Armed again: 1 alert may be told after all').waitFor();
    await flow.pass(6 * minute, 10 * second);
    expect(flow.mails('wang.wu')).toEqual(['+1 new']);
    await mail.getByText('Works', { exact: true }).waitFor();
    await mail.getByText('check the contact').waitFor({ state: 'detached' });
  });

  it('an address that has worked does not seem to work while the test of it fails', async () => {
    // To nobody else: what the others were told is counted elsewhere.
    const reached = { name: 'reached', matchers: ['team="reached"'], members: ['li.wei'], channels: ['email'] };
    await flow.s.api('POST', '/api/v1/alert-groups', reached);
    await flow.fire({ alertname: 'Reached', team: 'reached' });
    await flow.pass(minute);
    await open('/people/contacts/li.wei');
    const mail = page.getByRole('listitem').filter({ hasText: 'li.wei@example.org' }).first();
    await mail.getByText('Works', { exact: true }).waitFor();
    flow.smtp.rejectRecipient('li.wei@example.org');
    await testIt();
    await mail.getByText('Test failed', { exact: true }).waitFor();
    flow.smtp.acceptRecipient('li.wei@example.org');
    await testIt();
    await mail.getByText('Works', { exact: true }).waitFor();
  });

  /** The same on a phone, where a test message says it too. */
  async function inChinese(): Promise<void> {
    await using other = await visit(browser, { locale: 'zh-CN', width: 390 });
    await signIn(other.page, `${flow.s.url}/people/contacts/wang.wu`);
    await other.page.getByText('请在企业微信管理后台，把 IP 地址 127.0.0.1 加入应用').first().waitFor();
    await other.page.getByRole('button', { name: /发测试消息$/ }).click();
    const results = other.page.getByRole('list', { name: '发送结果' }).getByRole('listitem');
    await results.filter({ hasText: 'WangWu' }).getByText('企业可信IP').waitFor();
    await results.filter({ hasText: 'wang.wu@example.org' }).getByText('邮件服务器不接受该收件人').waitFor();
    expect(await other.page.evaluate('document.documentElement.scrollWidth')).toBeLessThanOrEqual(390);
    expect(other.faults).toEqual([]);
  }

  describe('a room', () => {
    it('takes the whole address of its robot, is tested, and never shows the key again', async () => {
      flow.wecom.addRobot(robotKey);
      await open();
      const answers: string[] = [];
      page.on('response', async (response) => answers.push(await response.text().catch(() => '')));
      await page.getByRole('link', { name: 'New room' }).click();
      await page.getByLabel('Name').fill('night shift');
      const webhook = `https://qyapi.weixin.qq.com/cgi-bin/webhook/send?key=${robotKey}`;
      await page.getByLabel('Key of the robot').fill(webhook);
      await page.getByLabel('Mention when it is critical').fill('LiWei, @all');
      await button('Save').click();
      await page.getByRole('heading', { level: 1, name: 'night shift' }).waitFor();
      await page.getByRole('region', { name: 'About' }).getByText('LiWei, @all').waitFor();
      await testIt();
      await page.getByRole('list', { name: 'What came of it' }).getByText('Accepted').waitFor();
      await flow.wecom.waitFor((message) => message.to.includes(robotKey));
      await button('Edit').click();
      expect(await page.getByLabel('Key of the robot').inputValue()).toBe('');
      await page.getByLabel('Why').fill('they speak English there');
      await page.getByRole('combobox', { name: 'Language' }).click();
      await page.getByRole('option', { name: '简体中文' }).click();
      await button('Save').click();
      await page.getByRole('list', { name: 'Versions' }).getByText('they speak English there').waitFor();
      await testIt();
      await page.getByRole('list', { name: 'What came of it' }).getByText('Accepted').waitFor();
      expect(flow.wecomsTo(robotKey)).toHaveLength(2);
      expect([...answers, await page.content()].filter((text) => text.includes(robotKey))).toEqual([]);
    });

    it('comes back after it was removed, with its key given again', async () => {
      flow.wecom.addRobot('another-robot-key');
      await flow.s.api('POST', '/api/v1/robots', { name: 'day shift', key: 'another-robot-key' });
      await open('/people/robots/day%20shift');
      await button('Remove').click();
      await page.getByRole('dialog').getByText('Its key is forgotten').waitFor();
      await page.getByRole('dialog').getByRole('button', { name: 'Remove' }).click();
      await page.getByRole('heading', { name: 'People and rooms' }).waitFor();
      await card('day shift').waitFor({ state: 'detached' });
      await page.goto(`${flow.s.url}/people/robots/day%20shift`);
      await page.getByText('This has been removed').waitFor();
      await button('Restore version 1').click();
      const dialog = page.getByRole('dialog');
      await dialog.getByLabel('Its secret was forgotten').fill('another-robot-key');
      await dialog.getByRole('button', { name: 'Restore' }).click();
      await testIt();
      await page.getByRole('list', { name: 'What came of it' }).getByText('Accepted').waitFor();
    });
  });

  it('is not removed while an alert group names it, and the page says which', async () => {
    await make('named');
    const storage = { name: 'storage', matchers: ['team="storage"'], members: ['named'] };
    await flow.s.api('POST', '/api/v1/alert-groups', storage);
    await open('/people/contacts/named');
    await button('Remove').click();
    await page.getByRole('dialog').getByText('named cannot be removed').waitFor();
    await page.getByRole('dialog').getByText('storage').waitFor();
    expect(await flow.s.api('GET', '/api/v1/contacts/named')).toMatchObject({ name: 'named' });
  });

  it('what a file made is read-only until it is unlocked', async () => {
    await open('/people/contacts/zhang.san');
    await page.getByText('A file made this').waitFor();
    expect([await button('Edit').count(), await button('Remove').count()]).toEqual([0, 0]);
    await button('Unlock').click();
    await page.getByRole('dialog').getByRole('button', { name: 'Unlock' }).click();
    await button('Edit').click();
    await page.getByLabel('E-mail address').fill('zhang@example.org');
    await button('Save').click();
    await page.getByText('zhang@example.org').first().waitFor();
    await flow.configure({});
  });

  it('two who edit the same contact hear of each other, and nobody loses what was typed', async () => {
    await make('shared');
    await open('/people/contacts/shared');
    await button('Edit').click();
    await page.getByLabel('WeCom userid').fill('Mine');
    await using other = await visit(browser);
    await signIn(other.page, `${flow.s.url}/people/contacts/shared`);
    await other.page.getByRole('button', { name: 'Edit' }).click();
    await other.page.getByLabel('E-mail address').fill('theirs@example.org');
    await other.page.getByRole('button', { name: 'Save' }).click();
    await other.page.getByText('theirs@example.org').first().waitFor();
    await button('Save').click();
    const conflict = page.getByRole('alert');
    await conflict.getByText('has saved another version meanwhile').waitFor();
    await conflict.getByText('theirs@example.org').waitFor();
    expect(await page.getByLabel('WeCom userid').inputValue()).toBe('Mine');
    await conflict.getByRole('button', { name: 'Drop mine, show theirs' }).click();
    await page.getByText('theirs@example.org').first().waitFor();
    await button('Restore version 1').click();
    await page.getByRole('dialog').getByRole('button', { name: 'Restore' }).click();
    await page.getByText('shared@example.org').first().waitFor();
  });

  it('a viewer sees everything and can change nothing', async () => {
    const viewer = await flow.s.api<{ token: string }>('POST', '/api/v1/tokens', { name: 'guest', role: 'viewer' });
    await make('watched');
    seen = await visit(browser);
    page = seen.page;
    await signIn(page, `${flow.s.url}/people`, viewer.token);
    await card('watched').getByText('Nothing sent yet').waitFor();
    expect(await page.getByRole('link', { name: /New/ }).count()).toBe(0);
    await page.goto(`${flow.s.url}/people/contacts/watched`);
    await page.getByRole('list', { name: 'Versions' }).getByText('Version 1').waitFor();
    expect(await page.locator('main').getByRole('button').count()).toBe(0);
  });

  it.each(['50%/"><script>window.hit=1</script>#?', 'new'])(
    'a contact called %s has a page of its own',
    async (name) => {
      await make(name, { email: 'odd@example.org' });
      await open();
      await page.getByRole('link', { name, exact: true }).click();
      await page.getByText('odd@example.org').first().waitFor();
      await page.reload();
      await page.getByRole('heading', { level: 1, name }).waitFor();
      expect(await page.evaluate('window.hit')).toBeUndefined();
    },
  );

  it('is worked with the keyboard alone', async () => {
    await make('keys');
    await open();
    await card('keys').waitFor();
    await page.keyboard.press('/');
    await page.keyboard.type('keys@');
    await card('li.wei').waitFor({ state: 'detached' });
    await page.keyboard.press('Tab');
    await page.locator('a:focus', { hasText: 'keys' }).waitFor();
    await page.keyboard.press('Enter');
    await button('Edit').focus();
    await page.keyboard.press('Enter');
    await page.locator('input:focus').waitFor();
    await page.keyboard.press('Tab');
    await page.keyboard.press('ControlOrMeta+a');
    await page.keyboard.type('keys.two@example.org');
    await page.keyboard.press('Enter');
    await page.getByText('keys.two@example.org').first().waitFor();
  });
});
