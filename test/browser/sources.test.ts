/** An admin who lets Alertmanagers post, changes their tokens, and looks why one does not arrive. */
import type { Browser, Page } from 'playwright-core';
import { parse } from 'yaml';
import { signIn, startBrowser, type View, type Visit, visit } from '../support/browser.ts';
import { handClock } from '../support/clock.ts';
import { needs } from '../support/needs.ts';
import { payload } from '../support/payload.ts';
import { startService, type TestService } from '../support/service.ts';
import { eventually } from '../support/wait.ts';

/** What the receiver of `alertmanager.yml` says. */
interface Receiver {
  url: string;
  http_config: { authorization: { credentials: string } };
}

needs('chromium')('sources', () => {
  let browser: Browser;
  let s: TestService;
  beforeAll(async () => {
    [browser, s] = await Promise.all([startBrowser(), startService({ clock: handClock(new Date()) })]);
  });
  afterAll(async () => {
    await browser?.close();
    await s?.[Symbol.asyncDispose]();
  });

  let seen: Visit;
  let page: Page;
  const open = async (path = '/sources', view: View = {}) => {
    seen = await visit(browser, view);
    await seen.context.grantPermissions(['clipboard-read', 'clipboard-write']);
    page = seen.page;
    await signIn(page, `${s.url}${path}`);
  };
  afterEach(async () => {
    expect(seen.faults).toEqual([]);
    await seen.context.close();
  });

  const button = (name: string | RegExp) => page.getByRole('button', { name, exact: true });
  const fact = (name: string) =>
    page.getByRole('region', { name: 'What it does' }).locator(`dt:text-is("${name}") + dd`);
  const receiverShown = () => page.getByRole('region', { name: 'For alertmanager.yml' });
  const make = (name: string, more: object = {}) =>
    s.api<{ token: string }>('POST', '/api/v1/sources', { name, ...more });
  const alert = { labels: { alertname: 'DiskFull' }, startsAt: new Date() };
  const post = async (token: string, alerts: Parameters<typeof payload>[0] = [alert]) => {
    // Until then a token that was just made is not known, and one that was just ended still is.
    await s.service.settle();
    const answer = await s.post(token, payload(alerts));
    await s.service.settle();
    return answer.status;
  };
  /** Presses the button that copies, and reads what was copied. */
  const copied = async (region: string) => {
    // Before it is read, only the section around it has that name, and beside that stands the token.
    const box = page.locator(`section[aria-label="${region}"]:has(> pre)`).locator('..');
    const shown = (await box.locator('pre').textContent()) ?? '';
    // That it was copied is said for two seconds only, which a busy machine can miss; what was copied stays, until
    // another browser of this machine copies something.
    await eventually(async () => {
      await box.getByRole('button', { name: /^Cop/ }).click();
      return (await page.evaluate<string>('navigator.clipboard.readText()')) === shown;
    });
    return shown;
  };
  const receiverIn = (text: string) =>
    (parse(text) as { receivers: { webhook_configs: Receiver[] }[] }).receivers[0]?.webhook_configs[0] as Receiver;

  it('a new one shows once what its Alertmanager needs, and then that it posts', async () => {
    await open();
    await page.getByRole('link', { name: 'New source' }).click();
    await page.getByLabel('Source').fill('az-a');
    await page.getByLabel('Site').fill('shanghai');
    await page.getByLabel('Members').fill('am-0:9093\nam-1:9093');
    await button('Add a label').click();
    await page.getByLabel('Label', { exact: true }).fill('az');
    await page.getByLabel('Value').fill('a');
    await button('Save').click();
    await page.getByRole('heading', { name: 'az-a is made' }).waitFor();
    const token = await copied('Token');
    const receiver = receiverIn(await copied('For alertmanager.yml'));
    expect(receiver.http_config.authorization.credentials).toBe(token);
    expect(await s.api('GET', '/api/v1/sources/az-a')).toMatchObject({
      ...{ site: 'shanghai', members: ['am-0:9093', 'am-1:9093'], labels: { az: 'a' }, token_count: 1 },
    });
    await page.getByRole('link', { name: 'Go to the source' }).click();
    await fact('State').getByText('Never posted').waitFor();
    expect(await page.content()).not.toContain(token);
    await receiverShown().getByText('<token>').first().waitFor();
    const answer = await fetch(`${s.url}${new URL(receiver.url).pathname}`, {
      method: 'POST',
      headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
      body: JSON.stringify(payload([alert])),
    });
    expect(answer.status).toBe(200);
    await fact('State').getByText('Posts').waitFor();
    await fact('Last post').getByText('never').waitFor({ state: 'detached' });
    await fact('A minute').getByText('1 post, 1 alert').waitFor();
  });

  it('a new Prometheus shows once what to paste into prometheus.yml, with which it posts', async () => {
    await open('/sources/new');
    await page.getByLabel('Source').fill('prom');
    await page.getByRole('combobox', { name: 'Posts come from' }).click();
    await page.getByRole('option', { name: 'Prometheus, without an Alertmanager' }).click();
    await button('Save').click();
    await page.getByRole('heading', { name: 'prom is made' }).waitFor();
    const pasted = parse(await copied('For prometheus.yml')) as {
      alerting: { alertmanagers: { authorization: { credentials: string } }[] };
    };
    const token = pasted.alerting.alertmanagers[0]?.authorization.credentials;
    expect(await s.api('GET', '/api/v1/sources/prom')).toMatchObject({ kind: 'prometheus', token_count: 1 });
    await page.getByRole('link', { name: 'Go to the source' }).click();
    const about = page.getByRole('region', { name: 'About' });
    await about.getByText('Prometheus, without an Alertmanager').waitFor();
    const answer = await fetch(`${s.url}/api/v2/alerts`, {
      method: 'POST',
      headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
      body: JSON.stringify([{ labels: { alertname: 'DiskFull' } }]),
    });
    expect(answer.status).toBe(200);
    await fact('State').getByText('Posts').waitFor();
  });

  it('changes its token in three steps, and no post is lost on the way', async () => {
    const { token: old } = await make('rotated');
    await open('/sources/rotated');
    await page.getByText('1 token is valid.').waitFor();
    expect(await button(/^End/).count()).toBe(0);
    await button('Add a token').click();
    const fresh = await copied('Token');
    expect(receiverIn(await copied('For alertmanager.yml')).http_config.authorization.credentials).toBe(fresh);
    await page.getByText('2 tokens are valid.').waitFor();
    expect([await post(old), await post(fresh)]).toEqual([200, 200]);
    await page.getByRole('region', { name: 'Tokens' }).getByText('Last post: never').waitFor({ state: 'detached' });
    await button('End the old token').click();
    await page.getByRole('dialog').getByText('refused at once').waitFor();
    await page.getByRole('dialog').getByRole('button', { name: 'End the old token' }).click();
    await page.getByText('1 token is valid.').waitFor();
    expect([await post(old), await post(fresh)]).toEqual([401, 200]);
    await page.reload();
    await page.getByText('1 token is valid.').waitFor();
    expect(await page.content()).not.toContain(fresh);
  });

  it('says what it could not understand, and why', async () => {
    const { token } = await make('broken');
    expect(await post(token, [alert, { labels: { alertname: '<b>Half</b>' }, startsAt: 'yesterday' }])).toBe(200);
    await open();
    const row = page.getByRole('row').filter({ hasText: 'broken' });
    await row.getByText('1 alert in 24 h').waitFor();
    await row.getByText('startsAt').first().waitFor();
    await row.getByRole('link', { name: 'broken' }).click();
    await button('Show what was set aside').click();
    const set = page.getByRole('list', { name: 'Alerts that could not be understood' }).getByRole('listitem');
    await set.getByText('startsAt').first().waitFor();
    await set.getByText('<b>Half</b>').waitFor();
  });

  it('is not removed while a heartbeat names it; once removed it comes back with a new token', async () => {
    const { token } = await make('leaving');
    await s.api('POST', '/api/v1/heartbeats', { name: 'beat', source: 'leaving', matchers: ['alertname="Watchdog"'] });
    await open('/sources/leaving');
    await button('Remove').click();
    await page.getByRole('dialog').getByText('beat').waitFor();
    await s.api('DELETE', '/api/v1/heartbeats/beat');
    await page.getByRole('dialog').getByText('Its tokens are refused at once').waitFor();
    await page.getByRole('dialog').getByRole('button', { name: 'Remove' }).click();
    await page.getByRole('heading', { level: 1, name: 'Sources' }).waitFor();
    expect(await post(token)).toBe(401);
    await page.goto(`${s.url}/sources/leaving`);
    await button('Restore version 1').click();
    await page.getByRole('dialog').getByRole('button', { name: 'Restore' }).click();
    await page.getByText('the token is shown this once').waitFor();
    expect(await post(await copied('Token'))).toBe(200);
  });

  it('two who edit the same one hear of each other', async () => {
    await make('contested', { site: 'here' });
    await open('/sources/contested');
    await button('Edit').click();
    await page.getByLabel('Site').fill('mine');
    await s.api('PUT', '/api/v1/sources/contested', { name: 'contested', site: 'theirs' });
    await button('Save').click();
    await page.getByRole('alert').locator('ins').getByText('theirs').waitFor();
    await button('Save mine over it').click();
    await page.getByRole('region', { name: 'About' }).getByText('mine').waitFor();
    expect(await s.api('GET', '/api/v1/sources/contested')).toMatchObject({ site: 'mine', token_count: 1 });
  });

  it('a viewer sees how it fares, and no button that changes it', async () => {
    await make('watched');
    const viewer = await s.api<{ token: string }>('POST', '/api/v1/tokens', { name: 'guest', role: 'viewer' });
    seen = await visit(browser);
    page = seen.page;
    await signIn(page, `${s.url}/sources`, viewer.token);
    await page.getByRole('link', { name: 'watched' }).click();
    await receiverShown().getByText('<token>').first().waitFor();
    await page.getByRole('list', { name: 'Versions' }).getByText('Version 1').waitFor();
    const names = await page.locator('main').getByRole('button').allTextContents();
    expect(names).toEqual(['Show what was set aside', 'Copy']);
  });

  it('is made with the keyboard alone, in Chinese, on a phone', async () => {
    await open('/sources', { locale: 'zh-CN', width: 390 });
    await page.getByRole('link', { name: '新建来源' }).focus();
    await page.keyboard.press('Enter');
    await page.locator('input:focus').waitFor();
    await page.keyboard.type('with:colon');
    await page.keyboard.press('Enter');
    await page.locator('[aria-invalid="true"]').waitFor();
    await page.getByLabel('来源').focus();
    await page.keyboard.press('ControlOrMeta+a');
    await page.keyboard.type('beijing-a');
    await page.keyboard.press('Enter');
    await page.getByText('令牌只显示这一次').waitFor();
    expect(await page.evaluate('document.documentElement.scrollWidth')).toBeLessThanOrEqual(390);
  });
});
