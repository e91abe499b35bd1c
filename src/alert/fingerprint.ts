import { type Labels, labelsOf } from './labels.ts';

/**
 * Alertmanager's name of a label set: FNV-1a 64 over the label names in byte order, each `name 0xFF value 0xFF`, as 16
 * lower-case hex digits (prometheus/common model.LabelSet.Fingerprint). Equal labels have it for ever.
 */
export function fingerprint(labels: Labels): string {
  const names = Object.keys(labels);
  const hash = new Fnv64();
  for (const name of isSorted(names) ? names : names.sort(compareUtf8)) {
    hash.text(name);
    hash.byte(0xff);
    hash.text(labels[name] ?? '');
    hash.byte(0xff);
  }
  return hash.hex();
}

/** The name of a label set without what its source adds: the same on every site, whatever the sources are called there. */
export function sharedFingerprint(labels: Labels, added: Labels): string {
  return fingerprint(labelsOf(Object.entries(labels).filter(([name, value]) => added[name] !== value)));
}

/**
 * Orders texts by their UTF-8 bytes, as Go does. That is the order of code points, which differs from JavaScript's own
 * order where surrogate pairs meet characters from U+E000.
 */
export function compareUtf8(a: string, b: string): number {
  const length = Math.min(a.length, b.length);
  for (let i = 0; i < length; i++) {
    const x = a.charCodeAt(i);
    const y = b.charCodeAt(i);
    if (x !== y) return byteRank(x) - byteRank(y);
  }
  return a.length - b.length;
}

/** Lifts surrogates above all other code units. */
function byteRank(unit: number): number {
  return (unit & 0xf800) === 0xd800 ? unit + 0x10000 : unit;
}

function isSorted(names: readonly string[]): boolean {
  let last = '';
  for (const name of names) {
    if (compareUtf8(last, name) > 0) return false;
    last = name;
  }
  return true;
}

/** FNV-1a with 64 bits in two halves: a BigInt for every byte would be 30 times slower. */
class Fnv64 {
  // Offset basis 14695981039346656037.
  private high = 0xcbf29ce4 | 0;
  private low = 0x84222325 | 0;

  /** Multiplies by the prime 1099511628211 = 2^40 + 435, in 16-bit steps where 32 bits would overflow. */
  byte(value: number): void {
    const low = this.low ^ value;
    const carry = (Math.imul(low >>> 16, 435) + (Math.imul(low & 0xffff, 435) >>> 16)) >>> 16;
    this.high = (Math.imul(this.high, 435) + (low << 8) + carry) | 0;
    this.low = Math.imul(low, 435);
  }

  /** The UTF-8 bytes of a text, which has no lone surrogates. */
  text(value: string): void {
    for (let i = 0; i < value.length; i++) {
      const unit = value.charCodeAt(i);
      if (unit < 0x80) this.byte(unit);
      else {
        const rune = value.codePointAt(i) ?? unit;
        if (rune > 0xffff) i++;
        this.rune(rune);
      }
    }
  }

  hex(): string {
    return hex32(this.high) + hex32(this.low);
  }

  private rune(rune: number): void {
    if (rune < 0x800) this.byte(0xc0 | (rune >> 6));
    else {
      if (rune < 0x10000) this.byte(0xe0 | (rune >> 12));
      else {
        this.byte(0xf0 | (rune >> 18));
        this.byte(0x80 | ((rune >> 12) & 0x3f));
      }
      this.byte(0x80 | ((rune >> 6) & 0x3f));
    }
    this.byte(0x80 | (rune & 0x3f));
  }
}

/** Eight hex digits; toString and padStart take ten times as long. */
function hex32(half: number): string {
  return hex16(half >>> 16) + hex16(half & 0xffff);
}

function hex16(value: number): string {
  return String.fromCharCode(digit(value >> 12), digit(value >> 8), digit(value >> 4), digit(value));
}

function digit(value: number): number {
  const nibble = value & 15;
  return nibble < 10 ? 48 + nibble : 87 + nibble;
}
