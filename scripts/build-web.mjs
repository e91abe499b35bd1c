// Builds the page from src/web into dist/web, each file beside its gzip and brotli form so that nothing is compressed per request.
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { brotliCompressSync, constants, gzipSync } from 'node:zlib';
import react from '@vitejs/plugin-react';
import { build } from 'vite';

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const pageDir = join(root, 'dist', 'web');

/** Builds the page; fails on the first error. */
export async function buildWeb() {
  // Called by the tests it is `test`, and the page would come with everything that React has for developers.
  const before = process.env.NODE_ENV;
  process.env.NODE_ENV = 'production';
  await bundle().finally(() => {
    if (before === undefined) delete process.env.NODE_ENV;
    else process.env.NODE_ENV = before;
  });
  for (const path of filesIn(pageDir)) compress(path);
}

function bundle() {
  return build({
    root: join(root, 'src', 'web'),
    configFile: false,
    // Relative, so that the page works below any path of a reverse proxy; the server writes the <base>.
    base: './',
    logLevel: 'warn',
    plugins: [react()],
    // The server puts a fresh nonce in the place of this with every request.
    html: { cspNonce: '__nonce__' },
    build: {
      outDir: pageDir,
      emptyOutDir: true,
      manifest: true,
      target: 'es2022',
      // A data: URL would need a hole in the content security policy.
      assetsInlineLimit: 0,
      chunkSizeWarningLimit: 1_000,
    },
  });
}

function compress(path) {
  if (!/\.(js|css|html|svg|json)$/.test(path)) return;
  const text = readFileSync(path);
  writeFileSync(`${path}.gz`, gzipSync(text, { level: 9 }));
  writeFileSync(`${path}.br`, brotliCompressSync(text, { params: { [constants.BROTLI_PARAM_QUALITY]: 11 } }));
}

function filesIn(folder) {
  return readdirSync(folder, { withFileTypes: true }).flatMap((entry) =>
    entry.isDirectory() ? filesIn(join(folder, entry.name)) : [join(folder, entry.name)],
  );
}
