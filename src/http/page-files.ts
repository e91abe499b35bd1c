/** Serves the built web page: its files as they are, and its one HTML document for every address that the page knows. */
import { createHash, randomBytes } from 'node:crypto';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { extname, join } from 'node:path';
import type { Express, Request, Response } from 'express';

/** A file with its compressed forms. Held in memory: it is little, and what is not in the map cannot be reached. */
interface PageFile {
  type: string;
  etag: string;
  forms: { br: Buffer | null; gzip: Buffer | null; identity: Buffer };
}

const types: Readonly<Record<string, string>> = {
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.svg': 'image/svg+xml',
  '.png': 'image/png',
  '.woff2': 'font/woff2',
  '.json': 'application/json',
  '.webmanifest': 'application/manifest+json',
};

/** What belongs to the API and to operators is never answered with the page. */
const notOfThePage = /^\/(api|-|metrics)(\/|$)/;

/**
 * Mounts the page; it has to be the last mount. An address is the page's own when a browser asks for a document there.
 * @param dir what the build made, which may be missing: the API works without
 */
export function mountPage(app: Express, dir: string): void {
  const files = readFiles(dir);
  const index = existsSync(join(dir, 'index.html')) ? readFileSync(join(dir, 'index.html'), 'utf8') : null;
  app.use((req, res, next) => {
    if (!['GET', 'HEAD'].includes(req.method) || notOfThePage.test(req.path)) return next();
    const file = files.get(req.path);
    const document = req.path === '/' || (req.headers.accept ?? '').includes('text/html');
    if (file === undefined && !document) return next();
    res.locals['route'] = 'page';
    if (file !== undefined) sendFile(req, res, file);
    else if (index !== null) sendIndex(req, res, index);
    else res.status(503).type('text/plain').send('The page has not been built: run `npm run build`.\n');
  });
}

function sendFile(req: Request, res: Response, file: PageFile): void {
  const accepted = req.acceptsEncodings();
  const form = (['br', 'gzip'] as const).find((name) => file.forms[name] !== null && accepted.includes(name));
  const hashed = req.path.startsWith('/assets/');
  res.set({
    'Content-Type': file.type,
    'Cache-Control': hashed ? 'public, max-age=31536000, immutable' : 'no-cache',
    ETag: `"${file.etag}${form === undefined ? '' : `-${form}`}"`,
    Vary: 'Accept-Encoding',
    ...(form === undefined ? {} : { 'Content-Encoding': form }),
  });
  if (req.fresh) res.status(304).end();
  else res.end(req.method === 'HEAD' ? undefined : (file.forms[form ?? 'identity'] ?? file.forms.identity));
}

/** Every answer has its own nonce, for the style elements of the component library; so it is never kept. */
function sendIndex(req: Request, res: Response, index: string): void {
  const nonce = randomBytes(16).toString('base64url');
  res.set({
    'Content-Type': 'text/html; charset=utf-8',
    'Cache-Control': 'no-cache',
    'Content-Security-Policy': policy(nonce),
    'Referrer-Policy': 'same-origin',
  });
  const html = index.replace('<head>', `<head>\n    <base href="${baseFor(req.path)}">`).replaceAll('__nonce__', nonce);
  res.end(req.method === 'HEAD' ? undefined : html);
}

function policy(nonce: string): string {
  return [
    "default-src 'self'",
    `style-src 'self' 'nonce-${nonce}'`,
    "img-src 'self' data:",
    "object-src 'none'",
    "base-uri 'self'",
    "form-action 'self'",
    "frame-ancestors 'none'",
  ].join('; ');
}

/** The way from an address up to the root of the service, below whatever path a reverse proxy has put it. */
function baseFor(path: string): string {
  return '../'.repeat(path.split('/').length - 2) || './';
}

function readFiles(dir: string): Map<string, PageFile> {
  const files = new Map<string, PageFile>();
  if (!existsSync(dir)) return files;
  for (const entry of readdirSync(dir, { withFileTypes: true, recursive: true })) {
    const type = types[extname(entry.name)];
    const path = join(entry.parentPath, entry.name);
    if (!entry.isFile() || type === undefined || path.includes('.vite')) continue;
    files.set(path.slice(dir.replace(/[\\/]+$/, '').length).replaceAll('\\', '/'), readFile(path, type));
  }
  return files;
}

function readFile(path: string, type: string): PageFile {
  const form = (ending: string) => (existsSync(path + ending) ? readFileSync(path + ending) : null);
  const identity = readFileSync(path);
  const etag = createHash('sha256').update(identity).digest('hex').slice(0, 20);
  return { type, etag, forms: { br: form('.br'), gzip: form('.gz'), identity } };
}
