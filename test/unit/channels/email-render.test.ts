import { labelsOf } from '../../../src/alert/labels.ts';
import type { MessagePart } from '../../../src/alert/message.ts';
import { renderMail } from '../../../src/channels/email/render.ts';
import { everyKind, messageOf, partOf, replica } from './samples.ts';

const render = (parts: MessagePart[], locale = 'en') => renderMail(messageOf(parts, { locale }), 'MM <mm@example.org>');
const huge = '告'.repeat(22_000);

describe('a rendered mail', () => {
  it('stays under 90 kB and lists at most 50 alerts, whatever the storm', () => {
    const fresh = Array.from({ length: 10_000 }, (_, n) =>
      replica(n, n < 60 ? { annotations: { summary: huge, description: `x${huge}` } } : {}),
    );
    for (const parts of [
      [partOf({ fresh })],
      Array.from({ length: 100 }, (_, n) => partOf({ incidentId: `${n}`, fresh: fresh.slice(0, 60) })),
    ]) {
      for (const locale of ['en', 'zh-CN']) {
        const { html, text } = render(parts, locale);
        expect(Buffer.byteLength(String(html))).toBeLessThan(90_000);
        expect(Buffer.byteLength(String(text))).toBeLessThan(90_000);
        expect(String(html).match(/The replica|告/g)).not.toBeNull();
        expect(String(html).split('instance=').length - 1).toBeLessThanOrEqual(50);
      }
    }
    expect(render([partOf({ fresh: fresh.slice(100) })])['text']).toContain('… and 9850 more');
  });

  it('has everything in its text part that is in its HTML part', () => {
    const { text, html } = render([partOf()]);
    for (const words of [
      '+3 new, −2 resolved, 5 still firing',
      'instance=db-1:9104',
      'New (3)',
      'Alert group database',
    ]) {
      expect(text).toContain(words);
      expect(html).toContain(words);
    }
  });

  it('begins with a hidden line for mail lists', () => {
    expect(render([partOf()])['html']).toMatch(
      /display:none[^>]*>\+3 new, −2 resolved, 5 still firing · CRITICAL · ReplicationStopped/,
    );
  });

  it('shows hostile labels as text', () => {
    const evil = `"><script>alert(1)</script><img src=x onerror=alert(1)>' onmouseover='x`;
    const part = partOf({
      group: evil,
      groupLabels: labelsOf([['alertname', evil]]),
      fresh: [
        replica(1, {
          generatorUrl: 'javascript:alert(1)',
          annotations: { summary: evil, runbook_url: 'https://x/"><script>' },
        }),
      ],
    });
    const html = String(render([part])['html']);
    expect(html).not.toMatch(/<script|<img|href="javascript:/);
    expect(html).toContain('&lt;script&gt;');
    expect(html).toContain('href="https://x/%22%3E%3Cscript%3E"');
  });

  it('is one line in its subject, of at most 200 characters', () => {
    const groupLabels = labelsOf([
      ['alertname', 'A\r\nBcc: evil@example.org\r\n\r\n<b>'],
      ['cluster', huge],
    ]);
    const subject = String(render([partOf({ groupLabels })])['subject']);
    expect(subject).not.toMatch(/\p{Cc}/u);
    expect(subject.length).toBeLessThanOrEqual(200);
  });

  it('is urgent only when something critical fires, or the monitoring is silent', () => {
    const urgent = Object.entries(everyKind()).filter(([, parts]) => render(parts)['urgent']);
    expect(urgent.map(([kind]) => kind)).toEqual(['opened', 'changed', 'again', 'repeat', 'merged', 'summary', 'lost']);
    const warning = partOf({ critical: false, fresh: [replica(1, { labels: { severity: 'warning' } })] });
    expect(render([warning])['urgent']).toBe(false);
  });
});
