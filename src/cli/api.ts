/** Talks to the API of a running service. */
import { join } from 'node:path';
import { z } from 'zod';
import { errorMessage } from '../errors.ts';
import { redactUrl } from '../log.ts';
import { parseListen } from '../settings/fields.ts';
import { type CliDeps, type CommandLine, type CommandOption, Failure, textOption } from './command.ts';

/** The options of every command that talks to a running service. */
export const apiOptions: Readonly<Record<string, CommandOption>> = {
  url: {
    type: 'string',
    argument: 'URL',
    help: 'address of the service (MM_URL, else this machine at the port of MM_LISTEN, 8080)',
  },
  token: {
    type: 'string',
    argument: 'TOKEN',
    help: 'API token (MM_ADMIN_TOKEN, MM_ADMIN_TOKEN_FILE, else that of ./data)',
  },
};

/** One request. */
export interface ApiRequest {
  method: 'GET' | 'POST';
  /** From the root of the service: `/api/v1/export`. */
  path: string;
  accept?: string;
  body?: { type: string; text: string };
}

const problemShape = z.object({
  detail: z.string().optional(),
  title: z.string().optional(),
  errors: z.array(z.object({ path: z.string(), message: z.string() })).optional(),
});

/** Where the token of the first start, which lies in the data directory of this machine, may be sent without being asked. */
const loopback = /^(localhost|127(\.\d+){3}|\[::1\])$/;

/** How long the service may take; test messages wait for providers. */
const TIMEOUT_MS = 120_000;

/**
 * Sends the request that the options and the environment point at.
 * @throws Failure when the service cannot be reached or says no
 */
export async function callApi(request: ApiRequest, line: CommandLine, deps: CliDeps): Promise<string> {
  const base = (textOption(line, 'url') ?? (deps.env['MM_URL'] || localUrl(deps.env))).replace(/\/+$/, '');
  if (!/^https?:\/\//.test(base) || !URL.canParse(base)) throw new Failure(`${redactUrl(base)} is not an http(s) URL`);
  const token = tokenOf(base, line, deps);
  const response = await send(base, request, { token, fetch: deps.fetch });
  const text = await response.text();
  if (response.ok) return text;
  throw new Failure(refusalOf(response, text, { hadToken: token !== null, env: deps.env }));
}

function localUrl(env: CliDeps['env']): string {
  return `http://127.0.0.1:${parseListen(env['MM_LISTEN'] ?? '')?.port ?? 8080}`;
}

function tokenOf(base: string, line: CommandLine, { env, readFile }: CliDeps): string | null {
  const given = textOption(line, 'token') ?? env['MM_ADMIN_TOKEN'];
  if (given) return given;
  const path = env['MM_ADMIN_TOKEN_FILE'];
  if (path) return readFile(path).trim();
  if (!loopback.test(new URL(base).hostname)) return null;
  try {
    return readFile(firstTokenFile(env)).trim();
  } catch {
    return null;
  }
}

/** Where a service that was given no token keeps the one that it has made. */
function firstTokenFile(env: CliDeps['env']): string {
  return join(env['MM_DATA_DIR'] || './data', 'admin-token');
}

async function send(
  base: string,
  request: ApiRequest,
  by: { token: string | null; fetch: typeof fetch },
): Promise<Response> {
  const headers: Record<string, string> = { Accept: request.accept ?? 'application/json' };
  if (by.token !== null) headers['Authorization'] = `Bearer ${by.token}`;
  if (request.body !== undefined) headers['Content-Type'] = request.body.type;
  try {
    return await by.fetch(base + request.path, {
      method: request.method,
      headers,
      signal: AbortSignal.timeout(TIMEOUT_MS),
      ...(request.body === undefined ? {} : { body: request.body.text }),
    });
  } catch (error) {
    const why = redactUrl(errorMessage(error));
    throw new Failure(
      `cannot reach ${redactUrl(base)}: ${why}\nIs the service running? Give its address with --url or MM_URL.`,
    );
  }
}

function refusalOf(
  response: Response,
  text: string,
  { hadToken, env }: { hadToken: boolean; env: CliDeps['env'] },
): string {
  if (response.status === 401) {
    const first = hadToken ? 'the service does not know this token; check' : 'the service wants a token: give';
    return `${first} --token or MM_ADMIN_TOKEN. A service that was given none has made one and keeps it in the file admin-token of its MM_DATA_DIR: ${firstTokenFile(env)}, as seen from here`;
  }
  const problem = problemShape.safeParse(jsonOf(text)).data;
  const faults =
    problem?.errors?.map((fault) => `\n  ${fault.path === '' ? '' : `${fault.path}: `}${fault.message}`) ?? [];
  if (faults.length > 0) return `the service refused (${response.status}):${faults.join('')}`;
  return `the service answered ${response.status}: ${problem?.detail ?? problem?.title ?? `${text.slice(0, 200).trim()}\nIs this the address of Monitor Manager?`}`;
}

/** The value of a JSON text; null when it is none. */
function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}

/**
 * Reads an answer of the service.
 * @throws Failure when it does not have the shape that this version of the command knows
 */
export function readAnswer<T>(shape: z.ZodType<T>, text: string): T {
  const answer = shape.safeParse(jsonOf(text));
  if (answer.success) return answer.data;
  throw new Failure(
    'the answer is not one of this version of Monitor Manager; is the address right, and both of one version?',
  );
}
