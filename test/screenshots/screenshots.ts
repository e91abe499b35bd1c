/**
 * Takes the pictures of the documentation: `npm run screenshots`. They show the service after an hour of invented trouble.
 * A page that is missing, or does not show what it is about, ends it with an error, and leaves the pictures that there were.
 */
import { mkdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Browser, Page } from 'playwright-core';
import { startBrowser } from '../support/browser.ts';
import { engineer, startDemo } from './demo.ts';
import { type Picture, picturesOf } from './pictures.ts';

const docs = join(process.cwd(), 'docs');
/** All of them together: they are read on slow lines too. */
const mostBytes = 2_600_000;

const looks = [
  { name: 'light', colorScheme: 'light', viewport: { width: 960, height: 620 } },
  { name: 'dark', colorScheme: 'dark', viewport: { width: 960, height: 620 } },
  { name: 'phone', colorScheme: 'light', viewport: { width: 390, height: 700 } },
] as const;

type Look = (typeof looks)[number];

/** Pictures by the name of their file. */
type Taken = Map<string, Buffer>;

async function main(): Promise<void> {
  const [browser, demo] = await Promise.all([startBrowser(), startDemo()]);
  const { flow } = demo;
  try {
    const pictures = await picturesOf(flow.s);
    const taken: Taken = new Map();
    for (const look of looks) await takeAll(browser, { look, pictures, url: flow.s.url, taken });
    await save(taken, pictures);
  } finally {
    await browser.close();
    await demo[Symbol.asyncDispose]();
  }
}

interface Session {
  look: Look;
  pictures: readonly Picture[];
  url: string;
  taken: Taken;
}

async function takeAll(browser: Browser, session: Session): Promise<void> {
  const { look, pictures, url, taken } = session;
  const { viewport, colorScheme } = look;
  const context = await browser.newContext({
    ...{ viewport, colorScheme, locale: 'en-GB', timezoneId: 'Asia/Shanghai' },
    ...{ deviceScaleFactor: 1, reducedMotion: 'reduce' },
  });
  const page = await context.newPage();
  await enter(page, url);
  for (const picture of pictures) taken.set(`${picture.name}-${look.name}.png`, await take(page, picture, session));
  await context.close();
}

async function enter(page: Page, url: string): Promise<void> {
  await page.goto(url);
  await page.getByLabel('Name').fill(engineer.name);
  await page.getByRole('textbox', { name: 'Password' }).fill(engineer.password);
  await page.keyboard.press('Enter');
  await page.getByRole('heading', { name: 'Now' }).waitFor();
}

async function take(page: Page, { name, path, ready, width }: Picture, { url, look }: Session): Promise<Buffer> {
  const { viewport } = look;
  try {
    await page.setViewportSize(look.name === 'phone' ? viewport : { ...viewport, width: width ?? viewport.width });
    await page.goto(`${url}${path}`);
    await page.locator('main').getByRole('heading', { level: 1 }).waitFor();
    await ready(page);
    await page.getByText('Live', { exact: true }).waitFor();
    await page.locator('main [role="status"][aria-label="Loading"]').first().waitFor({ state: 'detached' });
    return await page.screenshot({ animations: 'disabled', caret: 'hide' });
  } catch (error) {
    throw new Error(`${name}: ${path} does not show what it should`, { cause: error });
  }
}

async function save(taken: Taken, pictures: readonly Picture[]): Promise<void> {
  const bytes = [...taken.values()].reduce((sum, { length }) => sum + length, 0);
  if (bytes > mostBytes) throw new Error(`the pictures have ${bytes} bytes, more than ${mostBytes}`);
  const folder = join(docs, 'screenshots');
  await rm(folder, { recursive: true, force: true });
  await mkdir(folder, { recursive: true });
  for (const [file, png] of taken) await writeFile(join(folder, file), png);
  await writeFile(join(docs, 'screenshots.md'), gallery(pictures));
  console.log(`${taken.size} pictures in ${folder}, ${Math.ceil(bytes / 1000)} kB`);
}

/** The page that shows them all. */
function gallery(pictures: readonly Picture[]): string {
  const wide = ({ name, title }: Picture) => [
    `## ${title}`,
    '',
    '<picture>',
    `  <source media="(prefers-color-scheme: dark)" srcset="screenshots/${name}-dark.png">`,
    `  <img alt="${title}" src="screenshots/${name}-light.png">`,
    '</picture>',
    '',
    `On a phone: <a href="screenshots/${name}-phone.png"><img alt="${title}, on a phone" src="screenshots/${name}-phone.png" width="195"></a>`,
    '',
  ];
  const lead = [
    '# The page',
    '',
    'Invented trouble of an invented company. `npm run screenshots` takes these pictures.',
    '',
  ];
  return [...lead, ...pictures.flatMap(wide)].join('\n');
}

await main();
