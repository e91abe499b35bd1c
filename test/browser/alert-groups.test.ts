/** An admin who changes who gets what, and sees before saving what that does. */
import type { Browser, Page, Request } from 'playwright-core';
import { type Flow, group, minute, second, startFlow } from '../flows/flow.ts';
import { signIn, startBrowser, type View, type Visit, visit } from '../support/browser.ts';
import { handClock } from '../support/clock.ts';
import { needs } from '../support/needs.ts';

interface Stored {
  name: string;
  matchers: string[];
  members: string[];
  continue: boolean;
  version: number;
  policy: Record<string, unknown>;
}

needs('chromium')('alert groups', () => {
  let browser: Browser;
  let flow: Flow;
  beforeAll(async () => {
    [browser, flow] = await Promise.all([
      startBrowser(),
      startFlow(
        { name: 'embedded', emptyStore: async () => ({ env: {} }) },
        { channels: ['email'], service: { clock: handClock(new Date()) } },
      ),
    ]);
    await flow.configure({ alert_groups: [group('database', { members: ['li.wei'] })] });
    await make(group('archive', { members: ['zhang.san'] }));
    await flow.fire({ alertname: 'TapeFull', team: 'archive', severity: 'warning' });
    await flow.fire({ alertname: 'DiskFull', team: 'storage', severity: 'critical' });
    await flow.fire({ alertname: 'DiskSlow', team: 'storage', severity: 'warning' });
    await flow.fire({ alertname: 'PageSlow', team: 'web', severity: 'warning' });
    await flow.fire({ alertname: 'Replication', team: 'database', severity: 'critical' });
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

  /** A browser of somebody of this name and role, or of the admin. */
  async function open(path: string, { as, view = {} }: { as?: { name: string; role: string }; view?: View } = {}) {
    const seen = await visit(browser, view);
    visits.push(seen);
    const token = as && (await flow.s.api<{ token: string }>('POST', '/api/v1/tokens', as)).token;
    await signIn(seen.page, `${flow.s.url}${path}`, token);
    return seen.page;
  }

  const make = (body: Record<string, unknown>) => flow.s.api<Stored>('POST', '/api/v1/alert-groups', body);
  const stored = (name: string) => flow.s.api<Stored>('GET', `/api/v1/alert-groups/${encodeURIComponent(name)}`);
  const orderOf = async () => (await flow.s.api<{ names: string[] }>('GET', '/api/v1/alert-group-order')).names;
  const groupsOf = async (alertname: string) => {
    const { items } = await flow.s.api<{ items: { group: string; group_labels: Record<string, string> }[] }>(
      'GET',
      '/api/v1/incidents?state=open&limit=500',
    );
    return items.filter((one) => one.group_labels['alertname'] === alertname).map((one) => one.group);
  };

  const preview = (page: Page) => page.getByRole('region', { name: 'What this does' });
  const tab = (page: Page, name: string) => preview(page).getByRole('tab', { name });
  const alertsIn = (page: Page) => preview(page).getByRole('list', { name: 'Alerts' }).getByRole('link');
  const untilAlerts = (page: Page, names: string[]) =>
    expect
      .poll(async () => (await alertsIn(page).allTextContents()).sort(), { timeout: 20_000 })
      .toEqual([...names].sort());
  const save = (page: Page) => page.getByRole('button', { name: 'Save', exact: true }).click();
  const saved = (page: Page) => page.getByText('Saved. It holds from now on.').waitFor();
  const choose = async (page: Page, field: string, name: string) => {
    await page.getByRole('combobox', { name: field }).fill(name);
    await page.getByRole('option', { name }).click();
    await page.keyboard.press('Escape');
  };

  it('shows before it is made which alerts a new one gains and what is sent, and then just that happens', async () => {
    const page = await open('/alert-groups');
    await page.getByRole('link', { name: 'New alert group' }).click();
    await page.getByLabel('Name').fill('storage');
    await page.getByLabel('Label').fill('team');
    await page.getByLabel('Value').fill('storage');
    await untilAlerts(page, ['DiskFull', 'DiskSlow']);
    await tab(page, 'Gains').getByText('2 open').waitFor();
    await preview(page).getByText('today unrouted → then storage').first().waitFor();
    await preview(page).getByText('This reaches nobody').waitFor();
    const looked = page.waitForEvent('popup');
    await alertsIn(page).filter({ hasText: 'DiskSlow' }).click();
    await (await looked).getByRole('heading', { level: 1, name: 'DiskSlow' }).waitFor();
    await choose(page, 'Members', 'zhang.san');
    const mail = preview(page).getByRole('article', { name: 'E-mail · English · UTC' });
    await mail.getByText('For zhang.san').waitFor();
    const shown = mail.frameLocator('iframe');
    await shown.locator('table table').getByText('DiskFull').first().waitFor();
    const bar = shown.locator('td[bgcolor]').first();
    expect(await bar.evaluate((td) => Reflect.get(globalThis, 'getComputedStyle')(td).fontWeight)).toBe('700');
    await save(page);
    await page.getByRole('heading', { level: 1, name: 'storage' }).waitFor();
    expect(await stored('storage')).toMatchObject({ matchers: ['team="storage"'], members: ['zhang.san'] });
    await flow.pass(minute, 10 * second);
    expect(await groupsOf('DiskFull')).toEqual(['storage']);
    expect(await groupsOf('DiskSlow')).toEqual(['storage']);
    expect(await groupsOf('PageSlow')).not.toContain('storage');
    expect(await groupsOf('Replication')).toEqual(['database']);
    const subjects = flow.mailsTo('zhang.san').map((sent) => sent.subject);
    expect(subjects.some((subject) => subject.includes('DiskFull'))).toBe(true);
    expect(subjects.some((subject) => subject.includes('PageSlow'))).toBe(false);
  });

  it('is shown beside its preview, none of which is below the window', async () => {
    const page = await open('/alert-groups/archive');
    await page.setViewportSize({ width: 1280, height: 900 });
    await preview(page).getByRole('article').first().waitFor();
    const bottom = async () => {
      const box = await preview(page).locator('..').boundingBox();
      return (box?.y ?? 0) + (box?.height ?? 0);
    };
    await expect.poll(bottom).toBeLessThanOrEqual(900);
    await page.mouse.wheel(0, 300);
    await expect.poll(bottom).toBeLessThanOrEqual(900);
    await expect.poll(bottom).toBeGreaterThan(850);
  });

  it('says while somebody types what is wrong with a matcher, at its row, and keeps the last answer until it is mended', async () => {
    const page = await open('/alert-groups/new');
    await page.getByLabel('Label').fill('team');
    await page.getByLabel('Value').fill('storage');
    await untilAlerts(page, ['DiskFull', 'DiskSlow']);
    await page.getByRole('combobox', { name: 'Operator' }).click();
    await page.getByRole('option', { name: '=~' }).click();
    await page.getByLabel('Value').fill('stor(');
    await preview(page).getByRole('alert').getByText('missing').waitFor();
    const row = page.getByRole('group', { name: 'Matchers' });
    await row.getByText('missing').waitFor();
    await untilAlerts(page, ['DiskFull', 'DiskSlow']);
    await page.getByLabel('Value').fill('stor(age)');
    await row.getByText('missing').waitFor({ state: 'detached' });
    await preview(page).getByRole('alert').waitFor({ state: 'detached' });
    await page.getByLabel('Label').fill('');
    await row.getByText('needs a label name').waitFor();
  });

  it('waits for no answer that is outdated', async () => {
    const page = await open('/alert-groups/new');
    const asksFor = (value: string) => (request: Request) =>
      request.postData()?.includes(`"team=\\"${value}\\""`) === true;
    await page.getByLabel('Label').fill('team');
    await page.route('**/alert-groups/preview', (route) =>
      asksFor('web')(route.request()) ? undefined : route.continue(),
    );
    const asked = page.waitForRequest(asksFor('web'));
    await page.getByLabel('Value').fill('web');
    await asked;
    const dropped = page.waitForEvent('requestfailed', { predicate: asksFor('web') });
    await page.getByLabel('Value').fill('storage');
    expect((await dropped).failure()?.errorText).toBe('net::ERR_ABORTED');
    await untilAlerts(page, ['DiskFull', 'DiskSlow']);
  });

  it('takes matchers as rows or as text, and one in the place of the other', async () => {
    const page = await open('/alert-groups/new');
    await page.getByLabel('Name').fill('both ways');
    await page.getByLabel('Label').fill('path');
    await page.getByLabel('Value').fill('C:\\tmp "x"');
    await page.getByText('Text', { exact: true }).first().click();
    const text = page.getByRole('textbox', { name: 'Matchers' });
    expect(await text.inputValue()).toBe('path="C:\\\\tmp \\"x\\""');
    await text.fill('{team="storage", severity=~"crit.*"}\nplace=a b');
    await page.getByText('Rows', { exact: true }).click();
    await page.getByText('Line 2 cannot be shown as rows').waitFor();
    expect(await text.inputValue()).toBe('{team="storage", severity=~"crit.*"}\nplace=a b');
    await text.fill('{team="storage", severity=~"crit.*"}');
    await page.getByText('Rows', { exact: true }).click();
    await expect.poll(() => page.getByLabel('Value').count()).toBe(2);
    await untilAlerts(page, ['DiskFull']);
    await save(page);
    await saved(page);
    expect((await stored('both ways')).matchers).toEqual(['team="storage"', 'severity=~"crit.*"']);
    await flow.s.api('DELETE', '/api/v1/alert-groups/both%20ways');
  });

  it('says which field is wrong, and loses nothing of what was typed', async () => {
    const page = await open('/alert-groups/new');
    await page.getByLabel('Name').fill('archive');
    await page.getByLabel('Remind every').fill('often');
    await page.getByText('Written like 30s').waitFor();
    await page.getByLabel('Remind every').fill('500d');
    await preview(page).getByText('must lie between').waitFor();
    await page.getByLabel('Remind every').fill('1d');
    await preview(page).getByRole('alert').waitFor({ state: 'detached' });
    await save(page);
    await page.getByRole('alert').getByText('is there already').waitFor();
    await page.getByText('it is taken already', { exact: true }).waitFor();
    expect(await page.getByLabel('Name').inputValue()).toBe('archive');
    await page.getByLabel('Name').fill('archive of old');
    await page.getByText('it is taken already', { exact: true }).waitFor({ state: 'detached' });
    expect(await page.getByLabel('Remind every').inputValue()).toBe('1d');
  });

  describe('when two edit the same one', () => {
    const shared = (name: string) => make({ name, matchers: ['team="shared"'], members: ['li.wei'] });

    async function clash(name: string): Promise<Page> {
      await shared(name);
      const ann = await open(`/alert-groups/${name}`, { as: { name: 'ann', role: 'editor' } });
      const bob = await open(`/alert-groups/${name}`, { as: { name: 'bob', role: 'editor' } });
      await bob.getByLabel('Remind every').fill('8h');
      await choose(ann, 'Members', 'zhang.san');
      await ann.getByLabel('Why').fill('she helps');
      await save(ann);
      await saved(ann);
      await save(bob);
      const conflict = bob.getByRole('alert').filter({ hasText: 'ann has saved another version' });
      await conflict.getByText('li.wei, zhang.san').waitFor();
      expect(await bob.getByLabel('Remind every').inputValue()).toBe('8h');
      return bob;
    }

    it('the second learns who and what, and may save over it', async () => {
      const bob = await clash('hers');
      await bob.getByRole('button', { name: 'Save mine over it' }).click();
      await saved(bob);
      expect(await stored('hers')).toMatchObject({
        version: 3,
        members: ['li.wei'],
        policy: { repeat_interval: '8h' },
      });
    });

    it('or take the other one', async () => {
      const bob = await clash('his');
      await bob.getByRole('button', { name: 'Drop mine, show theirs' }).click();
      await expect.poll(() => bob.getByLabel('Remind every').inputValue()).toBe('4h');
      await bob.getByText('zhang.san', { exact: true }).first().waitFor();
      expect(await stored('his')).toMatchObject({ version: 2, policy: { repeat_interval: '4h' } });
    });

    it('and whoever has typed nothing just sees the newest', async () => {
      await shared('ours');
      const page = await open('/alert-groups/ours');
      await page.getByText('Live', { exact: true }).waitFor();
      await flow.s.api('PUT', '/api/v1/alert-groups/ours', {
        name: 'ours',
        matchers: ['team="shared"'],
        policy: { repeat_interval: '9h' },
      });
      await expect.poll(() => page.getByLabel('Remind every').inputValue(), { timeout: 20_000 }).toBe('9h');
    });
  });

  it('restores a version, and brings back what was removed at its old address', async () => {
    await make({ name: 'old/habits?', matchers: ['team="old"'] });
    const page = await open('/alert-groups');
    await page.getByRole('link', { name: 'old/habits?' }).click();
    await page.getByLabel('Value').fill('older');
    await save(page);
    await saved(page);
    await page.getByRole('button', { name: 'Restore version 1' }).click();
    await page.getByRole('dialog').getByRole('button', { name: 'Restore', exact: true }).click();
    await page.getByText('Version 1 holds again').waitFor();
    await expect.poll(() => page.getByLabel('Value').inputValue()).toBe('old');
    expect((await stored('old/habits?')).matchers).toEqual(['team="old"']);
    const address = page.url();
    await page.getByRole('button', { name: 'Remove', exact: true }).click();
    await page.getByRole('dialog').getByRole('button', { name: 'Remove' }).click();
    await page.getByRole('heading', { level: 1, name: 'Alert groups' }).waitFor();
    await page.goto(address);
    await page.getByText('This alert group has been removed').waitFor();
    await page.getByRole('button', { name: 'Restore version 3' }).click();
    await page.getByRole('dialog').getByRole('button', { name: 'Restore', exact: true }).click();
    await expect.poll(() => page.getByLabel('Value').inputValue()).toBe('old');
    await flow.s.api('DELETE', '/api/v1/alert-groups/old%2Fhabits%3F');
  });

  it.each(['new', 'a%2Fb', '..a', '告警 组'])('opens one that is called %s', async (name) => {
    await make({ name });
    const page = await open('/alert-groups');
    await page.getByRole('link', { name, exact: true }).click();
    await page.getByRole('heading', { level: 1, name, exact: true }).waitFor();
    expect(await page.getByLabel('Name').inputValue()).toBe(name);
    await page.reload();
    await page.getByRole('heading', { level: 1, name, exact: true }).waitFor();
    await flow.s.api('DELETE', `/api/v1/alert-groups/${encodeURIComponent(name)}`);
  });

  it('leaves what a file manages alone until it is unlocked', async () => {
    const page = await open('/alert-groups/database');
    await page.getByRole('region', { name: 'Settings' }).getByText('team="database"').waitFor();
    expect(await page.getByRole('button', { name: 'Save', exact: true }).count()).toBe(0);
    await page.getByRole('button', { name: 'Unlock' }).click();
    await page.getByRole('dialog').getByRole('button', { name: 'Unlock' }).click();
    await page.getByLabel('Remind every').fill('6h');
    await save(page);
    await saved(page);
    expect(await stored('database')).toMatchObject({ policy: { repeat_interval: '6h' }, unlocked: true });
    await page.getByRole('link', { name: 'All alert groups' }).click();
    await page.getByRole('article', { name: 'database' }).getByText('Unlocked').waitFor();
  });

  it('gives a built-in one members, and no matchers', async () => {
    const page = await open('/alert-groups/unrouted');
    await page.getByText('A built-in alert group keeps its name').waitFor();
    expect(await page.getByRole('textbox', { name: 'Name' }).count()).toBe(0);
    await choose(page, 'Members', 'wang.wu');
    await preview(page).getByText('For wang.wu').first().waitFor();
    await save(page);
    await saved(page);
    expect(await stored('unrouted')).toMatchObject({ members: ['wang.wu'], matchers: [] });
  });

  it('lets a viewer see what it does, and change nothing', async () => {
    const page = await open('/alert-groups/archive', { as: { name: 'guest', role: 'viewer' } });
    await page.getByRole('region', { name: 'What it does now' }).getByText('TapeFull').first().waitFor();
    for (const name of ['Save', 'Remove', 'Send me a test message', 'Unlock', /^Restore/])
      expect(await page.getByRole('button', { name }).count(), String(name)).toBe(0);
    await page.getByRole('link', { name: 'All alert groups' }).click();
    await page.getByRole('article', { name: 'archive' }).waitFor();
    expect(await page.getByRole('button', { name: /^Move/ }).count()).toBe(0);
    expect(await page.getByRole('link', { name: 'New alert group' }).count()).toBe(0);
    await page.goto(`${flow.s.url}/alert-groups/new`);
    await page.getByText('This needs the role editor.').waitFor();
  });

  it('is made with the keyboard alone', async () => {
    const page = await open('/alert-groups');
    const { keyboard } = page;
    const tabTo = async (name: string, role: 'textbox' | 'button' | 'link' | 'combobox' = 'textbox') => {
      const wanted = page.getByRole(role, { name, exact: true });
      await wanted.waitFor();
      const focused = wanted.and(page.locator(':focus'));
      for (let i = 0; i < 60 && (await focused.count()) === 0; i++) await keyboard.press('Tab');
      expect(await focused.count(), name).toBe(1);
    };
    await tabTo('New alert group', 'link');
    await keyboard.press('Enter');
    await tabTo('Name');
    await keyboard.type('by keys');
    await tabTo('Label');
    await keyboard.type('team');
    await tabTo('Value');
    await keyboard.type('web');
    await untilAlerts(page, ['PageSlow']);
    await tabTo('Members', 'combobox');
    await keyboard.type('wang');
    await page.getByRole('option', { name: 'wang.wu' }).waitFor();
    await keyboard.press('ArrowDown');
    await keyboard.press('Enter');
    await keyboard.press('Escape');
    await tabTo('Save', 'button');
    await keyboard.press('Enter');
    await saved(page);
    expect(await stored('by keys')).toMatchObject({ matchers: ['team="web"'], members: ['wang.wu'] });
  });

  describe('are put in order', () => {
    beforeEach(async () => {
      for (const name of ['first', 'second', 'third'])
        await make({ name, matchers: ['team="ordered"'], members: ['wang.wu'] });
    });
    afterEach(async () => {
      for (const name of ['first', 'second', 'third']) await flow.s.api('DELETE', `/api/v1/alert-groups/${name}`);
    });

    const ofThese = (names: readonly (string | null)[]) =>
      names.filter((name) => ['first', 'second', 'third'].includes(name ?? ''));
    const untilShown = (page: Page, names: readonly unknown[]) =>
      expect
        .poll(async () => {
          const cards = await page.getByRole('list', { name: 'Made here' }).getByRole('article').all();
          return ofThese(await Promise.all(cards.map((card) => card.getAttribute('aria-label'))));
        })
        .toEqual(names);

    it('by the keyboard, with what it does shown before it is saved, and then the routing follows', async () => {
      await flow.fire({ alertname: 'Ordered', team: 'ordered' });
      expect(await groupsOf('Ordered')).toEqual(['first']);
      const page = await open('/alert-groups');
      const handle = page.getByRole('button', { name: 'Move second', exact: true });
      await handle.focus();
      await page.keyboard.press('Space');
      await page.getByText('second is picked up').waitFor({ state: 'attached' });
      await page.keyboard.press('ArrowUp');
      await page.getByText(/second is at number \d/).waitFor({ state: 'attached' });
      await page.keyboard.press('Space');
      await untilShown(page, ['second', 'first', 'third']);
      const bar = page.getByRole('region', { name: 'This order is not saved yet.' });
      await bar.getByText('gains 1 alert of now').waitFor();
      await bar.getByText('first · 1 open → 0 open').waitFor();
      await bar.getByText('second · 0 open → 1 open').waitFor();
      expect(ofThese(await orderOf())).toEqual(['first', 'second', 'third']);
      await bar.getByLabel('Why').fill('second knows better');
      await bar.getByRole('button', { name: 'Save the order' }).click();
      await page.getByText('The order is saved').waitFor();
      expect(ofThese(await orderOf())).toEqual(['second', 'first', 'third']);
      await flow.rest();
      expect(await groupsOf('Ordered')).toEqual(['second']);
    });

    it('by dragging', async () => {
      const page = await open('/alert-groups');
      const box = async (name: string) => {
        const found = await page.getByRole('button', { name: `Move ${name}`, exact: true }).boundingBox();
        if (found === null) throw new Error(`${name} cannot be dragged`);
        return { x: found.x + found.width / 2, y: found.y + found.height / 2 };
      };
      await page.getByRole('button', { name: 'Move third', exact: true }).scrollIntoViewIfNeeded();
      const [from, to] = [await box('third'), await box('first')];
      await page.mouse.move(from.x, from.y);
      await page.mouse.down();
      await page.mouse.move(to.x, to.y - 10, { steps: 12 });
      await page.getByText(/third is at number/).waitFor({ state: 'attached' });
      await page.mouse.up();
      await untilShown(page, ['third', 'first', 'second']);
      await page.getByRole('button', { name: 'Save the order' }).click();
      await page.getByText('The order is saved').waitFor();
      expect(ofThese(await orderOf())).toEqual(['third', 'first', 'second']);
    });

    it('with the arrows, which keep the focus, and back again', async () => {
      const page = await open('/alert-groups', { view: { width: 390 } });
      await page.getByRole('button', { name: 'Move first down' }).click();
      await untilShown(page, ['second', 'first', 'third']);
      await page.locator('button:focus[aria-label="Move first down"]').waitFor();
      await page.keyboard.press('Enter');
      await untilShown(page, ['second', 'third', 'first']);
      await page.getByRole('button', { name: 'As it was' }).click();
      await untilShown(page, ['first', 'second', 'third']);
      expect(ofThese(await orderOf())).toEqual(['first', 'second', 'third']);
    });

    it('not over the head of somebody else', async () => {
      const page = await open('/alert-groups');
      await page.getByRole('button', { name: 'Move third up' }).click();
      await page.getByText('This order is not saved yet.').waitFor();
      await flow.s.api('PUT', '/api/v1/alert-group-order', { names: (await orderOf()).reverse() });
      const theirs = await orderOf();
      await page.getByRole('button', { name: 'Save the order' }).click();
      await page.getByText('Somebody else has changed the order').waitFor();
      expect(await orderOf()).toEqual(theirs);
      await page.getByRole('button', { name: 'Show the order as it is now' }).click();
      await untilShown(page, ofThese(theirs));
    });
  });

  describe('sends a test', () => {
    it('to whoever is signed in, and to the group as it is saved', async () => {
      const page = await open('/alert-groups/archive', { as: { name: 'zhang.san', role: 'editor' } });
      flow.smtp.clear();
      await page.getByRole('button', { name: 'Send me a test message' }).click();
      const results = page.getByRole('list', { name: 'What came of it' });
      await results.getByText('Accepted', { exact: true }).waitFor();
      await results.getByText('zhang.san@example.org').first().waitFor();
      expect(flow.mailsTo('zhang.san')).toHaveLength(1);
      flow.smtp.rejectRecipient('zhang.san@example.org');
      await page.getByRole('button', { name: /^Send one to everybody in/ }).click();
      await page.getByRole('dialog').getByRole('button', { name: 'Send', exact: true }).click();
      await results.getByText('Not delivered').waitFor();
      await results.getByText('5.1.1 no such user').waitFor();
      await results.getByText('What to do').waitFor();
      flow.smtp.acceptRecipient('zhang.san@example.org');
    });

    it('to nobody where there is no contact of one’s own name, and says how to get one', async () => {
      const page = await open('/alert-groups/archive', { view: { locale: 'zh-CN', width: 390 } });
      await page.getByText('没有同名联系人').waitFor();
      expect(await page.getByRole('button', { name: '给我发测试消息' }).isDisabled()).toBe(true);
    });
  });

  it('speaks Chinese, on a phone', async () => {
    const page = await open('/alert-groups/archive', { view: { locale: 'zh-CN', width: 390 } });
    await page.getByRole('region', { name: '保存后的效果' }).getByText('不变').waitFor();
    await page.getByLabel('重复提醒间隔').fill('2h');
    await page.getByRole('button', { name: '保存', exact: true }).click();
    await page.getByText('已保存，立即生效。').waitFor();
    expect(await stored('archive')).toMatchObject({ policy: { repeat_interval: '2h' } });
    expect(await page.evaluate('document.documentElement.scrollWidth')).toBeLessThanOrEqual(390);
  });
});
