/** Silences as responders and admins make, stretch and end them in the page. */
import type { Browser, Page } from 'playwright-core';
import { signIn, startBrowser, tabTo, type View, visit } from '../support/browser.ts';
import { needs } from '../support/needs.ts';
import { adminToken } from '../support/service.ts';
import { eventually } from '../support/wait.ts';
import { startWorld, type World } from './world.ts';

interface Kept {
  id: string;
  matchers: unknown;
  starts_at: string;
  ends_at: string;
  comment: string;
  state: string;
  version: number;
}

const hour = 3_600_000;
const quarter = hour / 4;

needs('chromium')('the page of silences', () => {
  let browser: Browser;
  let world: World;
  let tokens: Record<'viewer' | 'responder' | 'admin', string>;
  beforeAll(async () => {
    [browser, world] = await Promise.all([startBrowser(), startWorld(new Date(Date.now() - quarter))]);
    const tokenOf = async (role: string) =>
      (await world.s.api<{ token: string }>('POST', '/api/v1/tokens', { name: role, role })).token;
    tokens = { admin: adminToken, responder: await tokenOf('responder'), viewer: await tokenOf('viewer') };
    // Armed, and then lost: a watchdog alarm of its own.
    for (let beat = 0; beat < 4; beat++) {
      await world.fire({ alertname: 'Watchdog', prometheus: 'mon/a', severity: 'none' });
      await world.pass(60_000);
    }
    await world.pass(quarter - 4 * 60_000);
    await world.fire({ alertname: 'ReplicationStopped', team: 'db', severity: 'critical', instance: 'db-1' });
    await world.fire({ alertname: 'DiskFills', team: 'db', severity: 'warning', instance: 'db-1' });
    await world.fire({ alertname: 'DiskFills', team: 'db', severity: 'warning', instance: 'db-2' });
    await world.fire({ alertname: 'ErrorsHigh', team: 'platform', severity: 'critical', instance: 'shop-1' });
  });
  afterAll(async () => {
    await browser?.close();
    await world?.[Symbol.asyncDispose]();
  });
  afterEach(async () => {
    for (const { id, state } of await silences())
      if (state !== 'expired') await world.s.api('POST', `/api/v1/silences/${id}/expire`);
  });

  const silences = async () => (await world.s.api<{ items: Kept[] }>('GET', '/api/v1/silences?limit=500')).items;
  const last = async (comment: string) => {
    const found = (await silences()).find((one) => one.comment === comment);
    if (found === undefined) throw new Error(`there is no silence ${comment}`);
    return found;
  };
  const silence = (body: Record<string, unknown>) =>
    world.s.api<Kept>('POST', '/api/v1/silences', { duration: '2h', ...body });
  const now = () => world.s.clock.now().getTime();

  async function as(role: keyof typeof tokens, path: string, view: View = {}) {
    const seen = await visit(browser, view);
    await signIn(seen.page, `${world.s.url}${path}`, tokens[role]);
    return seen;
  }

  const matcher = async (page: Page, set: number, [label, op, value]: readonly [string, string, string]) => {
    const rows = page.getByRole('group').nth(set);
    await rows.getByLabel('Label').fill(label);
    if (op !== '=') {
      await rows.getByRole('combobox', { name: 'Operator' }).click();
      await page.getByRole('option', { name: op, exact: true }).click();
    }
    await rows.getByLabel('Value').fill(value);
  };

  it('says before it is made which alerts and incidents a silence hides, and what it never hides', async () => {
    await using seen = await as('responder', '/silences');
    const { page } = seen;
    await page.getByText('Nothing is silenced').waitFor();
    await page.getByRole('link', { name: 'New silence' }).click();
    await matcher(page, 0, ['instance', '=', 'db-1']);
    const hides = page.getByRole('region', { name: 'What it hides now' });
    await hides.getByText('Hides 2 alerts now, 1 of them critical.').waitFor();
    const incidents = hides.getByRole('list', { name: 'Incidents that it hides' }).getByRole('listitem');
    await incidents.filter({ hasText: 'ReplicationStopped' }).getByText('hidden wholly').waitFor();
    await incidents.filter({ hasText: 'DiskFills' }).getByText('1 of 2 hidden').waitFor();
    const named = hides.getByRole('list', { name: 'Alerts that it hides' }).getByRole('listitem');
    expect(await named.first().textContent()).toContain('ReplicationStopped');
    await matcher(page, 0, ['alertname', '=', 'HeartbeatLost']);
    await hides.getByText('1 watchdog alarm matches too: nothing silences them.').waitFor();
    await hides.getByText('Hides nothing that fires now.').waitFor();
    expect(seen.faults).toEqual([]);
  });

  it('makes a silence of two sets that begins later and ends at a time, and shows it in words', async () => {
    await using seen = await as('responder', '/silences/new');
    const { page } = seen;
    await matcher(page, 0, ['alertname', '=', 'DiskFills']);
    await page.getByRole('button', { name: 'Or another set' }).click();
    await matcher(page, 1, ['instance', '=~', 'shop-.*']);
    await page.getByText('Hides 3 alerts now, 1 of them critical.').waitFor();
    await page.getByLabel('Begins', { exact: true }).selectOption('later');
    await page.getByLabel('Begins at').fill('2030-03-01T22:00');
    await page.getByLabel('For how long').selectOption('until a time');
    await page.getByLabel('Ends at').fill('2030-03-02T02:30');
    await page.getByText('Times are in your time zone, Asia/Shanghai (GMT+8).').waitFor();
    await page.getByLabel('Why').fill('moving the disks');
    await page.getByRole('button', { name: 'Save' }).click();
    await page.getByRole('heading', { name: 'moving the disks' }).waitFor();
    expect(await last('moving the disks')).toMatchObject({
      matchers: [['alertname="DiskFills"'], ['instance=~"shop-.*"']],
      starts_at: '2030-03-01T14:00:00.000Z',
      ends_at: '2030-03-01T18:30:00.000Z',
    });
    await page.getByRole('link', { name: '‹ Silences' }).click();
    await page.getByText('Planned (1)').click();
    const card = page.getByRole('article');
    await card.getByText('would hide 3 alerts now, 1 critical').waitFor();
    await card.getByText('or', { exact: true }).waitFor();
  });

  it('says at each field what is missing, and keeps what was typed', async () => {
    await using seen = await as('responder', '/silences/new');
    const { page } = seen;
    await page.getByLabel('For how long').selectOption('another duration');
    await page.getByLabel('Duration').fill('soon');
    await page.getByRole('button', { name: 'Save' }).click();
    await page.getByText('At least one matcher is needed.').waitFor();
    await page.getByText('Say why: whoever is woken next will ask.').waitFor();
    expect(await page.getByLabel('Duration').inputValue()).toBe('soon');
    await matcher(page, 0, ['team', '=~', '(']);
    await page.getByRole('alert').getByText('missing', { exact: false }).first().waitFor();
  });

  it('is shown on Now until it is ended, and then stands among those that have ended', async () => {
    await using seen = await as('responder', '/silences/new?matcher=alertname%3D"DiskFills"');
    const { page } = seen;
    await page.getByText('Hides 2 alerts now, 0 of them critical.').waitFor();
    await page.getByLabel('Why').fill('new disks');
    await page.getByRole('button', { name: 'Save' }).click();
    await page.getByRole('heading', { name: 'new disks' }).waitFor();
    await page.getByRole('link', { name: 'Now' }).click();
    const incident = page.getByRole('article').filter({ has: page.getByRole('link', { name: 'DiskFills' }) });
    await incident.getByText('Silenced until').waitFor();
    await page.getByRole('link', { name: 'Silences' }).click();
    const card = page.getByRole('article').filter({ hasText: 'new disks' });
    await card.getByText('hides 2 alerts now').waitFor();
    await card.getByRole('button', { name: 'End now' }).click();
    await page.getByRole('dialog').getByRole('button', { name: 'End now' }).click();
    await page.getByText('Nothing is silenced').waitFor();
    expect(await last('new disks')).toMatchObject({ state: 'expired' });
    await page.getByText(/^Ended/).click();
    await card.getByText('Ended', { exact: true }).waitFor();
    expect(await card.getByRole('button').count()).toBe(0);
    await page.getByRole('link', { name: 'Now' }).click();
    await incident.waitFor();
    await incident.getByText('Silenced until').waitFor({ state: 'detached' });
  });

  it('lasts longer by an hour, or until a time', async () => {
    const { id, ends_at } = await silence({ matchers: ['instance="db-2"'], comment: 'a long repair' });
    await using seen = await as('responder', `/silences/${id}`);
    const { page } = seen;
    await page.getByRole('button', { name: 'Extend' }).click();
    await page.getByRole('menuitem', { name: 'by 1 hour' }).click();
    await page.getByText('Version 2', { exact: true }).waitFor();
    expect(Date.parse((await last('a long repair')).ends_at) - Date.parse(ends_at)).toBe(hour);
    await page.getByRole('button', { name: 'Extend' }).click();
    await page.getByRole('menuitem', { name: 'until…' }).click();
    const dialog = page.getByRole('dialog');
    await dialog.getByLabel('Ends at').fill('2020-01-01T00:00');
    await dialog.getByRole('button', { name: 'Extend' }).click();
    await dialog.getByText('Choose a time that is still to come.').waitFor();
    await dialog.getByLabel('Ends at').fill('2031-01-01T08:00');
    await dialog.getByRole('button', { name: 'Extend' }).click();
    await page.getByText('Version 3', { exact: true }).waitFor();
    expect(await last('a long repair')).toMatchObject({ ends_at: '2031-01-01T00:00:00.000Z' });
  });

  it('is edited, and goes back to a version', async () => {
    const { id, starts_at, ends_at } = await silence({ matchers: ['instance="db-2"'], comment: 'first words' });
    await using seen = await as('responder', `/silences/${id}`);
    const { page } = seen;
    await page.getByRole('button', { name: 'Edit' }).click();
    await page.getByLabel('Why').fill('second words');
    await page.getByRole('button', { name: 'Save' }).click();
    await page.getByRole('heading', { name: 'second words' }).waitFor();
    // What nobody touched stays to the second.
    expect(await last('second words')).toMatchObject({ starts_at, ends_at, version: 2 });
    await page.getByRole('button', { name: 'Restore version 1' }).click();
    await page.getByRole('dialog').getByRole('button', { name: 'Restore' }).click();
    await page.getByRole('heading', { name: 'first words' }).waitFor();
  });

  it('loses nothing when two people edit it at once', async () => {
    const { id } = await silence({ matchers: ['instance="db-2"'], comment: 'both want it' });
    await using seen = await as('responder', `/silences/${id}`);
    const { page } = seen;
    await page.getByRole('button', { name: 'Edit' }).click();
    await page.getByLabel('Why').fill('mine');
    const { matchers, ends_at } = await last('both want it');
    await world.s.api('PUT', `/api/v1/silences/${id}`, { matchers, ends_at, comment: 'theirs' });
    await page.getByRole('list', { name: 'Versions' }).getByText('Version 2', { exact: true }).waitFor();
    await page.getByRole('button', { name: 'Save' }).click();
    await page.getByText('has saved another version meanwhile').waitFor();
    await page.getByRole('button', { name: 'Save mine over it' }).click();
    await page.getByRole('heading', { name: 'mine' }).waitFor();
    expect((await last('mine')).version).toBe(3);
  });

  it('that hides everything critical is confirmed by an admin a second time', async () => {
    await using seen = await as('admin', '/silences/new?matcher=severity%3D"critical"');
    const { page } = seen;
    await page.getByText('This would hide everything critical.').waitFor();
    await page.getByLabel('Why').fill('the whole site moves');
    const save = page.getByRole('button', { name: 'Save' });
    expect(await save.isDisabled()).toBe(true);
    expect(await save.getAttribute('title')).toBe('Tick first that you know what it hides.');
    await page.getByLabel('I know that this hides every critical alert').check();
    await page.getByRole('button', { name: 'Save' }).click();
    await page.getByRole('heading', { name: 'the whole site moves' }).waitFor();
    const { ends_at } = await last('the whole site moves');
    await page.getByRole('button', { name: 'Extend' }).click();
    await page.getByRole('menuitem', { name: 'by 4 hours' }).click();
    const dialog = page.getByRole('dialog');
    await dialog.getByLabel('I know that this hides every critical alert').check();
    await dialog.getByRole('button', { name: 'Extend' }).click();
    await page.getByText('Version 2', { exact: true }).waitFor();
    expect(Date.parse((await last('the whole site moves')).ends_at) - Date.parse(ends_at)).toBe(4 * hour);
  });

  it('that hid everything critical is restored once an admin has confirmed it', async () => {
    const all = { matchers: ['severity="critical"'], duration: '2h', comment: 'everything again' };
    const { id } = await world.s.api<Kept>('POST', '/api/v1/silences?confirm=hides-all-critical', all);
    await world.s.api('PUT', `/api/v1/silences/${id}`, { ...all, matchers: ['instance="db-2"'] });
    const restore = { name: 'Restore', exact: true };
    await using responder = await as('responder', `/silences/${id}`);
    await responder.page.getByRole('button', { name: 'Restore version 1' }).click();
    await responder.page.getByRole('dialog').getByRole('button', restore).click();
    await responder.page.getByText('Only an admin can confirm that').waitFor();
    expect(await responder.page.getByRole('dialog').getByRole('button', restore).isDisabled()).toBe(true);
    await using seen = await as('admin', `/silences/${id}`);
    const { page } = seen;
    const dialog = page.getByRole('dialog');
    await page.getByRole('button', { name: 'Restore version 1' }).click();
    await dialog.getByRole('button', restore).click();
    await dialog.getByLabel('I know that this hides every critical alert').check();
    await dialog.getByRole('button', restore).click();
    await page.getByText('Version 3', { exact: true }).waitFor();
    expect(await last('everything again')).toMatchObject({ matchers: ['severity="critical"'], version: 3 });
  });

  it('is confirmed for the matchers that it was confirmed for', async () => {
    await using seen = await as('admin', '/silences/new?matcher=severity%3D"critical"');
    const { page } = seen;
    const known = page.getByLabel('I know that this hides every critical alert');
    await known.check();
    await matcher(page, 0, ['severity', '=~', 'critical|warning']);
    const mild = page.getByRole('list', { name: 'Alerts that it hides' }).getByText('DiskFills').first();
    await mild.waitFor();
    expect(await known.isChecked()).toBe(false);
    expect(await page.getByRole('button', { name: 'Save' }).isDisabled()).toBe(true);
    await matcher(page, 0, ['severity', '=~', 'critical']);
    await mild.waitFor({ state: 'detached' });
    expect(await known.isChecked()).toBe(false);
  });

  it('that hides everything critical is no business of a responder, who hears whose it is', async () => {
    await using seen = await as('responder', '/silences/new?matcher=severity%3D"critical"');
    const { page } = seen;
    await page.getByText('Only an admin can confirm that').waitFor();
    expect(await page.getByRole('button', { name: 'Save' }).isDisabled()).toBe(true);
    expect(await page.getByRole('checkbox').count()).toBe(0);
  });

  it('is read by a viewer, who can change nothing', async () => {
    const { id } = await silence({ matchers: ['instance="db-2"'], comment: 'to be read' });
    await using seen = await as('viewer', '/silences');
    const { page } = seen;
    const card = page.getByRole('article').filter({ hasText: 'to be read' });
    await card.getByText('hides 1 alert now').waitFor();
    expect(await page.locator('main').getByRole('button').count()).toBe(0);
    expect(await page.getByRole('link', { name: 'New silence' }).count()).toBe(0);
    await page.goto(`${world.s.url}/silences/${id}`);
    await page.getByText('Hides 1 alert now').waitFor();
    expect(
      await page
        .locator('main')
        .getByRole('button', { name: /End|Extend|Edit|Restore/ })
        .count(),
    ).toBe(0);
    await page.goto(`${world.s.url}/silences/new`);
    await page.getByText('This needs the role responder.').waitFor();
  });

  it('that a file manages is read-only until it is unlocked, but can be ended', async () => {
    await world.s.apply({
      silences: [
        {
          ...{ name: 'from-the-file', matchers: ['instance="db-2"'], comment: 'kept in git' },
          ends_at: new Date(now() + 5 * hour).toISOString(),
        },
      ],
    });
    await using seen = await as('responder', '/silences');
    const { page } = seen;
    const card = page.getByRole('article').filter({ hasText: 'kept in git' });
    await card.getByText('Managed').waitFor();
    expect(await card.getByRole('button', { name: 'Extend' }).count()).toBe(0);
    await card.getByRole('link', { name: 'kept in git' }).click();
    await page.getByText('A file made this (apply)').waitFor();
    expect(await page.getByRole('button', { name: 'Edit' }).count()).toBe(0);
    await page.getByRole('button', { name: 'Unlock' }).click();
    await page.getByRole('dialog').getByRole('button', { name: 'Unlock' }).click();
    await page.getByRole('button', { name: 'Edit' }).waitFor();
    await page.getByRole('button', { name: 'End now' }).click();
    await page.getByRole('dialog').getByRole('button', { name: 'End now' }).click();
    await page.getByRole('link', { name: 'Silence again' }).waitFor();
    await world.s.apply({ silences: [] });
  });

  it('is made with the keyboard alone, in Chinese, on a phone', async () => {
    await using seen = await as('responder', '/silences/new', { locale: 'zh-CN', width: 390 });
    const { page } = seen;
    await page.getByRole('heading', { name: '新建静默' }).waitFor();
    await tabTo(page, '标签');
    await page.keyboard.type('instance');
    await tabTo(page, '值');
    await page.keyboard.type('db-2');
    await page.getByText('目前会静默 1 条告警，其中严重 0 条。').waitFor();
    await tabTo(page, '时长');
    await page.keyboard.press('ArrowDown');
    await tabTo(page, '原因');
    await page.keyboard.type('更换硬盘');
    await tabTo(page, '保存');
    await page.keyboard.press('Enter');
    await page.getByRole('heading', { name: '更换硬盘' }).waitFor();
    const { starts_at, ends_at } = await last('更换硬盘');
    expect(Date.parse(ends_at) - Date.parse(starts_at)).toBe(4 * hour);
    await tabTo(page, '立即结束');
    await page.keyboard.press('Enter');
    const dialog = page.getByRole('dialog');
    await dialog.getByText('立即结束这条静默？').waitFor();
    await tabTo(page, '立即结束');
    await page.keyboard.press('Enter');
    await eventually(async () => (await last('更换硬盘')).state === 'expired');
    expect(seen.faults).toEqual([]);
  });
});
