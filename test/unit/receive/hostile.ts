import { gzipSync } from 'node:zlib';

/** One body that nobody should send. */
export interface HostileBody {
  /** Its kind and number: names the culprit in a failed test. */
  name: string;
  contentType: string;
  body: Buffer;
}

/** Random choices that are the same for the same seed. */
interface Dice {
  /** A whole number from 0 to `below` - 1. */
  roll(below: number): number;
  pick<T>(items: readonly T[]): T;
}

type Json = unknown;

/**
 * Makes `n` hostile bodies, the same ones for the same seed: every kind in turn, with random details. Most have a few
 * hundred bytes, some up to a megabyte.
 */
export function* hostileBodies(seed: number, n: number): Iterable<HostileBody> {
  const dice = createDice(seed);
  const names = Object.keys(kinds);
  for (let i = 0; i < n; i++) {
    const kind = names[i % names.length] ?? '';
    const made = kinds[kind]?.(dice) ?? '';
    const body = Buffer.isBuffer(made) ? made : Buffer.from(typeof made === 'string' ? made : JSON.stringify(made));
    yield { name: `${kind} #${i}`, contentType: dice.pick(contentTypes), body };
  }
}

/** A generator of 32-bit numbers (mulberry32). */
function createDice(seed: number): Dice {
  let state = seed >>> 0;
  const roll = (below: number): number => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return Math.floor((((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32) * below);
  };
  return { roll, pick: <T>(items: readonly T[]) => items[roll(items.length)] as T };
}

const contentTypes = [
  'application/json',
  'application/json',
  'application/json; charset=utf-8',
  'application/json; charset=latin1',
  'text/plain',
  'application/x-www-form-urlencoded',
  'multipart/form-data; boundary=x',
  'application/octet-stream',
  '',
  'application/json;;;=',
];

const badTexts = [
  '',
  '\0',
  'a\0b',
  '\ud800',
  '\udc00\ud800',
  '\u202eevil',
  '<script>alert(1)</script>',
  "'; drop table alert;--",
];
const badNames = [
  '',
  '__proto__',
  'constructor',
  'prototype',
  'toString',
  'hasOwnProperty',
  'a\0',
  '\ud83d',
  ' ',
  '数',
  '__name__',
];
const badValues: readonly Json[] = [null, 0, -1, 1e308, true, [], {}, ['x'], { a: 'b' }, [[[]]]];
const badTimes: readonly Json[] = [
  '',
  'now',
  '2026-02-30T00:00:00Z',
  '2026-13-01T00:00:00Z',
  '2026-01-01',
  '2026-01-01T24:00:00Z',
  '0000-00-00T00:00:00Z',
  '0000-01-01T00:00:00Z',
  '9999-12-31T23:59:59-23:59',
  '10000-01-01T00:00:00Z',
  '-271821-04-20T00:00:00Z',
  '0001-01-01T00:00:00Z',
  '2026-01-01T00:00:00+99:99',
  '2026-01-01T00:00:60Z',
  `2026-01-01T00:00:00.${'9'.repeat(5000)}Z`,
  'T'.repeat(10_000),
  0,
  1e20,
  null,
  {},
  [],
];

function alert(overrides: Record<string, Json> = {}): Record<string, Json> {
  return {
    status: 'firing',
    labels: { alertname: 'Hostile', instance: 'h:9100', severity: 'warning' },
    annotations: { summary: 'hostile' },
    startsAt: '2026-01-01T00:00:00Z',
    endsAt: '0001-01-01T00:00:00Z',
    generatorURL: 'http://prometheus/graph',
    fingerprint: '0123456789abcdef',
    ...overrides,
  };
}

function webhook(alerts: Json, overrides: Record<string, Json> = {}): Record<string, Json> {
  return {
    version: '4',
    groupKey: '{}:{alertname="Hostile"}',
    truncatedAlerts: 0,
    status: 'firing',
    receiver: 'web\\.hook',
    groupLabels: {},
    commonLabels: {},
    commonAnnotations: {},
    externalURL: 'http://alertmanager:9093',
    alerts,
    ...overrides,
  };
}

const good = () => JSON.stringify(webhook([alert()]));

/** The body with `piece` in place of the first alert's `"firing"` status, as raw JSON text. */
const spliced = (piece: string) =>
  good().replace('"alerts":[{"status":"firing"', `"alerts":[{"status":"firing",${piece}`);

function deep(dice: Dice): string {
  const depth = dice.pick([50, 100, 1000, 20_000, 200_000]);
  const [open, close] = dice.pick([
    ['[', ']'],
    ['{"a":', '}'],
    ['{"labels":', '}'],
    ['{"__proto__":', '}'],
  ] as const);
  return open.repeat(depth) + (dice.roll(2) === 0 ? `1${close.repeat(depth)}` : '');
}

const manyLabels = (n: number, prefix: string) =>
  Object.fromEntries(Array.from({ length: n }, (_, i) => [`${prefix}${i}`, `${i}`]));

/** Each kind makes a text, bytes, or a value for JSON. */
const kinds: Readonly<Record<string, (dice: Dice) => Json>> = {
  deepNesting: deep,
  deepUnknownField: (dice) => spliced(`"values":${'['.repeat(900)}${']'.repeat(900)},"n":${dice.roll(9)}`),
  deepLabel: (dice) => spliced(`"labels":{"a":${'{"b":'.repeat(dice.roll(5000))}1`),
  protoTop: (dice) =>
    good().replace('{', `{"__proto__":{"polluted":${dice.roll(9)}},"constructor":{"prototype":{"x":1}},`),
  protoLabel: (dice) => good().replace('"labels":{', `"labels":{"__proto__":"${dice.roll(9)}","constructor":"x",`),
  protoLabelObject: () => good().replace('"labels":{', '"labels":{"__proto__":{"a":"b"},'),
  protoAnnotation: () => good().replace('"annotations":{', '"annotations":{"__proto__":"x","toString":"y",'),
  labelsAreProto: () => spliced('"labels":{"__proto__":null}'),
  badLabelName: (dice) =>
    webhook([alert({ labels: { alertname: 'x', [dice.pick(badNames)]: dice.pick(badTexts) } }), alert()]),
  badLabelText: (dice) => webhook([alert({ labels: { alertname: dice.pick(badTexts), b: dice.pick(badTexts) } })]),
  badLabelValue: (dice) => webhook([alert({ labels: { alertname: 'x', b: dice.pick(badValues) } }), alert()]),
  badLabels: (dice) => webhook([alert({ labels: dice.pick(badValues) })]),
  badAnnotation: (dice) =>
    webhook([alert({ annotations: { [dice.pick(badNames)]: dice.pick([...badTexts, ...badValues]) } })]),
  badAnnotations: (dice) => webhook([alert({ annotations: dice.pick(badValues) })]),
  badStart: (dice) => webhook([alert({ startsAt: dice.pick(badTimes) }), alert()]),
  badEnd: (dice) => webhook([alert({ status: 'resolved', endsAt: dice.pick(badTimes) })]),
  badStatus: (dice) => webhook([alert({ status: dice.pick([...badTexts, ...badValues, 'FIRING', 'pending']) })]),
  badLink: (dice) =>
    webhook(
      [
        alert({
          generatorURL: dice.pick([
            'javascript:alert(1)',
            'data:text/html,x',
            'http://',
            '//',
            '/\\',
            'http://u:p@h/',
            5,
          ]),
        }),
      ],
      {
        externalURL: dice.pick(['file:///etc/passwd', 'http://[::1', '', 'x'.repeat(100_000), null]),
      },
    ),
  badAlert: (dice) => webhook([dice.pick([...badValues, 'text']), alert()]),
  badAlerts: (dice) => webhook(dice.pick([...badValues, 'text'])),
  badTop: (dice) => JSON.stringify(dice.pick([...badValues, 'text', [alert()]])),
  badVersion: (dice) =>
    webhook([alert()], { version: dice.pick([...badValues, ...badTexts, 4, '5', '44', undefined]) }),
  badFields: (dice) =>
    webhook([alert({ fingerprint: dice.pick(badValues) })], {
      groupKey: dice.pick([...badValues, ...badTexts]),
      receiver: dice.pick([...badValues, ...badTexts, '\\'.repeat(1000)]),
      truncatedAlerts: dice.pick([-1, 1.5, '7', 2 ** 60, null, {}]),
    }),
  overflow: (dice) =>
    good().replace(
      '"truncatedAlerts":0',
      `"truncatedAlerts":${dice.pick(['1e999', '-1e999', '9'.repeat(1000), '1e-999'])}`,
    ),
  hugeLabel: (dice) =>
    webhook([
      alert({ labels: { alertname: 'x', huge: dice.pick(['a', '数', '\0', '\\']).repeat(dice.roll(80_000)) } }),
      alert(),
    ]),
  hugeName: (dice) => webhook([alert({ labels: { ['n'.repeat(dice.roll(80_000))]: 'x' } })]),
  hugeAnnotation: (dice) =>
    webhook([alert({ annotations: { summary: 's', huge: dice.pick(['a', '数', '😀']).repeat(dice.roll(200_000)) } })]),
  manyLabels: (dice) => webhook([alert({ labels: manyLabels(dice.pick([65, 1000, 10_000]), 'label_') })]),
  manyIntegerLabels: (dice) => webhook([alert({ labels: manyLabels(dice.pick([65, 1000, 10_000]), '') })]),
  manyAnnotations: (dice) => webhook([alert({ annotations: manyLabels(dice.pick([65, 1000, 20_000]), 'a') })]),
  manyBadAlerts: (dice) => webhook(Array.from({ length: dice.roll(3000) }, () => 0)),
  equalAlerts: (dice) =>
    webhook(Array.from({ length: dice.roll(200) }, () => alert({ status: dice.pick(['firing', 'resolved']) }))),
  duplicateKeys: () =>
    good().replace('"labels":{', '"labels":{"alertname":"first","alertname":"second",').replace('{', '{"version":"9",'),
  truncated: (dice) => good().slice(0, dice.roll(good().length)),
  trailing: (dice) => good() + dice.pick(['}', ']', '\0', 'x', good(), ',']),
  flipped: (dice) => flip(Buffer.from(good()), dice),
  randomBytes: (dice) => Buffer.from(Array.from({ length: dice.roll(400) }, () => dice.roll(256))),
  gzip: () => gzipSync(good()),
  gzipBomb: () => gzipSync(Buffer.alloc(1_000_000)),
  utf16: () => Buffer.from(`\ufeff${good()}`, 'utf16le'),
  byteOrderMark: () => `\ufeff${good()}`,
  invalidUtf8: (dice) =>
    Buffer.concat([
      Buffer.from('{"version":"4","alerts":[{"labels":{"a":"'),
      Buffer.of(0xff, 0xc0, dice.roll(256)),
      Buffer.from('"}}]}'),
    ]),
  loneSurrogates: () => good().replace('"Hostile"', '"\\ud800x\\udfff"'),
  escapedNul: () => good().replace('"Hostile"', '"\\u0000"'),
  rawControl: (dice) => good().replace('Hostile', String.fromCharCode(dice.roll(32))),
  empty: () => '',
  blank: (dice) => ' \n\t'.repeat(dice.roll(1000)),
  form: () => 'version=4&alerts[0][labels][alertname]=x&__proto__[x]=1',
  xml: () => '<?xml version="1.0"?><!DOCTYPE a [<!ENTITY b SYSTEM "file:///etc/passwd">]><a>&b;</a>',
  notJson: (dice) =>
    dice.pick([
      'NaN',
      'undefined',
      "{'version':'4'}",
      '{version:4}',
      '{"version":"4",}',
      '/* */{}',
      '[,]',
      '-',
      '"',
      '01',
    ]),
};

function flip(bytes: Buffer, dice: Dice): Buffer {
  for (let i = 0; i < 3; i++) bytes[dice.roll(bytes.length)] = dice.roll(256);
  return bytes;
}
