/** A small world for the commands: files in memory, a real HTTP server that answers what the test says. */
import { createServer, type IncomingHttpHeaders, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { runCli } from '../../../src/cli/cli.ts';
import type { CliDeps } from '../../../src/cli/command.ts';

/** One request as it arrived. */
export interface Seen {
  method: string;
  url: string;
  headers: IncomingHttpHeaders;
  body: string;
}

/** What the API answers; a text goes out as it is. */
export type Answer = (seen: Seen) => { status?: number; body: unknown };

/** A listening fake of the API. */
export interface FakeApi {
  url: string;
  seen: Seen[];
  close(): Promise<void>;
}

/** Starts a fake on a free port. */
export async function fakeApi(answer: Answer): Promise<FakeApi> {
  const seen: Seen[] = [];
  const server: Server = createServer((req, res) => {
    const chunks: Buffer[] = [];
    req.on('data', (chunk: Buffer) => chunks.push(chunk));
    req.on('end', () => {
      const request = {
        method: req.method ?? '',
        url: req.url ?? '',
        headers: req.headers,
        body: String(Buffer.concat(chunks)),
      };
      seen.push(request);
      const { status = 200, body } = answer(request);
      res.writeHead(status).end(typeof body === 'string' ? body : JSON.stringify(body));
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const close = () =>
    new Promise<void>((resolve) => {
      server.close(() => resolve());
      server.closeAllConnections();
    });
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, seen, close };
}

/** What a command did. */
export interface Ran {
  code: number;
  out: string;
  err: string;
  written: Map<string, string>;
}

/** Runs one command line in a world of these files, folders and overrides. */
export async function run(
  argv: string[],
  world: { env?: Record<string, string>; files?: Record<string, string>; deps?: Partial<CliDeps> } = {},
): Promise<Ran> {
  const ran: Ran = { code: 0, out: '', err: '', written: new Map() };
  const files = world.files ?? {};
  const missing = (path: string) => Object.assign(new Error(`ENOENT: ${path}`), { code: 'ENOENT' });
  ran.code = await runCli(argv, {
    version: '1.2.3',
    env: world.env ?? {},
    hostname: 'host-1',
    out: (text) => {
      ran.out += text;
    },
    err: (text) => {
      ran.err += text;
    },
    readFile: (path) => {
      const text = files[path];
      if (text === undefined) throw missing(path);
      return text;
    },
    writeFile: (path, text) => void ran.written.set(path, text),
    listFiles: (path) => {
      if (files[path] !== undefined) return [path];
      const inside = Object.keys(files).filter((name) => name.startsWith(`${path}/`));
      if (inside.length === 0) throw missing(path);
      return inside.sort();
    },
    fetch,
    startService: () => Promise.resolve(),
    migrate: () => Promise.resolve({ applied: [] }),
    checkProvision: () => Promise.resolve([]),
    ...world.deps,
  });
  return ran;
}
