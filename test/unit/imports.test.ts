/** Imports point down only: wiring, features, infrastructure, leaves. That there are no cycles is the linter's part. */
import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, relative, sep } from 'node:path';

const src = join(import.meta.dirname, '../../src');

type Layer = 'leaf' | 'infrastructure' | 'feature' | 'page' | 'wiring';

/** Each folder of `src`, and the files beside them that are not wiring. */
const layers: Readonly<Record<Layer, readonly string[]>> = {
  leaf: [
    'alert',
    'matcher',
    ...[
      'clock',
      'errors',
      'log',
      'metric',
      'metrics',
      'state-metrics',
      'turns',
      'yaml',
      'within',
      'forbidden-address',
    ].map(file),
  ],
  infrastructure: ['http', 'queue', 'store'],
  feature: [
    ...['alertmanager', 'backtest', 'channels', 'groups', 'incidents', 'noise', 'outside', 'people', 'pipeline'],
    ...['last-road', 'peers', 'polls', 'self', 'watchdog'],
  ],
  page: ['web'],
  wiring: ['cli', 'settings'],
};

/** What may be imported beside one's own folder. */
const below: Readonly<Record<Layer, readonly Layer[]>> = {
  leaf: ['leaf'],
  infrastructure: ['infrastructure', 'leaf'],
  feature: ['infrastructure', 'leaf'],
  page: [],
  wiring: ['wiring', 'feature', 'infrastructure', 'leaf'],
};

/** Meant: what all channels have in common is a type; a backtest is the pipeline run once more; the page knows the words. */
const exceptions: readonly (readonly [from: string, to: RegExp])[] = [
  ['pipeline', /^channels\/channel\.ts$/],
  ['backtest', /^(channels\/channel\.ts|pipeline\/.*)$/],
  ['web', /^(alert\/.*|errors\.ts)$/],
];

function file(name: string): string {
  return `${name}.ts`;
}

/** The folder or file of `src` that a path is in. */
function areaOf(path: string): string {
  return path.split('/')[0] ?? '';
}

function layerOf(area: string): Layer | undefined {
  const named = (Object.keys(layers) as Layer[]).find((layer) => layers[layer].includes(area));
  return named ?? (area.endsWith('.ts') ? 'wiring' : undefined);
}

/** Whether a file of `src` may import another one. */
function mayImport(from: string, to: string): boolean {
  const [mine, its] = [areaOf(from), areaOf(to)];
  const [upper, lower] = [layerOf(mine), layerOf(its)];
  if (mine === its || upper === undefined || lower === undefined) return mine === its;
  return below[upper].includes(lower) || exceptions.some(([area, allowed]) => area === mine && allowed.test(to));
}

const files = readdirSync(src, { recursive: true, encoding: 'utf8' })
  .map((path) => path.split(sep).join('/'))
  .filter((path) => /\.(ts|tsx|js)$/.test(path));

function importsOf(path: string): string[] {
  const text = readFileSync(join(src, path), 'utf8');
  return [...text.matchAll(/(?:\bfrom|\bimport)\s*\(?\s*'([^']+)'/g)].map(([, specifier = '']) => specifier);
}

function targetOf(path: string, specifier: string): string {
  return relative(src, join(src, dirname(path), specifier))
    .split(sep)
    .join('/');
}

describe('imports', () => {
  it('every folder of src has its layer', () => {
    expect(files.filter((path) => layerOf(areaOf(path)) === undefined)).toEqual([]);
  });

  it('point down only', () => {
    const wrong = files.flatMap((from) =>
      importsOf(from)
        .filter((specifier) => specifier.startsWith('.'))
        .map((specifier) => targetOf(from, specifier))
        .filter((to) => /\.(ts|tsx|js)$/.test(to) && !mayImport(from, to))
        .map((to) => `${from} (${layerOf(areaOf(from))}) imports ${to} (${layerOf(areaOf(to))})`),
    );
    expect(wrong).toEqual([]);
  });

  it('of the page take nothing of Node, which browsers do not have', () => {
    const pages = files.filter((path) => areaOf(path) === 'web');
    expect(pages.filter((path) => importsOf(path).some((specifier) => specifier.startsWith('node:')))).toEqual([]);
  });

  it('are judged rightly', () => {
    expect(importsOf('web/routes.tsx')).toContain('./pages/now/page.tsx');
    expect(mayImport('alert/alert.ts', 'store/db.ts')).toBe(false);
    expect(mayImport('store/db.ts', 'groups/apply.ts')).toBe(false);
    expect(mayImport('groups/apply.ts', 'incidents/explain.ts')).toBe(false);
    expect(mayImport('groups/apply.ts', 'settings.ts')).toBe(false);
    expect(mayImport('pipeline/pipeline.ts', 'channels/email/send.ts')).toBe(false);
    expect(mayImport('web/main.tsx', 'http/route.ts')).toBe(false);
    expect(mayImport('app.ts', 'groups/apply.ts')).toBe(true);
  });
});
