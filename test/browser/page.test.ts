/** An on-call engineer with the page in front of them. */
import type { Browser, Page } from 'playwright-core';
import { enter, signIn, startBrowser, type Visit, visit } from '../support/browser.ts';
import { needs } from '../support/needs.ts';
import { eventually } from '../support/wait.ts';
import { fill, startWorld, type World } from './world.ts';

needs('chromium')('the page', () => {
  let browser: Browser;
  let world: World;
  beforeAll(async () => {
    [browser, world] = await Promise.all([startBrowser(), startWorld()]);
    await fill(world);
  });
  afterAll(async () => {
    await browser?.close();
    await world?.[Symbol.asyncDispose]();
  });

  let seen: Visit;
  let page: Page;
  beforeEach(async () => {
    seen = await visit(browser);
    page = seen.page;
  });
  afterEach(async () => {
    expect(seen.faults).toEqual([]);
    await seen.context.close();
  });

  const at = (path = '/') => signIn(page, `${world.s.url}${path}`);
  const card = (name: string) =>
    page.getByRole('article').filter({ has: page.getByRole('link', { name, exact: true }) });
  const incidentOf = async (group: string, name: string) => {
    const { items } = await world.s.api<{
      items: { id: string; state: string; group_labels: Record<string, string> }[];
    }>('GET', `/api/v1/incidents?group=${group}`);
    return items.find((item) => item.group_labels['alertname'] === name);
  };

  it('lets in nobody with a wrong token, says where the first one lies, and never shows it', async () => {
    await page.goto(world.s.url);
    await page.getByText('in the file admin-token').waitFor();
    await page.getByLabel('API token').fill('not-the-token');
    await page.getByRole('button', { name: 'Sign in with the token' }).click();
    await page.getByRole('alert').getByText('That is not right').waitFor();
  });

  it('opens at the address that was asked for, also after the session has ended there', async () => {
    await at('/heartbeats');
    await page.getByRole('heading', { name: 'Heartbeats' }).waitFor();
    await page.route('**/api/v1/**', (route) => route.fulfill({ status: 401, body: '{}' }));
    await page.getByRole('link', { name: 'Deliveries' }).click();
    await page.getByText('You have been signed out').waitFor();
    await page.unroute('**/api/v1/**');
    await enter(page);
    await page.getByRole('heading', { name: 'Deliveries' }).waitFor();
  });

  it('keeps what is being typed when the session ends meanwhile, for whoever typed it', async () => {
    const { token } = await world.s.api<{ token: string }>('POST', '/api/v1/tokens', { name: 'other', role: 'editor' });
    await at('/people/contacts/new');
    const field = page.getByRole('textbox', { name: 'Name', exact: true });
    const end = async () => {
      await page.route('**/api/v1/**', (route) => route.fulfill({ status: 401, body: '{}' }));
      // Not a click of the mouse: the page may have noticed by itself already, and take none beside its question.
      await page.getByRole('button', { name: 'Save' }).dispatchEvent('click');
      await page.getByText('You have been signed out').waitFor();
      await page.unroute('**/api/v1/**');
    };
    await field.fill('half a name');
    await end();
    await enter(page);
    expect(await field.inputValue()).toBe('half a name');
    await end();
    await enter(page, token);
    await eventually(async () => (await field.inputValue()) === '');
  });

  it('keeps nothing in any tab once somebody has signed out in one of them, not even a token shown once', async () => {
    await at('/users');
    await page.getByRole('button', { name: 'New token' }).click();
    await page.getByLabel('What it is for').fill('a script');
    await page.getByRole('button', { name: 'Make the token' }).click();
    const token = String(await page.getByRole('region', { name: 'The new token' }).textContent());
    const other = await seen.context.newPage();
    await other.goto(world.s.url);
    await other.getByRole('button', { name: 'Account' }).click();
    await other.getByRole('menuitem', { name: 'Sign out' }).click();
    await page.locator('#content').waitFor({ state: 'detached' });
    expect(await page.content()).not.toContain(token);
    expect(await page.getByText('You have been signed out').count()).toBe(0);
    await enter(page);
    await page.getByRole('row').filter({ hasText: 'a script' }).waitFor();
    expect(await page.content()).not.toContain(token);
  });

  it('asks for nothing by itself while the session is over, and again afterwards', async () => {
    let asked = 0;
    page.on('request', (request) => (asked += Number(request.url().endsWith('/api/v1/sources?limit=500'))));
    await page.clock.install();
    await at('/sources');
    await page.getByRole('heading', { name: 'Sources' }).waitFor();
    await page.route('**/api/v1/**', (route) => route.fulfill({ status: 401, body: '{}' }));
    await page.clock.runFor(10_000);
    await page.getByText('You have been signed out').waitFor();
    asked = 0;
    await page.clock.runFor(60_000);
    expect(asked).toBe(0);
    await page.unroute('**/api/v1/**');
    await enter(page);
    await page.getByText('Live', { exact: true }).waitFor();
    await eventually(() => asked > 0);
    asked = 0;
    await page.clock.runFor(10_000);
    await eventually(() => asked > 0);
  });

  it('goes on working when another tab of the browser has signed in again', async () => {
    await at();
    await card('ReplicationStopped').waitFor();
    await seen.context.clearCookies();
    await signIn(await seen.context.newPage(), `${world.s.url}/heartbeats`);
    await card('ReplicationStopped').getByRole('button', { name: 'Acknowledge', exact: true }).click();
    await card('ReplicationStopped').getByText('Acknowledged by').waitFor();
    await card('ReplicationStopped').getByRole('button', { name: 'Unacknowledge' }).click();
    await card('ReplicationStopped').getByRole('button', { name: 'Acknowledge', exact: true }).waitFor();
  });

  it('shows a new incident by itself, with its severity as a word', async () => {
    await at();
    await page.getByText('Live', { exact: true }).waitFor();
    await world.fire({ alertname: 'LinkDown', team: 'db', severity: 'warning' });
    await card('LinkDown').getByText('Warning').waitFor();
  });

  it('acknowledges an incident, and takes it back', async () => {
    await at();
    await card('ReplicationStopped').getByRole('button', { name: 'Acknowledge', exact: true }).click();
    await card('ReplicationStopped').getByText('Acknowledged by').waitFor();
    expect(await incidentOf('database', 'ReplicationStopped')).toMatchObject({ state: 'acknowledged' });
    await card('ReplicationStopped').getByRole('button', { name: 'Unacknowledge' }).click();
    await card('ReplicationStopped').getByRole('button', { name: 'Acknowledge', exact: true }).waitFor();
    expect(await incidentOf('database', 'ReplicationStopped')).toMatchObject({ state: 'open' });
  });

  it('silences an incident with a reason, after it has said how much that hides', async () => {
    await world.fire({ alertname: 'NoisyNeighbour', team: 'platform', severity: 'info' });
    await at();
    await card('NoisyNeighbour').getByRole('button', { name: 'Silence' }).click();
    const dialog = page.getByRole('dialog');
    await dialog.getByText('Hides 1 alert now, 0 of them critical.').waitFor();
    await dialog.getByRole('button', { name: 'Silence' }).click();
    await dialog.getByText('Say why').waitFor();
    await dialog.getByText('4 hours').click();
    await dialog.getByLabel('Why').fill('moving to another host');
    const more = await dialog.getByRole('link', { name: 'More choices' }).getAttribute('href');
    // It is made once all the same.
    await dialog.getByRole('button', { name: 'Silence' }).dblclick();
    await card('NoisyNeighbour').getByText('Silenced until').waitFor();
    const { items } = await world.s.api<{ items: Record<string, unknown>[] }>('GET', '/api/v1/silences');
    const matchers = ['alertname="NoisyNeighbour"', 'team="platform"', 'severity="info"'];
    expect(items).toMatchObject([{ matchers, comment: 'moving to another host' }]);
    await page.goto(`${world.s.url}${more}`);
    expect(await page.getByLabel('Why').inputValue()).toBe('moving to another host');
    expect(await page.getByLabel('For how long').inputValue()).toBe('4h');
    expect(await page.getByLabel('Value').first().inputValue()).toBe('NoisyNeighbour');
  });

  it('asks before a link leads away from what is typed', async () => {
    await at('/people/contacts/new');
    const field = page.getByRole('textbox', { name: 'Name', exact: true });
    await page.getByRole('link', { name: 'Sources' }).click();
    await page.getByRole('heading', { name: 'Sources' }).waitFor();
    await page.goBack();
    await field.fill('half a name');
    await page.getByRole('link', { name: 'Sources' }).click();
    await page.getByRole('dialog').getByRole('button', { name: 'Cancel' }).click();
    await page.getByRole('dialog').waitFor({ state: 'detached' });
    expect(await field.inputValue()).toBe('half a name');
    await page.getByRole('link', { name: 'Sources' }).click();
    await page.getByRole('dialog').getByRole('button', { name: 'Leave' }).click();
    await page.getByRole('heading', { name: 'Sources' }).waitFor();
  });

  it('makes an admin say twice that a silence hides everything critical', async () => {
    await at();
    await card('ReplicationStopped').getByRole('button', { name: 'Silence' }).click();
    const dialog = page.getByRole('dialog');
    for (const label of ['alertname', 'team']) await dialog.getByRole('button', { name: `Remove ${label}` }).click();
    await dialog.getByLabel('I know that this hides every critical alert').waitFor();
    expect(await dialog.getByRole('button', { name: 'Silence' }).isDisabled()).toBe(true);
    await dialog.getByLabel('I know that this hides every critical alert').check();
    expect(await dialog.getByRole('button', { name: 'Silence' }).isEnabled()).toBe(true);
  });

  it('keeps matchers as chips in the address, and says what is none', async () => {
    await at();
    await card('DiskFills').waitFor();
    await page.getByLabel('Filter', { exact: true }).fill('severity=~crit.*');
    await page.keyboard.press('Enter');
    await card('DiskFills').waitFor({ state: 'detached' });
    await card('ReplicationStopped').waitFor();
    expect(new URL(page.url()).searchParams.getAll('filter')).toEqual(['severity=~"crit.*"']);
    await page.getByLabel('Filter', { exact: true }).fill('disk');
    await page.keyboard.press('Enter');
    await card('ReplicationStopped').waitFor({ state: 'detached' });
    await page.getByRole('button', { name: 'Remove the filter alertname' }).click();
    await card('ReplicationStopped').waitFor();
    await page.getByLabel('Filter', { exact: true }).fill('what is this');
    await page.keyboard.press('Enter');
    await page.getByText('Not a matcher: what is this').waitFor();
    await page.getByRole('button', { name: 'Remove the filter severity=~"crit.*"' }).click();
    await card('DiskFills').waitFor();
  });

  it('leads from an incident to its alerts, to Prometheus and to the runbook', async () => {
    await at();
    await card('ReplicationStopped').getByRole('button', { name: 'Show the alerts' }).click();
    const link = (name: string) => card('ReplicationStopped').getByRole('link', { name });
    expect(await link('Prometheus').getAttribute('href')).toBe('http://prometheus.example:9090/graph?g0.expr=up');
    expect(await link('Runbook').getAttribute('href')).toBe('https://runbooks.example.org/replication');
    expect(await link('Runbook').getAttribute('rel')).toBe('noopener noreferrer');
  });

  it('tells of an incident who was told what, and what came back', async () => {
    const incident = await incidentOf('database', 'ReplicationStopped');
    await at(`/incidents/${incident?.id}`);
    const messages = page.getByRole('region', { name: 'Messages' });
    await messages.getByText('li.wei').first().waitFor();
    await messages.getByRole('button', { name: 'Show the message' }).first().click();
    await messages.getByRole('heading', { name: 'The message' }).waitFor();
    await page.getByRole('region', { name: 'What happened' }).getByText('It matched alert group database').waitFor();
    await page.getByRole('region', { name: 'Alerts' }).getByRole('link', { name: 'ReplicationStopped' }).click();
    await page.getByRole('heading', { name: 'Why did I, or didn’t I, get this?' }).waitFor();
    await page.getByRole('region', { name: 'Who reports it' }).getByText('az-a').waitFor();
  });

  it('searches what was sent', async () => {
    await at('/deliveries');
    const search = page.getByLabel('Name, address, answer');
    await search.fill('li.wei@example.org');
    await page.getByRole('article').first().getByText('Kept in the outbox').waitFor();
    await search.fill('nobody@example.org');
    await page.getByText('No message fits').waitFor();
    expect(new URL(page.url()).searchParams.get('q')).toBe('nobody@example.org');
  });

  it('narrows to one alert group by a click on its name, and is found so by its address', async () => {
    await at();
    await card('ReplicationStopped').getByRole('button', { name: 'database' }).click();
    await page.getByText('Alert group database').waitFor();
    expect(new URL(page.url()).searchParams.get('group')).toBe('database');
    await page.getByRole('button', { name: 'Show all alert groups' }).click();
    expect(new URL(page.url()).search).toBe('');
    await page.goto(`${world.s.url}/?group=platform`);
    await page.getByText('Alert group platform').waitFor();
    await card('ReplicationStopped').waitFor({ state: 'detached' });
  });

  it('acknowledges one incident after another as fast as somebody types, and each of them once', async () => {
    for (const name of ['OneOfTwo', 'TwoOfTwo'])
      await world.fire({ alertname: name, team: 'platform', severity: 'info' });
    await at(`/?filter=${encodeURIComponent('alertname=~".*OfTwo"')}`);
    for (const name of ['OneOfTwo', 'TwoOfTwo']) await card(name).waitFor();
    let asked = 0;
    await page.route('**/api/v1/incidents/*/acknowledge', async (route) => {
      asked++;
      await eventually(() => asked > 1);
      await route.fallback();
    });
    for (const key of ['j', 'a', 'a', 'j', 'a']) await page.keyboard.press(key);
    for (const name of ['OneOfTwo', 'TwoOfTwo']) await card(name).getByText('Acknowledged by').waitFor();
    expect(asked).toBe(2);
  });

  it('is worked with the keyboard alone', async () => {
    await at();
    await card('ReplicationStopped').waitFor();
    await page.keyboard.press('/');
    await page.keyboard.type('alertname="DiskFills"');
    await page.keyboard.press('Enter');
    await page.getByRole('article').nth(1).waitFor({ state: 'detached' });
    await page.keyboard.press('Escape');
    await page.keyboard.press('j');
    await page.keyboard.press('e');
    await card('DiskFills').getByText('instance=').first().waitFor();
    await page.keyboard.press('a');
    await card('DiskFills').getByText('Acknowledged by').waitFor();
    await page.keyboard.press('?');
    await page.getByRole('dialog').getByText('Acknowledge or unacknowledge').waitFor();
    await page.keyboard.press('Escape');
    await page.getByRole('dialog').waitFor({ state: 'detached' });
    await page.locator('a:focus', { hasText: 'DiskFills' }).waitFor();
    await page.keyboard.press('Enter');
    await page.getByRole('heading', { level: 1, name: 'DiskFills' }).waitFor();
  });
});
