/** The page behind a reverse proxy, on a bad line, and with very much to show. */
import { createServer, request, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Browser, Page } from 'playwright-core';
import { enter, show, signIn, startBrowser, visit } from '../support/browser.ts';
import { needs } from '../support/needs.ts';
import { startProxy } from '../support/proxy.ts';
import { eventually } from '../support/wait.ts';
import { startWorld, type World } from './world.ts';

interface ReverseProxy {
  server: Server;
  url: string;
  /** How many pages listen for events just now. */
  listeners: () => number;
}

/** As nginx does it: takes the path off, and passes the rest on. */
async function startReverseProxy(target: string, prefix: string): Promise<ReverseProxy> {
  let listeners = 0;
  const server = createServer((req, res) => {
    if (req.url?.endsWith('api/v1/events')) {
      listeners++;
      res.on('close', () => listeners--);
    }
    if (!req.url?.startsWith(prefix)) return void res.writeHead(404).end('not below the path');
    const url = new URL(`/${req.url.slice(prefix.length)}`, target);
    const passed = request(url, { method: req.method, headers: req.headers }, (answer) => {
      res.writeHead(answer.statusCode ?? 502, answer.headers);
      answer.pipe(res);
    });
    passed.on('error', () => res.destroy());
    res.on('close', () => passed.destroy());
    req.pipe(passed);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}${prefix}`;
  return { server, url, listeners: () => listeners };
}

/** Scrolls on until an expression holds in the page. */
const scrollUntil = (page: Page, holds: string) =>
  page.evaluate(`new Promise((done, fail) => {
    const last = performance.now() + 60_000;
    const step = () => {
      if (${holds}) done();
      else if (performance.now() > last) fail(new Error('scrolled for a minute'));
      else (scrollBy(0, 400), setTimeout(step, 20));
    };
    step();
  })`);

const goTo = (page: Page, name: string) => page.getByRole('link', { name, exact: true }).click();

/** Each with two alerts: to look through all of them takes a search several pages. */
const manyIncidents = `
  with made as (
    insert into incident (group_id, group_key, group_labels, lane, opened_at, decided_version)
    select g.id, 'many ' || n, jsonb_build_object('alertname', 'Many' || n), 'normal', $1, 1
    from generate_series($2::int, $2::int + 999) n, (select id from alert_group where name = 'database') g
    returning id, group_key),
  fired as (
    insert into alert (fingerprint, labels, lane, state, episode, since, changed_at, first_seen, routed_version)
    select group_key || twin, jsonb_build_object('alertname', group_key, 'team', 'db', 'severity', 'warning'), 'normal', 'firing', 1,
      $1, $1, $1, v.version
    from made, config_version v, unnest(array[' a', ' b']) twin returning fingerprint, labels->>'alertname' as name)
  insert into incident_alert (incident_id, alert_fingerprint, joined_at)
  select made.id, fired.fingerprint, $1 from made join fired on fired.name = made.group_key`;

needs('chromium')('the page', () => {
  let browser: Browser;
  let world: World;
  beforeAll(async () => {
    [browser, world] = await Promise.all([startBrowser(), startWorld()]);
  });
  afterAll(async () => {
    await browser?.close();
    await world?.[Symbol.asyncDispose]();
  });

  it('works below the path of a reverse proxy, from wherever it is opened there', async () => {
    const proxy = await startReverseProxy(world.s.url, '/some/path/');
    try {
      await using seen = await visit(browser);
      const { page } = seen;
      // The newest is the first, whatever else is there.
      await world.fire({ alertname: 'LinkDown', team: 'db', severity: 'warning' });
      await page.goto(proxy.url);
      await enter(page);
      await goTo(page, 'LinkDown');
      await page.getByRole('region', { name: 'Alerts' }).getByText('LinkDown').waitFor();
      expect(page.url()).toMatch(/\/some\/path\/incidents\/\d+$/);
      await page.reload();
      await page.getByRole('region', { name: 'Alerts' }).getByText('LinkDown').waitFor();
      await goTo(page, 'Heartbeats');
      await page.getByText('No heartbeat yet').waitFor();
      expect(page.url()).toBe(`${proxy.url}heartbeats`);
      expect(seen.faults).toEqual([]);
    } finally {
      proxy.server.closeAllConnections();
      proxy.server.close();
    }
  });

  it('says that it is not live while the line is cut, and shows what it missed when it is back', async () => {
    await using line = await startProxy({ target: world.s.url });
    await using seen = await visit(browser);
    const { page } = seen;
    await signIn(page, line.urlOf(world.s.url));
    await page.getByText('Live', { exact: true }).waitFor();
    line.cut();
    await page.getByText('Reconnecting').waitFor();
    await world.fire({ alertname: 'WhileAway', team: 'db', severity: 'warning' });
    line.heal();
    await page.getByText('Live', { exact: true }).waitFor();
    await page.getByRole('link', { name: 'WhileAway' }).waitFor();
  });

  it('holds no connection while nobody can see it, and shows what it missed when somebody does', async () => {
    const proxy = await startReverseProxy(world.s.url, '/');
    try {
      await using seen = await visit(browser);
      const { page } = seen;
      await signIn(page, proxy.url);
      await page.getByText('Live', { exact: true }).waitFor();
      expect(proxy.listeners()).toBe(1);
      await show(page, 'hidden');
      await eventually(() => proxy.listeners() === 0);
      await world.fire({ alertname: 'WhileHidden', team: 'db', severity: 'warning' });
      await show(page, 'visible');
      await page.getByText('Live', { exact: true }).waitFor();
      await page.getByRole('link', { name: 'WhileHidden' }).waitFor();
      expect(proxy.listeners()).toBe(1);
      expect(seen.faults).toEqual([]);
    } finally {
      proxy.server.closeAllConnections();
      proxy.server.close();
    }
  });

  it('takes what is no answer of the service for none', async () => {
    await using seen = await visit(browser);
    const { page } = seen;
    await signIn(page, world.s.url);
    const lists = '**/api/v1/incidents?*';
    await page.route(lists, (route) =>
      route.fulfill({ contentType: 'text/html', body: '<h1>Sign in to the network</h1>' }),
    );
    await page.reload();
    await page.getByText('Monitor Manager does not answer.').waitFor();
    await page.unroute(lists);
    await page.getByRole('button', { name: 'Try again' }).click();
    await page.getByText('Monitor Manager does not answer.').waitFor({ state: 'detached' });
    expect(seen.faults).toEqual([]);
  });

  it('keeps what is being typed when something cannot be read again', async () => {
    const { id } = await world.s.api<{ id: string }>('POST', '/api/v1/silences', {
      ...{ matchers: ['team="nobody"'], duration: '2h', comment: 'before' },
    });
    await world.s.api('POST', '/api/v1/time-intervals', { name: 'nights', time_intervals: [{ weekdays: ['monday'] }] });
    for (const [path, field] of [
      [`silences/${id}`, 'Why'],
      ['time-intervals/nights', 'Name'],
    ] as const) {
      await using seen = await visit(browser);
      const { page } = seen;
      await signIn(page, `${world.s.url}/${path}`);
      await page.getByText('Live', { exact: true }).waitFor();
      await page.getByRole('button', { name: 'Edit' }).click();
      await page.getByRole('textbox', { name: field, exact: true }).fill('half a word');
      const api = `**/api/v1/${path}`;
      await page.route(api, (route) => route.fulfill({ status: 502, body: '<h1>Bad gateway</h1>' }));
      await world.s.api('POST', '/api/v1/contacts', { name: `news of ${field}`, email: 'news@example.org' });
      await page.getByText('it could not be read again').waitFor();
      await page.unroute(api);
      await page.getByRole('button', { name: 'Try again' }).click();
      await page.getByText('it could not be read again').waitFor({ state: 'detached' });
      expect(await page.getByRole('textbox', { name: field, exact: true }).inputValue()).toBe('half a word');
      expect(seen.faults).toEqual([]);
    }
  });
});

/** Nobody reports these alerts: with the first one that somebody does report, they would end. So they have a world of their own. */
needs('chromium')('the page with very much to show', () => {
  let browser: Browser;
  let world: World;
  beforeAll(async () => {
    [browser, world] = await Promise.all([startBrowser(), startWorld()]);
    const { db } = world.s.service;
    // One statement for all of them may take a busy machine longer than a statement may.
    for (let first = 1; first <= 10_000; first += 1_000) await db.query(manyIncidents, [world.s.clock.now(), first]);
    await db.query('analyze incident, alert, incident_alert', []);
  });
  afterAll(async () => {
    await browser?.close();
    await world?.[Symbol.asyncDispose]();
  });

  it('asks once for more that is refused, and again when it is told to', async () => {
    await using seen = await visit(browser);
    const { page } = seen;
    let asked = 0;
    let refuses = true;
    await signIn(page, `${world.s.url}/heartbeats`);
    await page.route('**/api/v1/incidents?*cursor=*', (route) => {
      asked++;
      return refuses ? route.fulfill({ status: 400, json: { detail: 'not this page' } }) : route.fallback();
    });
    await goTo(page, 'Now');
    await page.getByRole('link', { name: 'Many10000' }).waitFor();
    await scrollUntil(page, `document.body.innerText.includes('not this page')`);
    const before = asked;
    await scrollUntil(page, '(window.steps = (window.steps ?? 0) + 1) > 30');
    // A live event may have asked for the list anew meanwhile.
    expect(asked - before).toBeLessThan(3);
    refuses = false;
    await page.getByRole('button', { name: 'Try again' }).click();
    await page.getByText('not this page').waitFor({ state: 'detached' });
    expect(asked).toBeGreaterThan(before);
    expect(seen.faults).toEqual([]);
  });

  it('shows ten thousand incidents without making them all', async () => {
    await using seen = await visit(browser);
    const { page } = seen;
    await signIn(page, world.s.url);
    await page.getByRole('link', { name: 'Many10000' }).waitFor();
    for (const name of ['Many9900', 'Many9750']) {
      await scrollUntil(page, `[...document.querySelectorAll('article a')].some((a) => a.textContent === '${name}')`);
    }
    expect(await page.getByRole('article').count()).toBeLessThan(60);
    await page.getByLabel('Filter', { exact: true }).fill('alertname="many 9977"');
    await page.keyboard.press('Enter');
    await page.getByRole('link', { name: 'Many9977', exact: true }).waitFor();
    expect(await page.getByRole('article').count()).toBe(1);
  });

  it('stops to search by itself where hardly anything fits, and goes on when it is told to', async () => {
    await using seen = await visit(browser);
    const { page } = seen;
    const asked: string[] = [];
    page.on('request', (sent) => /api\/v1\/incidents\?.*filter=/.test(sent.url()) && asked.push(sent.url()));
    await signIn(page, `${world.s.url}/heartbeats`);
    await page.getByText('Live', { exact: true }).waitFor();
    await goTo(page, 'Now');
    await page.getByLabel('Filter', { exact: true }).fill('alertname="many 77"');
    await page.keyboard.press('Enter');
    const further = page.getByRole('button', { name: 'Search further' });
    await further.waitFor();
    expect(asked.length).toBe(6);
    expect(await page.getByText('Nothing fits').count()).toBe(0);
    // News makes the page read these again, and no others.
    const { items } = await world.s.api<{ items: { id: string }[] }>('GET', '/api/v1/incidents?limit=1');
    await world.s.api('POST', `/api/v1/incidents/${items[0]?.id}/acknowledge`, {});
    await eventually(() => asked.length > 11);
    expect(asked.length).toBe(12);
    await further.click();
    await page.getByRole('link', { name: 'Many77', exact: true }).waitFor();
    await further.waitFor({ state: 'detached' });
    expect(seen.faults).toEqual([]);
  });
});
