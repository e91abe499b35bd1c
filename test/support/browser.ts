/** Debian's Chromium on the page of a service under test. */
import { type Browser, type BrowserContext, chromium, type Page } from 'playwright-core';
import { programPath } from './programs.ts';
import { adminToken } from './service.ts';

const quiet = ['--no-sandbox', '--disable-gpu', '--disable-background-networking', '--disable-component-update'];
const flags = ['--headless', ...quiet, '--disable-sync', '--no-first-run'];

/** A busy machine takes its time, most of all to start a browser. */
const patienceMs = { start: 120_000, step: 30_000 };

export function startBrowser(): Promise<Browser> {
  return chromium.launch({ executablePath: programPath('chromium'), args: flags, timeout: patienceMs.start });
}

/** How a test looks at the page. */
export interface View {
  locale?: string;
  width?: number;
  scheme?: 'light' | 'dark';
}

/** A browser of its own for one test, with everything that went wrong in it. */
export interface Visit extends AsyncDisposable {
  context: BrowserContext;
  page: Page;
  /** Errors of the page and breaches of its content security policy. */
  faults: string[];
}

export async function visit(browser: Browser, view: View = {}): Promise<Visit> {
  const context = await browser.newContext({
    viewport: { width: view.width ?? 1280, height: 800 },
    colorScheme: view.scheme ?? 'light',
    locale: view.locale ?? 'en-GB',
    timezoneId: 'Asia/Shanghai',
    reducedMotion: 'reduce',
  });
  context.setDefaultTimeout(patienceMs.step);
  const page = await context.newPage();
  const faults: string[] = [];
  page.on('pageerror', (error) => faults.push(String(error)));
  page.on('console', (message) => {
    if (/Content Security Policy|React/.test(message.text())) faults.push(message.text());
  });
  return { context, page, faults, [Symbol.asyncDispose]: () => context.close() };
}

/** Goes to an address as somebody who has signed in, as admin unless by another token: quicker than {@link enter}. */
export async function signIn(page: Page, url: string, token = adminToken): Promise<void> {
  const { origin } = new URL(url);
  const answer = await page
    .context()
    .request.post(`${origin}/api/v1/session`, { data: { token }, headers: { origin } });
  if (answer.status() !== 201) throw new Error(`signing in: ${answer.status()} ${await answer.text()}`);
  await page.goto(url);
  await page.locator('#content').waitFor();
}

/** Signs in where the page asks for it. */
export async function enter(page: Page, token = adminToken): Promise<void> {
  const field = page.locator('input[name="token"]');
  const other = page.getByRole('button', { name: /Use an API token|使用 API 令牌/ });
  await field.or(other).waitFor();
  if (await other.isVisible()) await other.click();
  await field.fill(token);
  await page.keyboard.press('Enter');
  await field.waitFor({ state: 'detached' });
  await page.locator('#content').waitFor();
}

/** Goes to an address and signs in there as a user. */
export async function signInAs(page: Page, url: string, user: { name: string; password: string }): Promise<void> {
  await page.goto(url);
  await page.getByLabel(/^(Name|用户名)/).fill(user.name);
  await page.getByLabel(/^(Password|密码)/).fill(user.password);
  await page.keyboard.press('Enter');
  await page.locator('#content').waitFor();
}

/** As though another tab came to the front, or this one again: a browser without a window never does that by itself. */
export const show = (page: Page, state: 'hidden' | 'visible') =>
  page.evaluate(`Object.defineProperty(document, 'visibilityState', { value: '${state}', configurable: true });
    document.dispatchEvent(new Event('visibilitychange'))`);

const focused = `(() => { const at = document.activeElement; return !at.matches('a, button, input, select') ? '' :
  [at.ariaLabel, ...[...(at.labels ?? [])].map((label) => label.textContent), at.textContent].join(' '); })()`;

/** Goes on with the Tab key until the focus is on what is called so. */
export async function tabTo(page: Page, name: string): Promise<void> {
  for (let step = 0; step < 60; step++) {
    if (String(await page.evaluate(focused)).includes(name)) return;
    await page.keyboard.press('Tab');
  }
  throw new Error(`the focus never came to ${name}`);
}
