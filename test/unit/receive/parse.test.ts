import { fingerprint } from '../../../src/alert/fingerprint.ts';
import { labelsOf } from '../../../src/alert/labels.ts';
import { defaultLimits } from '../../../src/pipeline/receive/limits.ts';
import { BadPayload, type ParseContext, parseWebhook } from '../../../src/pipeline/receive/parse.ts';
import fc from '../../support/fast-check.ts';
import { hostileBodies } from './hostile.ts';

const arrivedAt = new Date('2026-03-01T12:00:00Z');

const alert = (overrides: Record<string, unknown> = {}) => ({
  status: 'firing',
  labels: { alertname: 'HostDown', instance: 'h1' },
  annotations: { summary: 'down' },
  startsAt: '2026-03-01T11:00:00Z',
  endsAt: '0001-01-01T00:00:00Z',
  generatorURL: 'http://prometheus/graph',
  fingerprint: 'not ours',
  ...overrides,
});

const webhook = (alerts: unknown, overrides: Record<string, unknown> = {}) =>
  JSON.stringify({
    version: '4',
    groupKey: '{}:{}',
    receiver: 'mm',
    externalURL: 'http://am:9093',
    alerts,
    ...overrides,
  });

interface Options extends Partial<Omit<ParseContext, 'source'>> {
  sourceLabels?: Record<string, string>;
}

function parse(body: string | Buffer, { sourceLabels = {}, ...context }: Options = {}) {
  const source = {
    id: 7,
    name: 'az-a',
    site: 'az-a',
    kind: 'alertmanager',
    labels: labelsOf(Object.entries(sourceLabels)),
  } as const;
  return parseWebhook(body, { source, ignoreLabels: new Set(), arrivedAt, ...context });
}

const one = (overrides: Record<string, unknown>, options?: Options) => parse(webhook([alert(overrides)]), options);
const reportOf = (overrides: Record<string, unknown>, options?: Options) => {
  const [report] = one(overrides, options).reports;
  if (report === undefined) throw new Error('the alert was quarantined');
  return report;
};
const reasonOf = (overrides: Record<string, unknown>) => one(overrides).quarantined[0]?.reason;

describe('a good webhook', () => {
  it('becomes reports', () => {
    expect(parse(webhook([alert()], { truncatedAlerts: 3 }))).toEqual({
      reports: [
        {
          sourceId: 7,
          fingerprint: fingerprint({ alertname: 'HostDown', instance: 'h1' }),
          alertFingerprint: fingerprint({ alertname: 'HostDown', instance: 'h1' }),
          labels: { alertname: 'HostDown', instance: 'h1' },
          replicaLabels: null,
          annotations: { summary: 'down' },
          generatorUrl: 'http://prometheus/graph',
          status: 'firing',
          startsAt: new Date('2026-03-01T11:00:00Z'),
          endsAt: null,
          expiresAt: null,
          groupKey: expect.stringMatching(/^[0-9a-f]{16}$/),
          lane: 'normal',
          pinnedGroup: null,
        },
      ],
      quarantined: [],
      truncatedAlerts: 3,
      externalUrl: 'http://am:9093/',
      receiver: 'mm',
    });
  });

  it('may be of Grafana, may be bytes, and may begin with a byte order mark', () => {
    expect(parse(webhook([alert()], { version: '1', orgId: 1, title: 't' })).reports).toHaveLength(1);
    expect(parse(Buffer.from(webhook([alert()]))).reports).toHaveLength(1);
    expect(parse(`\ufeff${webhook([alert()])}`).reports).toHaveLength(1);
  });

  it('may lack all that is not needed, and have fields that are unknown', () => {
    const body = JSON.stringify({
      version: '4',
      alerts: [{ status: 'firing', labels: { a: 'b' }, startsAt: '2026-03-01T11:00:00Z', values: { deep: [[[]]] } }],
      notification_reason: 'unknown',
      routeLabels: null,
    });
    const parsed = parse(body);
    expect(parsed).toMatchObject({ truncatedAlerts: 0, externalUrl: null, receiver: '', quarantined: [] });
    expect(parsed.reports[0]).toMatchObject({ annotations: {}, generatorUrl: null, endsAt: null });
  });

  it('may have no alerts at all', () => {
    expect(parse(webhook([])).reports).toEqual([]);
  });

  it('unescapes the receiver', () => {
    expect(parse(webhook([], { receiver: 'web\\.hook\\+\\(a\\)\\\\' })).receiver).toBe('web.hook+(a)\\');
  });

  it('names its group by group key and receiver', () => {
    const groupKeyOf = (overrides: Record<string, unknown>) =>
      parse(webhook([alert()], overrides)).reports[0]?.groupKey;
    expect(groupKeyOf({ groupKey: 'a' })).toBe(groupKeyOf({ groupKey: 'a' }));
    expect(groupKeyOf({ groupKey: 'a' })).not.toBe(groupKeyOf({ groupKey: 'b' }));
    expect(groupKeyOf({ receiver: 'a' })).not.toBe(groupKeyOf({ receiver: 'b' }));
    expect(groupKeyOf({ groupKey: 'x'.repeat(100_000) })).toHaveLength(16);
  });

  it('keeps equal label sets apart, in order', () => {
    const { reports } = parse(webhook([alert(), alert({ status: 'resolved', endsAt: '2026-03-01T11:30:00Z' })]));
    expect(reports.map((report) => report.status)).toEqual(['firing', 'resolved']);
  });
});

describe('labels', () => {
  it('drop empty values and internal names', () => {
    expect(reportOf({ labels: { a: 'b', empty: '', __meta: 'x', __proto__x: 'y' } }).labels).toEqual({ a: 'b' });
  });

  it('take the labels of the source, which win', () => {
    const sourceLabels = { az: 'a', cluster: 'c1' };
    const report = reportOf({ labels: { alertname: 'X', az: 'spoofed' } }, { sourceLabels });
    expect(report.labels).toEqual({ alertname: 'X', az: 'a', cluster: 'c1' });
    expect(report.fingerprint).toBe(fingerprint(report.labels));
  });

  it('name the reporter with, and the alert without, the ignored ones', () => {
    const ignoreLabels = new Set(['replica']);
    const a = reportOf({ labels: { alertname: 'X', replica: 'a' } }, { ignoreLabels });
    const b = reportOf({ labels: { alertname: 'X', replica: 'b' } }, { ignoreLabels });
    expect(a.labels).toEqual({ alertname: 'X' });
    expect(a.replicaLabels).toEqual({ replica: 'a' });
    expect(a.alertFingerprint).toBe(fingerprint({ alertname: 'X' }));
    expect(a.alertFingerprint).toBe(b.alertFingerprint);
    expect(a.fingerprint).toBe(fingerprint({ alertname: 'X', replica: 'a' }));
    expect(a.fingerprint).not.toBe(b.fingerprint);
  });

  it('may be any UTF-8, and may be called like members of every object', () => {
    const labels = { 数据库: '主库', 'a b': '😀', constructor: 'c', toString: 't' };
    expect({ ...reportOf({ labels }).labels }).toEqual(labels);
  });

  it('hold U+FFFD instead of NUL and halves of surrogate pairs', () => {
    const report = reportOf({ labels: { a: 'x\0y', 'b\0': '\ud800z' }, annotations: { s: '\udc00\0' } });
    expect(report.labels).toEqual({ a: 'x\ufffdy', 'b\ufffd': '\ufffdz' });
    expect(report.annotations).toEqual({ s: '\ufffd\ufffd' });
    expect(report.fingerprint).toBe(fingerprint(report.labels));
  });

  it('become one label when cleaning makes their names equal', () => {
    const report = reportOf({ labels: { 'a\0': '1', 'a\ud800': '2' } });
    expect(report.labels).toEqual({ 'a\ufffd': '2' });
    expect(report.fingerprint).toBe(fingerprint(report.labels));
  });

  it('do not touch the prototype', () => {
    const body = webhook([alert()])
      .replace('"labels":{', '"labels":{"__proto__":"x",')
      .replace('"annotations":{', '"annotations":{"__proto__":"y",');
    const [report] = parse(body).reports;
    expect(Object.keys(report?.labels ?? {})).toEqual(['alertname', 'instance']);
    expect(JSON.stringify(report?.annotations)).toBe('{"__proto__":"y","summary":"down"}');
    expect(Object.hasOwn(Object.prototype, 'x')).toBe(false);
  });

  it.each([
    ['no labels', { labels: {} }],
    ['no labels', { labels: { a: '', __b: 'c' } }],
    ['labels is not an object', { labels: null }],
    ['labels is not an object', { labels: ['a'] }],
    ['label "a" is not a string', { labels: { a: 1 } }],
    ['label "a" is not a string', { labels: { a: null } }],
    ['empty label name', { labels: { '': 'x' } }],
    ['labels of 70001 bytes, limit 65536', { labels: { a: 'x'.repeat(70_000) } }],
  ])('are quarantined: %s', (reason, overrides) => {
    expect(reasonOf(overrides)).toBe(reason);
  });

  it('are quarantined when only ignored ones are left', () => {
    const { quarantined } = one({ labels: { replica: 'a' } }, { ignoreLabels: new Set(['replica']) });
    expect(quarantined[0]?.reason).toBe('no labels but ignored ones');
  });

  it('count in bytes, and may be as large as the limit', () => {
    expect(reasonOf({ labels: { a: '数'.repeat(21_845) } })).toBeUndefined();
    expect(reasonOf({ labels: { a: '数'.repeat(21_846) } })).toContain('limit');
  });
});

describe('annotations', () => {
  it('are cut and marked when they are too large, the largest first', () => {
    const { annotations } = reportOf({
      annotations: { description: '数'.repeat(200_000), summary: 'short', more: 'x'.repeat(50_000) },
    });
    const size = Object.entries(annotations).reduce((sum, pair) => sum + Buffer.byteLength(pair.join('')), 0);
    expect(size).toBeLessThanOrEqual(defaultLimits.annotationBytes);
    expect(annotations['summary']).toBe('short');
    expect(annotations['more']).toHaveLength(50_000);
    expect(annotations['description']).toMatch(/^数+… \[cut by Monitor Manager\]$/);
  });

  it('stay below the limit however many there are', () => {
    const many = Object.fromEntries(Array.from({ length: 100_000 }, (_, i) => [`a${i}`, 'xyz']));
    const { annotations } = reportOf({ annotations: many });
    expect(JSON.stringify(annotations).length).toBeLessThan(3 * defaultLimits.annotationBytes);
  });

  it.each([
    ['annotation "a" is not a string', { annotations: { a: {} } }],
    ['annotations is not an object', { annotations: 'x' }],
    ['empty annotation name', { annotations: { '': 'x' } }],
  ])('are quarantined: %s', (reason, overrides) => {
    expect(reasonOf(overrides)).toBe(reason);
  });
});

describe('times', () => {
  it.each([
    ['2026-03-01T11:00:00Z', '2026-03-01T11:00:00.000Z'],
    ['2026-03-01T11:00:00.123456789Z', '2026-03-01T11:00:00.123Z'],
    ['2026-03-01T11:00:00.9Z', '2026-03-01T11:00:00.900Z'],
    ['2026-03-01T19:00:00+08:00', '2026-03-01T11:00:00.000Z'],
    ['2026-03-01T05:30:00.5-05:30', '2026-03-01T11:00:00.500Z'],
    ['2024-02-29T00:00:00Z', '2024-02-29T00:00:00.000Z'],
    ['0050-01-01T00:00:00Z', '0050-01-01T00:00:00.000Z'],
    ['9999-12-31T23:59:59Z', '9999-12-31T23:59:59.000Z'],
  ])('read %s', (text, iso) => {
    expect(reportOf({ startsAt: text }).startsAt.toISOString()).toBe(iso);
  });

  it.each([
    '2026-02-29T00:00:00Z',
    '2026-13-01T00:00:00Z',
    '2026-00-01T00:00:00Z',
    '2026-01-00T00:00:00Z',
    '2026-01-01T24:00:00Z',
    '2026-01-01T00:60:00Z',
    '2026-01-01T00:00:60Z',
    '2026-01-01',
    '2026-01-01T00:00:00',
    '2026-01-01 00:00:00Z',
    '+010000-01-01T00:00:00Z',
    '10000-01-01T00:00:00Z',
    '9999-12-31T23:59:59-23:59',
    '2026-01-01T00:00:00+24:00',
    'now',
    5,
    {},
    true,
  ])('refuse %j', (value) => {
    expect(reasonOf({ startsAt: value })).toBe('startsAt is not an RFC 3339 time');
    expect(reasonOf({ status: 'resolved', endsAt: value })).toBe('endsAt is not an RFC 3339 time');
  });

  it.each([undefined, null, '', '0001-01-01T00:00:00Z', '0001-01-01T00:00:00+08:00'])(
    'need a start, so %j is refused',
    (startsAt) => {
      expect(reasonOf({ startsAt })).toBe('startsAt is missing');
    },
  );

  it('have no end while the alert fires, whatever is said', () => {
    expect(reportOf({ endsAt: '2026-03-01T12:05:00Z' }).endsAt).toBeNull();
    expect(reportOf({ endsAt: 'nonsense' }).endsAt).toBeNull();
  });

  it.each([
    ['the end that was said', '2026-03-01T11:30:00Z', '2026-03-01T11:30:00.000Z'],
    ['the arrival when none was said', '0001-01-01T00:00:00Z', '2026-03-01T12:00:00.000Z'],
    ['the arrival when none was sent', undefined, '2026-03-01T12:00:00.000Z'],
    ['the arrival at most (rule 1)', '2026-03-01T13:00:00Z', '2026-03-01T12:00:00.000Z'],
    ['the start at least', '2026-03-01T10:00:00Z', '2026-03-01T11:00:00.000Z'],
  ])('end a resolved alert at %s', (_, endsAt, iso) => {
    expect(reportOf({ status: 'resolved', endsAt }).endsAt?.toISOString()).toBe(iso);
  });

  it('end an alert of a clock that is ahead of ours no earlier than it began', () => {
    const ahead = { status: 'resolved', startsAt: '2026-03-01T12:30:00Z', endsAt: '2026-03-01T12:40:00Z' };
    expect(reportOf(ahead).endsAt?.toISOString()).toBe('2026-03-01T12:30:00.000Z');
  });
});

describe('links', () => {
  it.each([
    ['http://p/graph?a=b', 'http://p/graph?a=b'],
    ['https://user:secret@p/graph', 'https://p/graph'],
    ['/graph?g0.expr=up', 'http://am:9093/graph?g0.expr=up'],
    ['http://p/"><script>', 'http://p/%22%3E%3Cscript%3E'],
    ['javascript:alert(1)', null],
    ['data:text/html,x', null],
    ['file:///etc/passwd', null],
    ['graph', null],
    ['http://', null],
    ['', null],
    [5, null],
    [`http://p/${'x'.repeat(10_000)}`, null],
  ])('turn %j into %j', (generatorURL, expected) => {
    expect(reportOf({ generatorURL }).generatorUrl).toBe(expected);
  });

  it('have nothing to be relative to when the external address is no link', () => {
    const { reports, externalUrl } = parse(
      webhook([alert({ generatorURL: '/graph' })], { externalURL: 'javascript:x' }),
    );
    expect(externalUrl).toBeNull();
    expect(reports[0]?.generatorUrl).toBeNull();
  });
});

describe('a malformed alert', () => {
  it('does not spoil the others, and keeps its place and an excerpt', () => {
    const { reports, quarantined } = parse(webhook([alert(), alert({ status: 'FIRING' }), 5, alert()]));
    expect(reports).toHaveLength(2);
    expect(quarantined.map(({ index, reason }) => [index, reason])).toEqual([
      [1, 'status is neither firing nor resolved'],
      [2, 'alert is not an object'],
    ]);
    expect(quarantined[0]?.excerpt).toContain('"status":"FIRING"');
    expect(quarantined[1]?.excerpt).toBe('5');
  });

  it('has a bounded excerpt that can be stored, however large or deep it is', () => {
    const deep = `${'{"b":'.repeat(40_000)}1${'}'.repeat(40_000)}`;
    const bodies = [
      webhook([alert({ labels: { a: 5, b: '😀\ud800\0'.repeat(5000) } })]),
      webhook([alert({ labels: 5, more: Array.from({ length: 5000 }, () => ({ x: 'y'.repeat(50) })) })]),
      webhook([0]).replace('[0]', `[{"labels":${deep}}]`),
      webhook([0]).replace('[0]', '[{"labels":{"__proto__":5}}]'),
    ];
    for (const { quarantined } of bodies.map((body) => parse(body))) {
      expect(quarantined).toHaveLength(1);
      expect(Buffer.byteLength(quarantined[0]?.excerpt ?? '')).toBeLessThanOrEqual(defaultLimits.excerptBytes);
      expect(quarantined[0]?.excerpt).not.toMatch(/[\0\p{Surrogate}]/u);
    }
  });

  it('is only counted when there are very many', () => {
    const { quarantined } = parse(webhook(Array.from({ length: 1500 }, () => null)));
    expect(quarantined).toHaveLength(defaultLimits.quarantined);
    expect(quarantined.at(-1)?.reason).toBe('alert is not an object; and 500 more malformed alerts in this request');
  });
});

describe('a bad body', () => {
  it.each([
    ['empty', '', /^body is empty/],
    ['no JSON', 'status=firing&token=hunter2', /^body is not valid JSON/],
    ['cut JSON', '{"version":"4","alerts":[{"hunter2"', /^body is not valid JSON/],
    ['NUL', '{"version":"4",\0}', /^body is not valid JSON/],
    ['a list', '[{"labels":{}}]', /api\/v2\/alerts/],
    ['a text', '"hunter2"', /not a JSON object/],
    ['null', 'null', /not a JSON object/],
    ['a custom payload', '{"text":"hunter2"}', /"version" is missing: use the standard webhook body/],
    ['another version', '{"version":"3","alerts":[]}', /"version" is "3"; only "4"/],
    ['a strange version', '{"version":"hunter2 and more","alerts":[]}', /"version" is a string; only "4"/],
    ['a version that is a number', '{"version":4,"alerts":[]}', /"version" is a number; only "4"/],
    ['no alerts', '{"version":"4"}', /"alerts" is not a list/],
    ['alerts that are no list', '{"version":"4","alerts":{"length":1}}', /"alerts" is not a list/],
  ])('is refused in one line that quotes nothing: %s', (_, body, message) => {
    expect(() => parse(body)).toThrow(BadPayload);
    expect(() => parse(body)).toThrow(message);
    expect(() => parse(body)).not.toThrow(/hunter2|\n/);
  });

  it('is refused with the place where it goes wrong', () => {
    const body = webhook([alert()]).replace('"firing",', '"firing";');
    expect(() => parse(body)).toThrow(`at character ${body.indexOf(';')} of ${body.length}`);
  });

  it('is refused when it is compressed or nested without end, at once', () => {
    const before = process.cpuUsage();
    expect(() => parse(Buffer.of(0x1f, 0x8b, 0x08))).toThrow('gzip');
    expect(() => parse('['.repeat(8_000_000))).toThrow('nested too deeply');
    expect(() => parse('{"a":'.repeat(2_000_000))).toThrow('nested too deeply');
    expect(process.cpuUsage(before).user / 1000).toBeLessThan(2000);
  });

  it('is not taken for nested because of brackets inside of texts', () => {
    const summary = '[{"\\'.repeat(100_000);
    expect(parse(webhook([alert({ annotations: { summary } })])).reports).toHaveLength(1);
  });
});

function textsIn(value: unknown): string[] {
  if (typeof value === 'string') return [value];
  return typeof value === 'object' && value !== null ? Object.entries(value).flat().flatMap(textsIn) : [];
}

describe('any body', () => {
  const check = (body: string | Buffer, name: string) => {
    try {
      const { reports, quarantined } = parse(body, { ignoreLabels: new Set(['instance']), sourceLabels: { az: 'a' } });
      expect(textsIn([reports, quarantined]).join('\n'), name).not.toMatch(/[\0\p{Surrogate}]/u);
      for (const report of reports) {
        expect(report.startsAt.getTime(), name).not.toBeNaN();
        expect(Object.keys(report.labels).length, name).toBeGreaterThan(0);
      }
    } catch (error) {
      expect(error, name).toBeInstanceOf(BadPayload);
      expect((error as BadPayload).message.length, name).toBeLessThan(150);
    }
  };

  it('is either read or refused with BadPayload', () => {
    for (const { name, body } of hostileBodies(1, 2000)) check(body, name);
  });

  it('made of any JSON is either read or refused with BadPayload', () => {
    const field = fc.constantFrom('status', 'labels', 'annotations', 'startsAt', 'endsAt', 'generatorURL');
    const value = fc.oneof(
      fc.jsonValue({ maxDepth: 2 }),
      fc.constantFrom('firing', 'resolved', '2026-01-01T00:00:00Z'),
    );
    const anyAlert = fc.tuple(field, value).map(([name, json]) => alert({ [name]: json }));
    fc.assert(
      fc.property(fc.array(anyAlert), (alerts) => check(webhook(alerts), 'generated')),
      { numRuns: 1000 },
    );
    fc.assert(fc.property(fc.json(), (body) => check(body, 'generated')));
    fc.assert(fc.property(fc.uint8Array(), (bytes) => check(Buffer.from(bytes), 'generated')));
  });

  it('gives the same identities in any order of labels', () => {
    const name = fc.string({ minLength: 1 }).filter((text) => !text.startsWith('__'));
    fc.assert(
      fc.property(
        fc.uniqueArray(fc.tuple(name, fc.string({ minLength: 1 })), { minLength: 1, selector: ([key]) => key }),
        (pairs) => {
          const forwards = reportOf({ labels: Object.fromEntries(pairs) });
          const backwards = reportOf({ labels: Object.fromEntries([...pairs].reverse()) });
          expect(backwards.fingerprint).toBe(forwards.fingerprint);
          expect(backwards.labels).toEqual(forwards.labels);
        },
      ),
    );
  });
});

describe('hostileBodies', () => {
  it('makes the same bodies for the same seed', () => {
    const names = (seed: number) =>
      [...hostileBodies(seed, 300)].map(({ name, body }) => name + body.toString('base64'));
    expect(names(3)).toEqual(names(3));
    expect(names(3)).not.toEqual(names(4));
  });
});
