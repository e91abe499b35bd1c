/** Errors as HTTP answers: RFC 9457 problem details. */
import { STATUS_CODES } from 'node:http';
import type { ZodError } from 'zod';
import { errorCode, isStorageTrouble } from '../errors.ts';

/** One thing that is wrong with a request, and where. */
export interface Fault {
  /** Which part of the request. */
  in: 'path' | 'query' | 'body';
  /** Where in that part, for example `alert_groups[0].matchers[1]`; empty for the whole. */
  path: string;
  message: string;
}

/** Throw it from anywhere below a route to answer with this status. Its text is shown to the client: no secrets. */
export class HttpProblem extends Error {
  readonly status: number;
  readonly faults: readonly Fault[];
  readonly headers: Readonly<Record<string, string>>;
  /** More members of the body, for programs. */
  readonly more: Readonly<Record<string, unknown>>;

  constructor(
    status: number,
    detail: string,
    more: {
      faults?: readonly Fault[];
      headers?: Record<string, string>;
      cause?: unknown;
      more?: Record<string, unknown>;
    } = {},
  ) {
    super(detail, { cause: more.cause });
    this.name = 'HttpProblem';
    this.status = status;
    this.faults = more.faults ?? [];
    this.headers = more.headers ?? {};
    this.more = more.more ?? {};
  }
}

/** The body of a problem answer. */
export function problemBody(problem: HttpProblem, requestId: string): Record<string, unknown> {
  return {
    ...problem.more,
    type: 'about:blank',
    title: STATUS_CODES[problem.status] ?? 'Error',
    status: problem.status,
    detail: problem.message,
    ...(problem.faults.length > 0 ? { errors: problem.faults } : {}),
    request_id: requestId,
  };
}

/** A problem as one text: what is wrong where, or else what happened. */
export function problemText({ faults, message }: HttpProblem): string {
  if (faults.length === 0) return message;
  return faults.map((fault) => (fault.path === '' ? fault.message : `${fault.path}: ${fault.message}`)).join('; ');
}

/** `['alert_groups', 0, 'name']` as people write it: `alert_groups[0].name`. */
export function pathText(path: readonly PropertyKey[]): string {
  return path.reduce<string>((text, part) => {
    if (typeof part === 'number') return `${text}[${part}]`;
    return text === '' ? String(part) : `${text}.${String(part)}`;
  }, '');
}

/** What zod found, one fault for each problem; each unknown key is a fault of its own, at its own path. */
export function faultsOf(error: ZodError, where: Fault['in']): Fault[] {
  return error.issues.flatMap((issue) => {
    if (issue.code !== 'unrecognized_keys') return [{ in: where, path: pathText(issue.path), message: issue.message }];
    return issue.keys.map((key) => ({ in: where, path: pathText([...issue.path, key]), message: 'unknown key' }));
  });
}

/** The answer to a request that is wrong in these places; the detail names the first few, for logs and scripts. */
export function invalid(faults: readonly Fault[]): HttpProblem {
  const first = faults.slice(0, 3).map((fault) => `${fault.path || fault.in}: ${fault.message}`);
  const rest = faults.length > 3 ? `; and ${faults.length - 3} more` : '';
  return new HttpProblem(400, `${first.join('; ')}${rest}`, { faults });
}

/** PostgreSQL cannot hold the value: NUL or half a character in a text, a time that is none. Only a client sends such. */
const unstorable = /^(22021|22P05|22007|22008)$/;

/** PostgreSQL: two edits raced past the check that names the clash. */
const uniqueViolation = '23505';

/** Errors of body-parser and the router carry the status that they want. */
function statusOf(error: unknown): number {
  if (!(error instanceof Error) || !('status' in error) || typeof error.status !== 'number') return 500;
  return error.status >= 400 && error.status < 500 ? error.status : 500;
}

/** Words for errors that are not ours: their own text can quote the request, so it is not passed on. */
const wordsFor: Readonly<Record<number, string>> = {
  400: 'The request is malformed.',
  413: 'The body is too large.',
  415: 'The encoding of the body is not supported.',
};

/** Any thrown value as a problem. Details of a 5xx stay here: the client is told nothing but the status. */
export function problemOf(error: unknown): HttpProblem {
  if (error instanceof HttpProblem) return error;
  if (isStorageTrouble(error)) {
    const headers = { 'Retry-After': '2' };
    return new HttpProblem(503, 'The storage does not answer; try again.', { headers, cause: error });
  }
  if (unstorable.test(errorCode(error) ?? '')) {
    return new HttpProblem(400, 'The request holds a text or a time that cannot be stored.', { cause: error });
  }
  if (errorCode(error) === uniqueViolation) {
    return new HttpProblem(409, 'Somebody else has just made one of the same name.', { cause: error });
  }
  const status = statusOf(error);
  const words =
    wordsFor[status] ?? (status === 500 ? 'Something went wrong here; the log has it.' : 'The request failed.');
  return new HttpProblem(status, words, { cause: error });
}
