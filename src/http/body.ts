/** Reads the body of an API request. */
import express, { type Request, type Response } from 'express';
import { parse, YAMLParseError } from 'yaml';
import { HttpProblem, invalid } from './problem.ts';
import type { AnyRoute, BodyType } from './route.ts';

/** 1 MiB, unless the route says otherwise. */
const defaultLimit = 1 << 20;

/** Media types that mean YAML; `application/yaml` is the registered one (RFC 9512). */
const yamlTypes = new Set(['application/yaml', 'application/x-yaml', 'text/yaml', 'text/x-yaml']);

/**
 * The parsed body, undefined when the route takes none.
 * @throws HttpProblem 413, 415, or 400 with the place of the syntax error. Never quotes the body: it can hold secrets.
 */
export async function readBody(route: AnyRoute, req: Request, res: Response): Promise<unknown> {
  if (route.schemas.body === undefined) return undefined;
  const raw = await rawBody(req, res, route.bodyLimit ?? defaultLimit);
  if (raw.length === 0) return undefined;
  const type = bodyType(req);
  if (type === null || !(route.consumes ?? ['application/json']).includes(type)) {
    throw new HttpProblem(415, `Send the body as ${(route.consumes ?? ['application/json']).join(' or ')}.`, {
      headers: { Accept: (route.consumes ?? ['application/json']).join(', ') },
    });
  }
  const text = decode(raw);
  return type === 'application/json' ? parseJson(text) : parseYaml(text);
}

function rawBody(req: Request, res: Response, limit: number): Promise<Buffer> {
  const read = express.raw({ type: () => true, limit });
  return new Promise((resolve, reject) => {
    read(req, res, (error: unknown) => {
      if (error !== undefined && error !== null) reject(error);
      else resolve(Buffer.isBuffer(req.body) ? req.body : Buffer.alloc(0));
    });
  });
}

function bodyType(req: Request): BodyType | null {
  const type = (req.headers['content-type'] ?? 'application/json').split(';')[0]!.trim().toLowerCase();
  if (yamlTypes.has(type)) return 'application/yaml';
  return type === 'application/json' || type.endsWith('+json') ? 'application/json' : null;
}

function decode(raw: Buffer): string {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(raw);
  } catch {
    throw new HttpProblem(400, 'The body is not UTF-8.');
  }
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    const place = /position \d+(?: \(line \d+ column \d+\))?/.exec(String(error))?.[0];
    throw malformed(`not valid JSON${place === undefined ? '' : ` at ${place}`}`);
  }
}

/** @throws HttpProblem 400 with the place of the syntax error; it never quotes the text */
export function parseYaml(text: string): unknown {
  try {
    return parse(text, { prettyErrors: true });
  } catch (error) {
    const at = error instanceof YAMLParseError ? error.linePos?.[0] : undefined;
    throw malformed(`not valid YAML${at === undefined ? '' : ` at line ${at.line}, column ${at.col}`}`);
  }
}

function malformed(message: string): HttpProblem {
  return invalid([{ in: 'body', path: '', message }]);
}
