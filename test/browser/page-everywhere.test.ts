/** What must hold on every page: for whoever cannot see well, on a phone, in Chinese, and whatever a sender sends. */
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import type { Browser, Page } from 'playwright-core';
import { signIn, startBrowser, type View, visit } from '../support/browser.ts';
import { needs } from '../support/needs.ts';
import { evil, fill, startWorld, type World } from './world.ts';

const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

const names = [
  'now',
  'incident',
  'alert',
  'heartbeats',
  'deliveries',
  'silences',
  'newSilence',
  'silence',
  'firstRun',
  'timeIntervals',
  'timeInterval',
  'newTimeInterval',
  'schedules',
  'schedule',
  'newSchedule',
  'inhibitionRules',
  'inhibitionRule',
  'newInhibitionRule',
  'nothing',
  ...(['explain', 'explained person', 'explained absence', 'noise', 'consistency'] as const),
  ...(['alert groups', 'an alert group', 'a managed alert group', 'a new alert group'] as const),
  ...(['people', 'contact', 'newContact', 'room', 'sources', 'source', 'hostile source', 'newSource'] as const),
  ...(['dailyMessages', 'dailyMessage', 'newDailyMessage', 'peers', 'peer', 'newPeer'] as const),
  ...(['heartbeat', 'newHeartbeat', 'backtest', 'audit', 'users', 'account'] as const),
] as const;
const views: [string, View][] = [
  ['light', {}],
  ['dark Chinese', { scheme: 'dark', locale: 'zh-CN' }],
  ['phone', { width: 390 }],
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
    const window = {
      weekdays: ['monday:friday'],
      times: [{ start_time: '02:00', end_time: '04:00' }],
      months: ['may'],
    };
    await world.s.api('POST', '/api/v1/time-intervals', { name: evil, time_intervals: [window, {}] });
    paths.set('timeIntervals', '/time-intervals').set('timeInterval', `/time-intervals/${encodeURIComponent(evil)}`);
    paths.set('newTimeInterval', '/time-intervals/new');
    const day = (n: number) => new Date(world.s.clock.now().getTime() + n * 86_400_000).toISOString();
    await world.s.api('POST', '/api/v1/schedules', {
      ...{ name: evil, timezone: 'Europe/Berlin' },
      layers: [
        { contacts: [evil, 'li.wei'], unit: 'day', hand_over: '09:00', starts: '2026-01-05', only: [window] },
        { contacts: ['li.wei', evil], every: 2, unit: 'week', hand_over: '00:00', starts: '2026-01-05' },
      ],
      overrides: [
        { contact: null, starts_at: day(1), ends_at: day(2) },
        { contact: evil, starts_at: day(3), ends_at: day(4) },
      ],
    });
    paths.set('schedules', '/schedules').set('newSchedule', '/schedules/new');
    paths.set('schedule', `/schedules/${encodeURIComponent(evil)}`);
    await world.s.api('POST', '/api/v1/inhibition-rules', {
      ...{
        name: evil,
        source_matchers: [`alertname=${JSON.stringify(evil)}`],
        target_matchers: [`pod="${'y'.repeat(4_000)}"`],
      },
      equal: [evil, 'z'.repeat(200)],
    });
    paths.set('inhibitionRules', '/inhibition-rules').set('newInhibitionRule', '/inhibition-rules/new');
    paths.set('inhibitionRule', `/inhibition-rules/${encodeURIComponent(evil)}`);
    const silence = await world.s.api<{ id: string }>('POST', '/api/v1/silences', {
      matchers: [['team="platform"', `alertname!=${JSON.stringify(evil)}`], [`pod="${'y'.repeat(4_000)}"`]],
      ...{ time_intervals: [evil], duration: '1h', comment: `${evil}\u202e${'z'.repeat(300)}` },
    });
    paths.set('firstRun', '/first-run').set('silences', '/silences').set('silence', `/silences/${silence.id}`);
    paths.set('newSilence', '/silences/new?matcher=team%3D"platform"&matcher=<script>');
    await world.s.api('POST', '/api/v1/contacts', { name: `by ${evil}`, email: 'evil@example.org' });
    await world.s.api('POST', '/api/v1/daily-messages', { name: evil, contacts: [`by ${evil}`], time: '09:00' });
    paths.set('dailyMessages', '/daily-messages').set('newDailyMessage', '/daily-messages/new');
    paths.set('dailyMessage', `/daily-messages/${encodeURIComponent(evil)}`);
    const peer = { name: evil, url: `http://127.0.0.1:9/${'p'.repeat(400)}`, secret: 'what-both-sites-know-0123' };
    await world.s.api('POST', '/api/v1/peers', peer);
    paths
      .set('peers', '/peers')
      .set('newPeer', '/peers/new')
      .set('peer', `/peers/${encodeURIComponent(evil)}`);
    const group = { name: evil, matchers: ['alertname=~".*script.*"'], members: [`by ${evil}`] };
    await world.s.api('POST', '/api/v1/alert-groups', group);
    paths.set('alert groups', '/alert-groups').set('an alert group', `/alert-groups/${encodeURIComponent(evil)}`);
    paths.set('a managed alert group', '/alert-groups/platform').set('a new alert group', '/alert-groups/new');
    paths.set('people', '/people').set('newContact', '/people/contacts/new').set('room', '/people/robots/ops');
    paths.set('sources', '/sources').set('source', '/sources/az-a').set('newSource', '/sources/new');
    paths.set('hostile source', `/sources/${encodeURIComponent(evil)}`);
    paths.set('heartbeat', `/heartbeats/${encodeURIComponent(evil)}`);
    const matcher = `odd=${JSON.stringify(evil)}`;
    await world.s.api('POST', '/api/v1/heartbeats', { name: evil, source: evil, matchers: [matcher] });
    paths.set('newHeartbeat', `/heartbeats/new?${new URLSearchParams({ name: evil, source: evil, matcher })}`);
    paths.set('contact', `/people/contacts/${encodeURIComponent(evil)}`);
    await world.s.service.db.query(
      `insert into poll_finding (source_id, kind, alert_fingerprint, labels, since, found_at)
       select id, 'missed_alert', 'f', $1::jsonb, $2::timestamptz, $2::timestamptz from source where name = $3`,
      [JSON.stringify({ alertname: evil }), world.s.clock.now(), evil],
    );
    paths
      .set('noise', '/noise')
      .set('consistency', '/consistency')
      .set('explain', '/explain')
      .set('explained person', '/explain?contact=li.wei');
    const absent = new URLSearchParams({ contact: evil, filter: `alertname=${JSON.stringify(`${evil}?`)}` });
    paths.set('explained absence', `/explain?${absent}`);
    paths.set('backtest', '/backtest');
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
    const closed = page.getByRole('button', { name: /Show (the|what)|展开告警|查看消息|查看被隔离/ });
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

  /** As it stands there now. */
  async function isSound(page: Page, name: string): Promise<void> {
    expect(await violations(page), name).toEqual([]);
    const { width } = page.viewportSize() ?? { width: 0 };
    expect(await page.evaluate('document.documentElement.scrollWidth'), name).toBeLessThanOrEqual(width);
    expect(await page.evaluate('window.hit'), name).toBeUndefined();
    expect(await page.locator('a[href^="javascript:"], main img, main script').count(), name).toBe(0);
    expect(await page.evaluate('document.body.innerText.length'), name).toBeLessThan(60_000);
  }

  it.each<[string, View, View[]]>([
    ['in a light view, and turned to a phone', {}, [{ width: 390 }]],
    [
      'in a dark Chinese view on a phone, and turned to a screen',
      { scheme: 'dark', locale: 'zh-CN', width: 390 },
      [{}],
    ],
  ])('is accessible, fits the screen, and shows hostile texts as nothing but text %s', async (_, view, turned) => {
    await using seen = await visit(browser, view);
    const { page } = seen;
    await signIn(page, world.s.url);
    for (const name of names) {
      await page.setViewportSize({ width: view.width ?? 1280, height: 800 });
      await page.goto(`${world.s.url}${paths.get(name)}`);
      await page.getByRole('heading').first().waitFor();
      await unfold(page);
      await isSound(page, name);
      for (const { width = 1280 } of turned) {
        await page.setViewportSize({ width, height: 800 });
        await unfold(page);
        await isSound(page, `${name} at ${width}`);
      }
    }
    expect(seen.faults).toEqual([]);
  });

  it.each(views)('has backtests that are accessible and fit the screen in a %s view', async (_, view) => {
    await using seen = await visit(browser, view);
    const { page } = seen;
    await signIn(page, `${world.s.url}${paths.get('an alert group')}`);
    await page.getByRole('button', { name: /^(Backtest|回测)$/ }).click();
    const dialog = page.getByRole('dialog');
    await dialog.getByRole('img', { name: /^(Messages over time|消息数变化)/ }).waitFor();
    expect(await violations(page)).toEqual([]);
    expect(await page.evaluate('document.documentElement.scrollWidth')).toBeLessThanOrEqual(view.width ?? 1280);
    expect(await page.evaluate('window.hit')).toBeUndefined();
    expect(seen.faults).toEqual([]);
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

  it.each(['light', 'dark'] as const)('has forms without a serious fault of accessibility in %s', async (scheme) => {
    await using seen = await visit(browser, { scheme });
    const { page } = seen;
    await signIn(page, `${world.s.url}/sources/new`);
    await page.getByRole('button', { name: 'Add a label' }).click();
    await page.getByRole('button', { name: 'Save' }).click();
    await page.locator('[aria-invalid="true"]').waitFor();
    expect(await violations(page), 'refused').toEqual([]);
    await page.getByLabel('Source').fill(`made in ${scheme}`);
    await page.getByRole('button', { name: 'Save' }).click();
    await page.getByText('the token is shown this once').waitFor();
    expect(await violations(page), 'shown once').toEqual([]);
    await page.goto(`${world.s.url}${paths.get('contact')}`);
    await page.getByRole('button', { name: 'Edit' }).click();
    await page.getByRole('combobox', { name: 'Time zone' }).fill('shang');
    await page.getByRole('option', { name: 'Asia/Shanghai' }).waitFor();
    expect(await violations(page), 'edited').toEqual([]);
    await page.keyboard.press('Escape');
    await page.getByRole('button', { name: 'Cancel' }).click();
    await page.getByRole('button', { name: 'Send a test message' }).click();
    await page.getByRole('list', { name: 'What came of it' }).waitFor();
    await page.getByRole('button', { name: 'Remove' }).click();
    await page.getByRole('dialog').getByText('This person is told nothing more').waitFor();
    expect(await violations(page), 'removed').toEqual([]);
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
