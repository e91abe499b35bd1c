/** Opens the HTML part of mails as a phone and a desktop would, in light and dark. */
import { type Browser, chromium, type Page } from 'playwright-core';
import { labelsOf } from '../../src/alert/labels.ts';
import type { MessagePart } from '../../src/alert/message.ts';
import { renderMail } from '../../src/channels/email/render.ts';
import { needs } from '../support/needs.ts';
import { programPath } from '../support/programs.ts';
import { everyKind, messageOf, partOf, replica } from '../unit/channels/samples.ts';

const quiet = ['--no-sandbox', '--disable-gpu', '--disable-background-networking', '--disable-component-update'];
const flags = ['--headless', ...quiet, '--disable-sync', '--no-first-run'];
const evil = `"><script>window.hit=1</script><img src="http://127.0.0.1:9/x" onerror="window.hit=1">`;
const hostile = partOf({
  group: evil,
  groupLabels: labelsOf([
    ['alertname', evil],
    ['cluster', 'x'.repeat(5_000)],
  ]),
  fresh: [
    replica(1, {
      labels: { pod: 'y'.repeat(64_000) },
      annotations: { summary: evil, runbook_url: 'javascript:window.hit=1' },
    }),
  ],
});
const mails: Record<string, MessagePart[]> = { ...everyKind(), hostile: [hostile] };
const screens = [
  { width: 390, scheme: 'light' },
  { width: 390, scheme: 'dark' },
  { width: 1024, scheme: 'light' },
  { width: 1024, scheme: 'dark' },
] as const;

/** A busy machine takes its time to start a browser. */
const patienceMs = 120_000;

needs('chromium')('the HTML part of a mail', () => {
  let browser: Browser;
  beforeAll(async () => {
    browser = await chromium.launch({ executablePath: programPath('chromium'), args: flags, timeout: patienceMs });
  });
  afterAll(() => browser?.close());

  describe.each(screens)('on a $scheme screen of $width px', ({ width, scheme }) => {
    let page: Page;
    const requests: string[] = [];
    beforeAll(async () => {
      const context = await browser.newContext({ viewport: { width, height: 700 }, colorScheme: scheme });
      context.setDefaultTimeout(patienceMs);
      page = await context.newPage();
      page.on('request', (request) => requests.push(request.url()));
    });
    afterAll(() => page?.context().close());

    async function show(parts: MessagePart[]): Promise<void> {
      await page.goto('about:blank');
      requests.length = 0;
      await page.setContent(String(renderMail(messageOf(parts), 'MM <mm@example.org>')['html']));
    }

    it.each(Object.keys(mails))('needs no sideways scrolling, runs nothing and fetches nothing: %s', async (kind) => {
      await show(mails[kind]!);
      expect(await page.evaluate('document.documentElement.scrollWidth')).toBeLessThanOrEqual(width);
      expect(await page.evaluate('window.hit')).toBeUndefined();
      expect(await page.locator('script, img, iframe, link').count()).toBe(0);
      expect(requests).toEqual([]);
    });

    it('shows what, how bad, where, since when and the link without scrolling', async () => {
      await show([partOf()]);
      const words = [
        '+3 new, −2 resolved',
        'CRITICAL · ReplicationStopped',
        'cluster=prod-a',
        'since 03:12:05 (4 min)',
      ];
      for (const text of [...words, 'Open incident']) {
        const box = await page.locator('table table').getByText(text).first().boundingBox();
        expect(box === null ? Infinity : box.y + box.height).toBeLessThan(350);
      }
      expect(await page.getByRole('link', { name: 'Open incident' }).getAttribute('href')).toBe(
        'https://mm.example.org/incidents/1042',
      );
    });

    it('has readable contrast between text and its background', async () => {
      await show([partOf()]);
      const luminances = await page.evaluate(`(() => {
          const light = (colour) => {
            const [r, g, b] = colour.match(/[\\d.]+/g).map((v) => (v / 255 <= 0.03928 ? v / 255 / 12.92 : ((v / 255 + 0.055) / 1.055) ** 2.4));
            return 0.2126 * r + 0.7152 * g + 0.0722 * b;
          };
          const behind = (el) => {
            const colour = getComputedStyle(el).backgroundColor;
            return colour === 'rgba(0, 0, 0, 0)' && el.parentElement ? behind(el.parentElement) : colour;
          };
          return [...document.querySelectorAll('td, a, div, strong')]
            .filter((el) => el.checkVisibility() && [...el.childNodes].some((n) => n.nodeType === 3 && n.data.trim() !== ''))
            .map((el) => [light(getComputedStyle(el).color), light(behind(el))]);
        })()`);
      for (const [ink, paper] of luminances as [number, number][]) {
        expect((Math.max(ink, paper) + 0.05) / (Math.min(ink, paper) + 0.05)).toBeGreaterThanOrEqual(4.5);
      }
    });
  });
});
