/** What an admin finds out about who did what. */
import type { Browser, Page } from 'playwright-core';
import { signIn, startBrowser, type Visit, visit } from '../support/browser.ts';
import { bearer, send } from '../support/callers.ts';
import { needs } from '../support/needs.ts';
import { startWorld, type World } from './world.ts';

const keys = ['693a91f6-7aaa-4bc4-97a0-0ec2sifa5bbb', '693a91f6-7aaa-4bc4-97a0-0ec2sifa5ccc'];
const hour = 3_600_000;

/** Everything that an admin and a program did to a contact and a room, an hour apart. */
async function act({ s, pass }: World): Promise<void> {
  const { token } = await s.api<{ token: string }>('POST', '/api/v1/tokens', { name: 'terraform', role: 'editor' });
  const headers = bearer(token);
  const body = { name: 'chen', email: 'chen@example.org' };
  await send(s.url, 'contacts?comment=new%20on%20call', { method: 'POST', headers, body });
  await s.api('POST', '/api/v1/robots', { name: 'night', key: keys[0] });
  await pass(hour);
  await s.api('PUT', '/api/v1/robots/night', { name: 'night', key: keys[1] });
  await s.api('PUT', '/api/v1/contacts/chen', { ...body, email: 'chen.jie@example.org' });
  await send(s.url, 'contacts/chen', { method: 'DELETE', headers });
}

const manyEntries = `insert into audit (at, who, via, action, kind, key, changes)
  select $1, 'many', 'token', 'acknowledge', 'incidents', 'many-' || n, '[]' from generate_series(1, 1000) n`;

needs('chromium')('the audit page', () => {
  let browser: Browser;
  let world: World;
  let began: Date;
  let seen: Visit;
  let page: Page;
  beforeAll(async () => {
    [browser, world] = await Promise.all([startBrowser(), startWorld()]);
    began = world.s.clock.now();
    await act(world);
  });
  afterAll(async () => {
    await browser?.close();
    await world?.[Symbol.asyncDispose]();
  });
  beforeEach(async () => {
    seen = await visit(browser);
    page = seen.page;
  });
  afterEach(async () => {
    expect(seen.faults).toEqual([]);
    await seen.context.close();
  });

  const at = (query = '') => signIn(page, `${world.s.url}/audit${query}`);
  const entry = (...words: string[]) =>
    words.reduce((found, word) => found.filter({ hasText: word }), page.getByRole('article'));
  const open = (...words: string[]) =>
    entry(...words)
      .getByRole('button', { name: 'Show the details' })
      .click();
  const queryOf = () => Object.fromEntries(new URL(page.url()).searchParams);

  it('says who did what, with the fields before and after, and why', async () => {
    await at('?kind=contacts&key=chen');
    await open('admin', 'changed', 'contact chen');
    const changed = entry('changed', 'contact chen');
    await changed.getByText('chen@example.org', { exact: true }).waitFor();
    await changed.getByText('chen.jie@example.org', { exact: true }).waitFor();
    await changed.getByText('with the admin token of the settings').waitFor();
    await entry('terraform', 'made', 'contact chen').getByText('new on call').waitFor();
    await entry('terraform', 'removed', 'contact chen').waitFor();
  });

  it('says of a secret only that it was changed', async () => {
    await at('?kind=robots&key=night');
    await open('changed', 'room night');
    await entry('changed', 'room night').getByText('secret, changed').waitFor();
    for (const key of keys) expect(await page.content()).not.toContain(key);
  });

  it('keeps in the address what it is filtered by', async () => {
    await at();
    await page.getByLabel('Who', { exact: true }).fill('terraform');
    await page.keyboard.press('Enter');
    await entry('admin').first().waitFor({ state: 'detached' });
    await page.getByLabel('Action', { exact: true }).selectOption('removed');
    await entry('made').first().waitFor({ state: 'detached' });
    expect(queryOf()).toEqual({ who: 'terraform', action: 'delete' });
    await page.reload();
    await entry('removed', 'contact chen').waitFor();
    expect(await page.getByRole('article').count()).toBe(1);
    expect(await page.getByLabel('Who', { exact: true }).inputValue()).toBe('terraform');
    await page.getByLabel('Object', { exact: true }).selectOption('room');
    await page.getByText('Nothing fits').waitFor();
    await page.getByRole('button', { name: 'Clear the filters' }).click();
    await page.getByRole('article').first().waitFor();
    expect(queryOf()).toEqual({});
  });

  it('shows what was done between two moments of the clock on the wall', async () => {
    await at('?kind=robots');
    await entry('made', 'room night').waitFor();
    const wall = new Date(began.getTime() + hour / 2 + 8 * hour).toISOString().slice(0, 16);
    await page.getByLabel('From', { exact: true }).fill(wall);
    await entry('made', 'room night').waitFor({ state: 'detached' });
    await entry('changed', 'room night').waitFor();
    await page.getByLabel('From', { exact: true }).fill('');
    await page.getByLabel('Before', { exact: true }).fill(wall);
    await entry('changed', 'room night').waitFor({ state: 'detached' });
    await entry('made', 'room night').waitFor();
    const minute = new Date(began.getTime() + hour / 2).setSeconds(0, 0);
    expect(queryOf()).toEqual({ kind: 'robots', until: new Date(minute).toISOString() });
  });

  it('leads from an entry to everything else that was done to it, or by them', async () => {
    await at('?action=update');
    await open('changed', 'contact chen');
    await page.getByRole('button', { name: 'Everything done to this' }).click();
    await entry('terraform', 'made', 'contact chen').waitFor();
    expect(queryOf()).toEqual({ kind: 'contacts', key: 'chen' });
    await open('terraform', 'removed');
    await page.getByRole('button', { name: 'Everything that terraform did' }).click();
    await entry('admin').first().waitFor({ state: 'detached' });
    expect(queryOf()).toEqual({ who: 'terraform' });
  });

  it('calls a token by its name, and links to what is still there', async () => {
    await at('?kind=tokens&action=create');
    await entry('API token terraform').getByRole('link', { name: 'terraform' }).click();
    await page.getByRole('heading', { name: 'API tokens' }).waitFor();
    await page.goto(`${world.s.url}/audit?action=delete`);
    await entry('removed', 'contact chen').waitFor();
    expect(await entry('removed', 'contact chen').getByRole('link').count()).toBe(0);
  });

  it('shows what has just been done when one comes back to it', async () => {
    await at('?kind=users');
    await page.getByText('Nothing fits').waitFor();
    await page.getByRole('link', { name: 'Now', exact: true }).click();
    await page.getByText('Nothing is open').waitFor();
    await world.s.api('POST', '/api/v1/users', { name: 'newcomer', role: 'viewer' });
    await page.goBack();
    await entry('made', 'user newcomer').waitFor();
  });

  it('is worked with the keyboard', async () => {
    await at('?kind=robots');
    await entry('changed', 'room night').waitFor();
    await page.keyboard.press('j');
    await page.keyboard.press('e');
    await entry('changed', 'room night').getByText('secret, changed').waitFor();
    await page.keyboard.press('/');
    await page.keyboard.type('terraform');
    await page.keyboard.press('Enter');
    await page.getByText('Nothing fits').waitFor();
  });

  it('speaks Chinese', async () => {
    await using chinese = await visit(browser, { locale: 'zh-CN' });
    await signIn(chinese.page, `${world.s.url}/audit?kind=robots`);
    const changed = chinese.page.getByRole('article').filter({ hasText: '修改' });
    await changed.getByText('群 night').waitFor();
    await changed.getByRole('button', { name: '查看详情' }).click();
    await changed.getByText('密钥，已更改').waitFor();
    await changed.getByText('配置中的管理员令牌').waitFor();
  });

  it('shows a thousand entries without making them all', async () => {
    await world.s.service.db.query(manyEntries, [world.s.clock.now()]);
    await at('?who=many');
    await entry('many-1000').waitFor();
    await page.evaluate(`new Promise((done) => {
      const seen = () => [...document.querySelectorAll('article')].some((a) => a.textContent.includes('incident many-750'));
      const step = () => (seen() ? done() : (scrollBy(0, 400), setTimeout(step, 20)));
      step();
    })`);
    expect(await page.getByRole('article').count()).toBeLessThan(60);
  });
});
