import type { AlertTruth } from '../../../src/alert/alert.ts';
import { labelsOf } from '../../../src/alert/labels.ts';
import { renderMail } from '../../../src/channels/email/render.ts';
import type { Difference } from '../../../src/pipeline/converge/difference.ts';
import { composeMessage, composePart, listed } from '../../../src/pipeline/deliver/compose.ts';
import { plainly } from '../../support/truth.ts';

const start = Date.UTC(2026, 0, 5, 8);
const sender = { site: 'hq', externalUrl: 'https://mm.example.org', mailDomain: 'mm.example.org' };

function alert(n: number, state: AlertTruth['state']): AlertTruth {
  const fingerprint = `${state}-${String(n).padStart(5, '0')}`;
  return {
    fingerprint,
    labels: labelsOf([
      ['alertname', 'DiskFull'],
      ['instance', fingerprint],
    ]),
    state,
    episode: 1,
    since: new Date(start + (n % 97) * 1000),
    endedAt: state === 'firing' ? null : new Date(start + 100_000),
    changedAt: new Date(start),
    critical: n % 13 === 0,
    suppressedBy: null,
    ...plainly,
  };
}

const some = (count: number, state: AlertTruth['state'], from = 0) =>
  Array.from({ length: count }, (_, i) => alert(from + i, state));

/** Of a storm: each kind has more alerts than any message lists. */
function storm(from: number): Difference {
  const fresh = some(500, 'firing', from);
  return {
    fresh,
    resolved: [...some(200, 'resolved', from), ...some(200, 'expired', from)],
    stillFiring: some(300, 'firing', from + 1_000),
    again: new Set(fresh.filter((_, i) => i % 3 === 0).map((a) => a.fingerprint)),
    suppressed: null,
    calmed: new Set(),
    held: null,
  };
}

it.each([1, 5, 80])(
  'a message over %d incidents has the texts of every alert that it lists, and of few others',
  (n) => {
    const differences = Array.from({ length: n }, (_, i) => storm(i * 2_000));
    const fingerprints = listed(differences);
    expect(fingerprints.length).toBeLessThanOrEqual(Math.min(n, 50) * 250);
    const texts = new Map(
      fingerprints.map((f) => [f, { annotations: labelsOf([['summary', `text of ${f}`]]), generatorUrl: null }]),
    );
    const parts = differences.map((difference, i) =>
      composePart(
        {
          incidentId: String(i),
          group: 'database',
          groupLabels: labelsOf([['alertname', 'DiskFull']]),
          sequence: 1,
          kind: 'changed',
          difference,
          acknowledgedBy: null,
          escalatedAfterMs: null,
          texts,
        },
        sender,
      ),
    );
    const to = { messageId: '<a@b>', threadId: '<c@b>', locale: 'en', timezone: 'UTC', occasion: null };
    const mail = renderMail(composeMessage(parts, to, sender, new Date(start)), 'MM <mm@example.org>');
    const lines = String(mail['text'])
      .split('\n')
      .filter((line) => /^[•‼]/.test(line));
    expect(lines.length).toBeGreaterThan(10);
    expect(lines.filter((line) => !line.includes('text of '))).toEqual([]);
  },
);
