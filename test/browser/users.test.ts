/** Admins say who may come in; everybody else sees and may what their role says. */
import type { Browser, Page } from 'playwright-core';
import { enter, signIn, signInAs, startBrowser, type Visit, visit } from '../support/browser.ts';
import { bearer, send } from '../support/callers.ts';
import { needs } from '../support/needs.ts';
import { startService } from '../support/service.ts';
import { eventually } from '../support/wait.ts';
import { startWorld, type World } from './world.ts';

const password = 'correct horse battery';

/** Presses Tab until what has this name has the focus. */
async function tabTo(page: Page, name: string): Promise<void> {
  const focused = () =>
    page.evaluate(`document.activeElement?.getAttribute('aria-label') ?? document.activeElement?.textContent ?? ''`);
  for (let i = 0; i < 60; i++) {
    await page.keyboard.press('Tab');
    if ((await focused()) === name) return;
  }
  throw new Error(`the keyboard does not reach ${name}`);
}

needs('chromium')('users', () => {
  let browser: Browser;
  let world: World;
  let seen: Visit;
  let page: Page;
  beforeAll(async () => {
    [browser, world] = await Promise.all([startBrowser(), startWorld()]);
    await world.fire({ alertname: 'ReplicationStopped', team: 'db', severity: 'critical' });
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

  const at = (path: string) => signIn(page, `${world.s.url}${path}`);
  const person = (name: string, more: Record<string, unknown> = {}) =>
    world.s.api('POST', '/api/v1/users', { name, role: 'viewer', password, ...more });
  const userOf = (name: string) => world.s.api('GET', `/api/v1/users/${name}`);
  const row = (name: string) => page.getByRole('row').filter({ hasText: name });
  const dialog = () => page.getByRole('dialog');
  const save = () => dialog().getByRole('button', { name: 'Save' }).click();
  const incident = (on: Page) =>
    on.getByRole('article').filter({ has: on.getByRole('link', { name: 'ReplicationStopped' }) });
  const button = (on: Page, name: string) => incident(on).getByRole('button', { name, exact: true });

  it('are made with the keyboard alone, and can sign in then', async () => {
    await at('/users');
    await page.getByText('Who may sign in').waitFor();
    await tabTo(page, 'New user');
    await page.keyboard.press('Enter');
    await dialog().getByLabel('Name').waitFor();
    await page.locator('input:focus').waitFor();
    await page.keyboard.type('zhang.min');
    await page.keyboard.press('Tab');
    await page.keyboard.type('Zhang Min');
    await page.keyboard.press('Tab');
    await page.keyboard.press('Tab');
    await page.keyboard.press('ArrowDown');
    await page.keyboard.press('Tab');
    await page.keyboard.type(password);
    await tabTo(page, 'Save');
    await page.keyboard.press('Enter');
    await row('zhang.min').getByText('responder').waitFor();
    expect(await userOf('zhang.min')).toMatchObject({
      ...{ display_name: 'Zhang Min', email: null, role: 'responder', has_password: true },
    });
    await using other = await visit(browser);
    await signInAs(other.page, world.s.url, { name: 'zhang.min', password });
    await button(other.page, 'Acknowledge').waitFor();
    await button(other.page, 'Silence').waitFor();
    await other.page.getByRole('button', { name: 'Account' }).click();
    await other.page.getByText('Zhang Min · responder').waitFor();
  });

  it('who are viewers have no buttons and no pages for more', async () => {
    await person('viewer');
    await signInAs(page, world.s.url, { name: 'viewer', password });
    await incident(page).waitFor();
    const pages = await page.getByRole('navigation').getByRole('link').allTextContents();
    expect(pages).toEqual(expect.arrayContaining(['Now', 'Heartbeats', 'Deliveries']));
    expect(pages).not.toEqual(expect.arrayContaining(['Users and tokens']));
    expect(pages).not.toEqual(expect.arrayContaining(['Audit']));
    await page.getByRole('button', { name: 'Show the alerts' }).click();
    await incident(page).getByRole('link', { name: 'Prometheus' }).waitFor();
    expect(await incident(page).getByRole('button').allTextContents()).not.toContain('Acknowledge');
    expect(await incident(page).getByRole('button').allTextContents()).not.toContain('Silence');
    await incident(page).getByRole('link', { name: 'ReplicationStopped' }).first().click();
    await page.getByRole('region', { name: 'Alerts' }).getByText('ReplicationStopped').waitFor();
    expect(await page.getByRole('button', { name: /^(Acknowledge|Silence)$/ }).count()).toBe(0);
    for (const path of ['/users', '/audit']) {
      await page.goto(`${world.s.url}${path}`);
      await page.getByRole('heading', { name: 'This needs the role admin.' }).waitFor();
    }
  });

  it('are signed out everywhere when their role changes, and come back with the new one', async () => {
    await person('rising');
    await using other = await visit(browser);
    await signInAs(other.page, world.s.url, { name: 'rising', password });
    await at('/users');
    await page.getByRole('button', { name: 'Edit rising' }).click();
    await dialog().getByLabel('admin').check();
    await dialog().getByText('sign this person out everywhere').waitFor();
    await save();
    await row('rising').getByText('admin', { exact: true }).waitFor();
    await other.page.getByRole('link', { name: 'Heartbeats' }).click();
    await other.page.getByText('You have been signed out').waitFor();
    await signInAs(other.page, world.s.url, { name: 'rising', password });
    await other.page.getByRole('link', { name: 'Users and tokens' }).waitFor();
  });

  it('who are disabled do not get in', async () => {
    await person('leaving');
    await at('/users');
    await page.getByRole('button', { name: 'Edit leaving' }).click();
    await dialog().getByLabel('Disabled: may not sign in').check();
    await save();
    await row('leaving').getByText('Disabled').waitFor();
    await using other = await visit(browser);
    await other.page.goto(world.s.url);
    await other.page.getByLabel('Name').fill('leaving');
    await other.page.getByRole('textbox', { name: 'Password' }).fill(password);
    await other.page.keyboard.press('Enter');
    await other.page.getByRole('alert').getByText('That is not right').waitFor();
  });

  it('say at the field what is wrong, and keep what was typed', async () => {
    await person('taken');
    await at('/users');
    await page.getByRole('button', { name: 'New user' }).click();
    await dialog().getByLabel('Name').fill('taken');
    await dialog().getByLabel('Shown as').fill('Somebody else');
    await dialog().getByLabel('E-mail').fill('nowhere');
    await dialog().getByLabel('Password', { exact: true }).fill('short');
    await save();
    await dialog().getByText('This is no e-mail address.').waitFor();
    await dialog().getByText('At least 12 characters, at most 200.').waitFor();
    await dialog().getByLabel('E-mail').fill('somebody@example.org');
    await dialog().getByLabel('Password', { exact: true }).fill(password);
    await save();
    await dialog().getByText('There is a user of this name already.').first().waitFor();
    await dialog().getByLabel('Name').fill('not taken');
    await save();
    await dialog().getByText('with a letter or digit first.', { exact: false }).nth(1).waitFor();
    expect(await dialog().getByLabel('Shown as').inputValue()).toBe('Somebody else');
    await dialog().getByLabel('Name').fill('free');
    await save();
    await row('free').getByText('Somebody else').waitFor();
  });

  it('that two admins edit at once are not lost: the second one sees who was faster', async () => {
    await person('shared');
    await at('/users');
    await page.getByRole('button', { name: 'Edit shared' }).click();
    await world.s.api('PUT', '/api/v1/users/shared', { name: 'shared', role: 'viewer', email: 'shared@example.org' });
    await dialog().getByLabel('Shown as').fill('The second');
    await save();
    await dialog().getByText('admin has saved another version meanwhile').waitFor();
    await dialog().getByRole('button', { name: 'Save mine over it' }).click();
    await row('shared').getByText('The second').waitFor();
    expect(await userOf('shared')).toMatchObject({ display_name: 'The second', email: null, version: 3 });
  });

  it('are removed after a question', async () => {
    await person('former');
    await at('/users');
    await page.getByRole('button', { name: 'Remove former' }).click();
    await dialog().getByText('Remove former?').waitFor();
    await dialog().getByRole('button', { name: 'Remove' }).click();
    await row('former').waitFor({ state: 'detached' });
    await expect(userOf('former')).rejects.toThrow('404');
  });

  it('who are the last admin stay, and it is said why', async () => {
    await using s = await startService({ env: { MM_ADMIN_TOKEN: '' } });
    const boss = { name: 'boss', role: 'admin', password };
    const headers = bearer(s.service.adminToken?.token ?? '');
    expect((await send(s.url, 'users', { method: 'POST', headers, body: boss })).status).toBe(201);
    await signInAs(page, `${s.url}/users`, boss);
    await page.getByRole('table', { name: 'API tokens' }).getByRole('button', { name: 'Remove' }).click();
    await dialog().getByRole('button', { name: 'Remove' }).click();
    await page.getByText('There are no API tokens').waitFor();
    await page.getByRole('button', { name: 'Remove boss' }).click();
    await dialog().getByRole('button', { name: 'Remove' }).click();
    await page.getByRole('alert').getByText('This is the last admin who can sign in.').waitFor();
    await page.getByRole('button', { name: 'Edit boss' }).click();
    await dialog().getByLabel('viewer').check();
    await dialog().getByText('This is you. Saving it signs you out.').waitFor();
    await save();
    await dialog().getByText('This is the last admin who can sign in.').waitFor();
    expect(await dialog().getByLabel('viewer').isChecked()).toBe(true);
  });

  it('change their own password: here they stay signed in, elsewhere they do not', async () => {
    await person('careful');
    await using other = await visit(browser);
    await signInAs(other.page, world.s.url, { name: 'careful', password });
    await signInAs(page, world.s.url, { name: 'careful', password });
    await page.getByRole('button', { name: 'Account' }).click();
    await page.getByRole('menuitem', { name: 'Account' }).click();
    await page.getByRole('region', { name: 'You' }).getByText('as a user').waitFor();
    const next = 'another long password';
    const change = async (current: string, again: string) => {
      await page.getByLabel('Your password now').fill(current);
      await page.getByLabel('The new one *', { exact: true }).fill(next);
      await page.getByLabel('The new one again').fill(again);
      await page.getByRole('button', { name: 'Change the password' }).click();
    };
    await change(password, 'another lang password');
    await page.getByText('The two are not the same.').waitFor();
    await change('not that one', next);
    await page.getByText('This is not your password.').waitFor();
    expect(await page.getByLabel('The new one again').inputValue()).toBe(next);
    await change(password, next);
    await page.getByText('Your password is changed').waitFor();
    await page.getByRole('link', { name: 'Heartbeats' }).click();
    await page.getByRole('heading', { name: 'Heartbeats' }).waitFor();
    await other.page.getByRole('link', { name: 'Deliveries' }).click();
    await other.page.getByText('You have been signed out').waitFor();
    await signInAs(other.page, world.s.url, { name: 'careful', password: next });
    await incident(other.page).waitFor();
  });

  it('who came with a token are told that it has no password', async () => {
    await at('/account');
    await page.getByText('with the admin token of the settings').waitFor();
    await page.getByText('The admin token has no password.').waitFor();
    expect(await page.getByLabel('Your password now').count()).toBe(0);
  });
});

needs('chromium')('API tokens', () => {
  it('are shown once, work as far as they may, and no longer when they are removed', async () => {
    await using world = await startWorld();
    const browser = await startBrowser();
    try {
      await using seen = await visit(browser);
      const { page, context } = seen;
      await context.grantPermissions(['clipboard-read', 'clipboard-write']);
      await page.goto(`${world.s.url}/users`);
      await enter(page);
      await page.getByRole('button', { name: 'New token' }).click();
      const dialog = page.getByRole('dialog');
      await dialog.getByLabel('What it is for').fill('dashboard');
      await dialog.getByLabel('Only these').check();
      await dialog.getByRole('button', { name: 'Make the token' }).click();
      await dialog.getByText('Choose at least one.').waitFor();
      await dialog.getByLabel('incidents', { exact: true }).check();
      await dialog.getByLabel('and of these only read').check();
      await dialog.getByText('30 days').click();
      await dialog.getByRole('button', { name: 'Make the token' }).click();
      const token = (await dialog.getByRole('region', { name: 'The new token' }).textContent()) ?? '';
      await dialog.getByText('shown only this once').waitFor();
      // Another browser of this machine may copy something in between.
      await eventually(async () => {
        await dialog.getByRole('button', { name: /^Cop/ }).click();
        return (await page.evaluate('navigator.clipboard.readText()')) === token;
      });
      const statusOf = async (path: string) => (await send(world.s.url, path, { headers: bearer(token) })).status;
      expect([await statusOf('incidents'), await statusOf('contacts')]).toEqual([200, 403]);
      await dialog.getByRole('button', { name: 'Close' }).last().click();
      const row = page.getByRole('row').filter({ hasText: 'dashboard' });
      await row.getByText('only read: incidents').waitFor();
      await row.getByText('in 30 d').waitFor();
      await page.reload();
      await row.waitFor();
      expect(await page.content()).not.toContain(token);
      await row.getByRole('button', { name: 'Remove dashboard' }).click();
      await dialog.getByRole('button', { name: 'Remove' }).click();
      await page.getByText('There are no API tokens').waitFor();
      expect(await statusOf('incidents')).toBe(401);
      expect(seen.faults).toEqual([]);
    } finally {
      await browser.close();
    }
  });
});
