import { compareUtf8, fingerprint } from '../../../src/alert/fingerprint.ts';
import { labelsOf } from '../../../src/alert/labels.ts';
import fc from '../../support/fast-check.ts';

/** The definition, word for word and slow. */
function plainFingerprint(labels: Readonly<Record<string, string>>): string {
  const names = Object.keys(labels).sort((a, b) => Buffer.compare(Buffer.from(a), Buffer.from(b)));
  const bytes = names.flatMap((name) => [...Buffer.from(name), 0xff, ...Buffer.from(labels[name] ?? ''), 0xff]);
  const hash = bytes.reduce(
    (sum, byte) => ((sum ^ BigInt(byte)) * 1099511628211n) & 0xffffffffffffffffn,
    14695981039346656037n,
  );
  return hash.toString(16).padStart(16, '0');
}

const text = fc.string({ unit: 'binary' });

describe('fingerprint', () => {
  it("is Alertmanager's", () => {
    const labels = { alertname: 'Watchdog', prometheus: 'monitoring/prometheus-operator-prometheus', severity: 'none' };
    expect(fingerprint(labels)).toBe('3ab1c4d83af12d03');
    expect(fingerprint({})).toBe('cbf29ce484222325');
  });

  it('is FNV-1a 64 of the UTF-8 bytes', () => {
    fc.assert(
      fc.property(fc.dictionary(text, text, { noNullPrototype: false }), (labels) => {
        expect(fingerprint(labels)).toBe(plainFingerprint(labels));
      }),
      { numRuns: 2000 },
    );
  });

  it('does not depend on the order of the labels', () => {
    fc.assert(
      fc.property(fc.uniqueArray(fc.tuple(text, text), { selector: ([name]) => name }), (entries) => {
        const forwards = fingerprint(Object.fromEntries(entries));
        expect(fingerprint(Object.fromEntries([...entries].reverse()))).toBe(forwards);
        expect(fingerprint(labelsOf(entries))).toBe(forwards);
      }),
    );
  });

  it('orders names as Go does, where JavaScript orders UTF-16 units', () => {
    const labels = { '\u{1f600}': 'astral', '\uff5e': 'wide' };
    expect(fingerprint(labels)).toBe(plainFingerprint(labels));
    expect(compareUtf8('\uff5e', '\u{1f600}')).toBeLessThan(0);
  });
});

describe('compareUtf8', () => {
  it('is the order of the bytes', () => {
    fc.assert(
      fc.property(text, text, (a, b) => {
        expect(Math.sign(compareUtf8(a, b))).toBe(Buffer.compare(Buffer.from(a), Buffer.from(b)));
      }),
    );
  });
});
