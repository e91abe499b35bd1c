/** An admin who asks before an edit what it would have done last week. */
import type { Browser, Page } from 'playwright-core';
import { type Flow, group, hour, minute, second, startFlow } from '../flows/flow.ts';
import { signIn, startBrowser, type View, type Visit, visit } from '../support/browser.ts';
import { handClock } from '../support/clock.ts';
import { needs } from '../support/needs.ts';

const database = group('database', { members: ['li.wei', 'zhang.san'] });
const pastMs = 5 * hour;

/** A disk that stays full, and a critical alert that lasts five minutes. */
async function history(flow: Flow): Promise<void> {
  await flow.configure({ alert_groups: [] });
  await flow.s.api('POST', '/api/v1/alert-groups', database);
  await flow.fire({ alertname: 'DiskFull', team: 'database', severity: 'warning' });
  await flow.fire({ alertname: 'Down', team: 'database', severity: 'critical' });
  await flow.pass(30 * second);
  await flow.pass(5 * minute, minute);
  await flow.end({ alertname: 'Down', team: 'database', severity: 'critical' });
  await flow.pass(pastMs - 5 * minute - 30 * second, 10 * minute);
}

/** Keeps the page waiting for how backtests fare. @returns what lets the answers through */
async function holdAnswers(page: Page): Promise<() => void> {
  let answer = () => {};
  const held = new Promise<void>((resolve) => {
    answer = resolve;
  });
  await page.route('**/api/v1/backtests/*', async (route) => {
    await held;
    await route.continue();
  });
  return answer;
}

needs('chromium')('a backtest', () => {
  let browser: Browser;
  let flow: Flow;
  beforeAll(async () => {
    [browser, flow] = await Promise.all([
      startBrowser(),
      startFlow(
        { name: 'embedded', emptyStore: async () => ({ env: {} }) },
        { channels: ['email'], service: { clock: handClock(new Date(Date.now() - pastMs)) } },
      ),
    ]);
    await history(flow);
  });
  afterAll(async () => {
    await browser?.close();
    await flow?.[Symbol.asyncDispose]();
  });

  const visits: Visit[] = [];
  afterEach(async () => {
    const open = visits.splice(0);
    await Promise.all(open.map((seen) => seen.context.close()));
    expect(open.flatMap((seen) => seen.faults)).toEqual([]);
  });

  async function open(path: string, { role, view = {} }: { role?: string; view?: View } = {}): Promise<Page> {
    const seen = await visit(browser, view);
    visits.push(seen);
    const made = role && (await flow.s.api<{ token: string }>('POST', '/api/v1/tokens', { name: role, role }));
    await signIn(seen.page, `${flow.s.url}${path}`, made ? made.token : undefined);
    return seen.page;
  }

  const dialog = (page: Page) => page.getByRole('dialog', { name: 'Backtest' });
  const row = (page: Page, table: string, name: string) =>
    page.getByRole('table', { name: table }).getByRole('row').filter({ hasText: name });
  const cells = async (page: Page, name: string) =>
    (await row(page, 'Who gets how many messages', name).getByRole('cell').allTextContents()).slice(2, 4);

  it('of an alert group that is being edited says who stops getting anything, and what critical would never be told', async () => {
    const page = await open('/alert-groups/database');
    await page.getByLabel('First message after').fill('10m');
    await page.getByRole('combobox', { name: 'Members' }).press('Backspace');
    await page.getByRole('button', { name: 'Backtest', exact: true }).click();
    await dialog(page).getByText('1 gets nothing any more.').waitFor();
    expect(await cells(page, 'zhang.san')).toEqual([String(flow.mails('zhang.san').length), '0']);
    const before = String(flow.mails('li.wei').length);
    expect(await cells(page, 'li.wei')).toEqual([before, expect.stringMatching(/^[1-9]\d*$/)]);
    await row(page, 'Who gets how many messages', 'zhang.san').getByText('gets nothing any more').waitFor();
    await dialog(page).getByText('Never told: 1. Later: 0. Sooner: 0.').waitFor();
    const critical = row(page, 'Critical alerts', 'Down');
    await critical.getByText('never', { exact: true }).waitFor();
    await dialog(page).getByText('Only the last 5 h are known').waitFor();
    await dialog(page)
      .getByRole('img', { name: /^Messages over time\. Now: \d+ messages at most, from .* Draft: / })
      .waitFor();
    const alert = page.waitForEvent('popup');
    await critical.getByRole('link', { name: 'Down' }).click();
    await (await alert).getByRole('heading', { level: 1, name: 'Down' }).waitFor();
    const stored = await flow.s.api<{ members: string[] }>('GET', '/api/v1/alert-groups/database');
    expect(stored.members).toEqual(['li.wei', 'zhang.san']);
  });

  it('goes on while it is closed, and is made again for another time', async () => {
    const page = await open('/alert-groups/database');
    const answer = await holdAnswers(page);
    await page.getByRole('button', { name: 'Backtest', exact: true }).click();
    await dialog(page).getByText('Waits for its turn').waitFor();
    await dialog(page).getByRole('progressbar', { name: 'Progress' }).waitFor({ state: 'attached' });
    await page.keyboard.press('Escape');
    await dialog(page).waitFor({ state: 'detached' });
    answer();
    await page.getByRole('button', { name: 'Backtest', exact: true }).click();
    await dialog(page).getByText('Everybody would have been told the same').waitFor();
    await dialog(page).getByText('24 hours').click();
    const asked = page.waitForRequest((request) => request.postData()?.includes('"since":"1d"') === true);
    await dialog(page).getByRole('button', { name: 'Run again' }).click();
    await asked;
    await dialog(page).getByText('Each step is 15 min.').waitFor();
  });

  it('says of what was begun for an earlier draft that it is old', async () => {
    const page = await open('/alert-groups/database');
    const answer = await holdAnswers(page);
    await page.getByRole('button', { name: 'Backtest', exact: true }).click();
    await dialog(page).getByText('Waits for its turn').waitFor();
    await page.keyboard.press('Escape');
    await dialog(page).waitFor({ state: 'detached' });
    await page.getByLabel('First message after').fill('10m');
    await page.getByRole('button', { name: 'Backtest', exact: true }).click();
    answer();
    await dialog(page).getByText('The draft has been edited since').waitFor();
    await dialog(page).getByText('Everybody would have been told the same').waitFor();
    await dialog(page).getByRole('button', { name: 'Run again' }).click();
    await dialog(page).getByText('The draft has been edited since').waitFor({ state: 'detached' });
  });

  it('says what is wrong with a draft', async () => {
    const page = await open('/alert-groups/database');
    await page.getByLabel('Remind every').fill('500d');
    await page.getByRole('button', { name: 'Backtest', exact: true }).click();
    await dialog(page).getByRole('alert').getByText('policy.repeat_interval').waitFor();
  });

  it('tries a whole configuration, typed or from a file', async () => {
    const page = await open('/alert-groups');
    await page.getByRole('link', { name: 'Backtest a draft' }).click();
    await page.getByRole('heading', { level: 1, name: 'Backtest' }).waitFor();
    expect(await page.getByRole('button', { name: 'Run', exact: true }).isDisabled()).toBe(true);
    const draft = page.getByRole('textbox', { name: 'YAML' });
    await draft.fill('alert_groups:\n  - name: night\n    matchers: [team="database"]\n    members: [nobody]');
    await page.getByRole('button', { name: 'Run', exact: true }).click();
    await page.getByRole('alert').getByText('nobody').waitFor();
    await draft.fill('alert_groups: [');
    await page.getByRole('button', { name: 'Run', exact: true }).click();
    await page.getByRole('alert').getByText('not valid YAML at line 1').waitFor();
    const yaml =
      'alert_groups:\n  - name: night\n    matchers: [team="database"]\n    members: [wang.wu]\n    channels: [email]\n';
    await page.locator('input[type="file"]').setInputFiles({
      ...{ name: 'draft.yaml', mimeType: 'application/yaml', buffer: Buffer.from(yaml) },
    });
    await expect.poll(() => draft.inputValue()).toBe(yaml);
    await page.getByRole('button', { name: 'Run', exact: true }).click();
    await row(page, 'Who gets how many messages', 'wang.wu').getByText('nothing here now').waitFor();
    await page.getByText('2 get nothing any more.').waitFor();
    await draft.fill(`${yaml}# edited`);
    await page.getByText('The draft has been edited since').waitFor();
  });

  it('is for editors', async () => {
    const page = await open('/alert-groups', { role: 'responder' });
    await page.getByRole('heading', { level: 1, name: 'Alert groups' }).waitFor();
    expect(await page.getByRole('link', { name: 'Backtest a draft' }).count()).toBe(0);
    await page.goto(`${flow.s.url}/backtest`);
    await page.getByText('This needs the role editor.').waitFor();
  });

  it('speaks Chinese, on a phone, in the dark', async () => {
    const view: View = { locale: 'zh-CN', width: 390, scheme: 'dark' };
    const page = await open('/alert-groups/database', { view });
    await page.getByLabel('首次通知前等待').fill('10m');
    await page.getByRole('button', { name: '回测', exact: true }).click();
    const shown = page.getByRole('dialog', { name: '回测' });
    await shown.getByText('不再通知：1 条；推迟：0 条；提前：0 条。').waitFor();
    await shown.getByRole('img', { name: /^消息数变化/ }).waitFor();
    expect(await page.evaluate('document.documentElement.scrollWidth')).toBeLessThanOrEqual(390);
    expect(await shown.evaluate((at) => Reflect.get(at, 'scrollWidth') - Reflect.get(at, 'clientWidth'))).toBe(0);
  });
});
