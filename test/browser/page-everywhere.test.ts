/** What must hold on every page: for whoever cannot see well, on a phone, in Chinese, and whatever a sender sends. */
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import type { Browser, Page } from 'playwright-core';
import { signIn, startBrowser, type View, visit } from '../support/browser.ts';
import { needs } from '../support/needs.ts';
import { fill, startWorld, type World } from './world.ts';

const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

const names = ['now', 'incident', 'alert', 'heartbeats', 'deliveries', 'audit', 'users', 'account', 'nothing'] as const;
const views: [string, View][] = [
  ['light', {}],
  ['dark', { scheme: 'dark' }],
  ['phone', { width: 390 }],
  ['dark phone in Chinese', { width: 390, scheme: 'dark', locale: 'zh-CN' }],
];

/** axe runs in the page without breaking its content security policy. */
async function violations(page: Page): Promise<string[]> {
  await page.evaluate(axe);
  return page.evaluate(`axe.run(document, { resultTypes: ['violations'] }).then(({ violations }) => violations
    .filter(({ impact }) => impact === 'serious' || impact === 'critical')
    .flatMap(({ id, nodes }) => nodes.map((node) => id + ': ' + node.html.slice(0, 200) + ' ' + node.failureSummary)))`);
}

async function loaded(page: Page): Promise<void> {
  const loaders = page.locator('main').getByRole('status', { name: /Loading|加载中/ });
  await expect.poll(() => loaders.count(), { timeout: 30_000 }).toBe(0);
}

needs('chromium')('every page', () => {
  let browser: Browser;
  let world: World;
  const paths = new Map<(typeof names)[number], string>();
  beforeAll(async () => {
    [browser, world] = await Promise.all([startBrowser(), startWorld()]);
    await fill(world);
    const hostile = await world.s.api<{ items: { id: string; group_labels: { alertname?: string } }[] }>(
      'GET',
      '/api/v1/incidents?group=platform',
    );
    const id = hostile.items.find((item) => item.group_labels.alertname?.includes('script'))?.id;
    const incident = await world.s.api<{ members: { fingerprint: string }[] }>('GET', `/api/v1/incidents/${id}`);
    paths.set('now', '/').set('heartbeats', '/heartbeats').set('deliveries', '/deliveries').set('nothing', '/no/such');
    paths.set('audit', '/audit').set('users', '/users').set('account', '/account');
    paths.set('incident', `/incidents/${id}`).set('alert', `/alerts/${incident.members[0]?.fingerprint}`);
  });
  afterAll(async () => {
    await browser?.close();
    await world?.[Symbol.asyncDispose]();
  });

  /** Opens everything that can be opened, so that it is looked at too. */
  async function unfold(page: Page): Promise<void> {
    await loaded(page);
    const closed = page.getByRole('button', { name: /Show the|展开告警|查看消息/ });
    for (let left = await closed.count(); left > 0; left = await closed.count()) await closed.first().click();
    await loaded(page);
  }

  it('signing in too, has no serious fault of accessibility', async () => {
    for (const scheme of ['light', 'dark'] as const) {
      await using seen = await visit(browser, { scheme });
      await seen.page.goto(world.s.url);
      await seen.page.getByLabel('API token').waitFor();
      expect(await violations(seen.page)).toEqual([]);
    }
  });

  describe.each(views)('in a %s view', (_, view) => {
    it('is accessible, fits the screen, and shows hostile texts as nothing but text', async () => {
      await using seen = await visit(browser, view);
      const { page } = seen;
      await signIn(page, world.s.url);
      for (const name of names) {
        await page.goto(`${world.s.url}${paths.get(name)}`);
        await page.getByRole('heading').first().waitFor();
        await unfold(page);
        expect(await violations(page), name).toEqual([]);
        expect(await page.evaluate('document.documentElement.scrollWidth'), name).toBeLessThanOrEqual(
          view.width ?? 1280,
        );
        expect(await page.evaluate('window.hit'), name).toBeUndefined();
        expect(await page.locator('a[href^="javascript:"], main img, main script').count(), name).toBe(0);
        expect(await page.evaluate('document.body.innerText.length'), name).toBeLessThan(60_000);
      }
      expect(seen.faults).toEqual([]);
    });
  });

  it('has dialogs without a serious fault of accessibility', async () => {
    await using seen = await visit(browser);
    const { page } = seen;
    await signIn(page, world.s.url);
    await page.getByRole('button', { name: 'Silence' }).first().click();
    await page.getByRole('dialog').getByText('Hides').waitFor();
    expect(await violations(page)).toEqual([]);
    await page.keyboard.press('Escape');
    await page.getByRole('button', { name: 'Account' }).click();
    await page.getByRole('menuitem', { name: 'Sign out' }).waitFor();
    expect(await violations(page)).toEqual([]);
    await page.goto(`${world.s.url}/users`);
    for (const [button, words] of [
      ['New user', 'Shown as'],
      ['Edit li.wei', 'New password'],
      ['Remove li.wei', 'Remove li.wei?'],
      ['New token', 'What it may do'],
    ] as const) {
      await page.getByRole('button', { name: button }).click();
      await page.getByRole('dialog').getByText(words).first().waitFor();
      expect(await violations(page), button).toEqual([]);
      await page.keyboard.press('Escape');
      await page.getByRole('dialog').waitFor({ state: 'detached' });
    }
  });

  it('gives the rest of a long text on demand', async () => {
    await using seen = await visit(browser);
    const { page } = seen;
    await signIn(page, `${world.s.url}${paths.get('alert')}`);
    const annotations = page.getByRole('region', { name: 'Annotations' });
    await annotations.getByRole('button', { name: 'Show all (64,000 characters)' }).click();
    expect(await annotations.getByText('zzzz').first().textContent()).toHaveLength(64_000);
  });

  it('speaks the language of the browser, and another one once it is told', async () => {
    await using seen = await visit(browser, { locale: 'zh-CN' });
    const { page } = seen;
    await signIn(page, world.s.url);
    await page.getByRole('heading', { name: '当前事件' }).waitFor();
    await page.getByRole('button', { name: '认领' }).first().waitFor();
    expect(await page.evaluate('document.documentElement.lang')).toBe('zh-CN');
    await page.getByRole('button', { name: '账号' }).click();
    await page.getByText('English').click();
    await page.getByRole('heading', { name: 'Now' }).waitFor();
    await page.reload();
    await page.getByRole('heading', { name: 'Now' }).waitFor();
    expect(await page.evaluate('document.documentElement.lang')).toBe('en');
  });

  it('is reached on a phone by the menu', async () => {
    await using seen = await visit(browser, { width: 390 });
    const { page } = seen;
    await signIn(page, world.s.url);
    await page.getByRole('button', { name: 'Menu' }).click();
    await page.getByRole('link', { name: 'Heartbeats' }).click();
    await page.getByText('Alive').first().waitFor();
    await page.getByRole('link', { name: 'Deliveries' }).waitFor({ state: 'hidden' });
  });
});
