/** What a phone on a bad line has to load before it sees the open incidents. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

interface Chunk {
  file: string;
  css?: string[];
  imports?: string[];
}

const dir = fileURLToPath(new URL('../../../dist/web', import.meta.url));
const manifest = JSON.parse(readFileSync(join(dir, '.vite/manifest.json'), 'utf8')) as Record<string, Chunk>;

/** A chunk with everything that it imports at once. */
function filesOf(name: string, seen = new Set<string>()): Set<string> {
  const chunk = manifest[name];
  if (chunk === undefined) throw new Error(`the build has no ${name}: ${Object.keys(manifest).join(', ')}`);
  if (seen.has(chunk.file)) return seen;
  for (const file of [chunk.file, ...(chunk.css ?? [])]) seen.add(file);
  for (const imported of chunk.imports ?? []) filesOf(imported, seen);
  return seen;
}

it.each(['text/en.ts', 'text/zh-cn.ts'])('the first page with %s is less than 300 KB, compressed', (language) => {
  const files = new Set(['index.html', language, 'pages/now/page.tsx'].flatMap((name) => [...filesOf(name)]));
  const bytes = [...files].map((file) => readFileSync(join(dir, `${file}.gz`)).length);
  expect(files.size).toBeGreaterThan(3);
  expect(bytes.reduce((sum, one) => sum + one, 0)).toBeLessThan(300 * 1024);
});

it('pages are loaded when they are needed', () => {
  const first = filesOf('index.html');
  for (const page of ['deliveries', 'heartbeats', 'incident', 'alert', 'alert-groups', 'alert-group']) {
    const file = manifest[`pages/${page}/page.tsx`]?.file;
    expect(file).toBeDefined();
    expect(first).not.toContain(file);
  }
});
