/** One HTTP exchange with WeCom's API, told apart by whether the request can have reached it. */
import http from 'node:http';
import https from 'node:https';
import { DeliveryError } from '../channel.ts';
import { redact } from '../redact.ts';

/** One request. Query values and `secrets` never appear in an error. */
export interface Call {
  apiUrl: string;
  path: string;
  query: Readonly<Record<string, string>>;
  /** Frozen JSON to post; absent for a GET. */
  body?: string;
  secrets: readonly string[];
  timeoutMs: number;
  /** Ends the whole of several calls. */
  deadline?: AbortSignal;
}

/** WeCom answers with small objects; more is not WeCom. */
const maxAnswerBytes = 256 * 1024;

const tlsTrouble = /CERT|SELF_SIGNED|UNABLE_TO|ERR_SSL|ERR_TLS|EPROTO/;

interface Exchange {
  status: number;
  text: string;
  complete: boolean;
}

function urlOf({ apiUrl, path, query }: Call): URL {
  const url = new URL(`${apiUrl.replace(/\/+$/, '')}${path}`);
  for (const [name, value] of Object.entries(query)) url.searchParams.set(name, value);
  return url;
}

function failure(call: Call, error: NodeJS.ErrnoException, reached: boolean): DeliveryError {
  const timedOut = error.name === 'TimeoutError' || error.code === 'ETIMEDOUT';
  const code = timedOut ? 'timeout' : (error.code ?? error.name);
  const words = redact(
    `${call.path}: ${reached ? 'no answer after the request was sent' : 'no connection'} (${code})`,
    [...call.secrets],
  );
  if (!reached && tlsTrouble.test(code)) {
    return new DeliveryError(words, {
      kind: 'config',
      reason: 'misconfigured',
      remedy: 'The TLS certificate of the WeCom API address is not trusted: check the address and the proxy before it.',
    });
  }
  const kind = reached && call.body !== undefined ? 'in_doubt' : 'transient';
  const remedy = reached
    ? {}
    : { remedy: 'The WeCom API does not answer: check the way there (DNS, proxy, firewall).' };
  return new DeliveryError(words, { kind, reason: timedOut ? 'timeout' : 'network', ...remedy });
}

/** Reads an answer, even half of one. */
function read(response: http.IncomingMessage, done: (exchange: Exchange) => void): void {
  const chunks: Buffer[] = [];
  let bytes = 0;
  const end = () =>
    done({
      status: response.statusCode ?? 0,
      text: Buffer.concat(chunks).toString('utf8'),
      complete: response.complete && bytes <= maxAnswerBytes,
    });
  response.on('data', (chunk: Buffer) => {
    bytes += chunk.length;
    if (bytes > maxAnswerBytes) response.destroy();
    else chunks.push(chunk);
  });
  // After an error `close` follows too, so there is one way out.
  response.on('error', () => {});
  response.on('close', end);
}

function signalOf({ timeoutMs, deadline }: Call): AbortSignal {
  const timeout = AbortSignal.timeout(timeoutMs);
  return deadline ? AbortSignal.any([timeout, deadline]) : timeout;
}

/** Resolves with what came back; rejects with a DeliveryError when nothing did. */
function exchange(call: Call): Promise<Exchange> {
  const url = urlOf(call);
  const secure = url.protocol === 'https:';
  return new Promise((resolve, reject) => {
    let reached = false;
    // A connection of its own for each request: one that is kept alive can be closed by the other side just while we
    // write, and then nobody knows whether the message arrived.
    const request = (secure ? https : http).request(url, {
      method: call.body === undefined ? 'GET' : 'POST',
      agent: false,
      signal: signalOf(call),
      headers: { accept: 'application/json', ...(call.body === undefined ? {} : bodyHeaders(call.body)) },
    });
    request.on('socket', (socket) =>
      socket.once(secure ? 'secureConnect' : 'connect', () => {
        reached = true;
      }),
    );
    request.on('error', (error) => reject(failure(call, rootOf(error), reached)));
    request.on('response', (response) => read(response, resolve));
    request.end(call.body);
  });
}

/** An aborted request hides the reason (a time-out) in its cause. */
function rootOf(error: NodeJS.ErrnoException): NodeJS.ErrnoException {
  return error.name === 'AbortError' && error.cause instanceof Error ? rootOf(error.cause) : error;
}

function bodyHeaders(body: string) {
  return { 'content-type': 'application/json; charset=utf-8', 'content-length': Buffer.byteLength(body) };
}

function parsed(text: string): Record<string, unknown> | null {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null ? { ...value } : null;
  } catch {
    return null;
  }
}

/**
 * Calls the API and returns its JSON object; the HTTP status says nothing about success, `errcode` does.
 * @throws DeliveryError transient when no WeCom answered (no connection, a proxy's page, another status than 2xx),
 * in_doubt when a posted request was sent but its answer is missing or cut off.
 */
export async function callWecom(call: Call): Promise<Record<string, unknown>> {
  const { status, text, complete } = await exchange(call);
  // Redacted before it is cut: half of a key would not be found.
  const answer = redact(`HTTP ${status}: ${text}`, call.secrets).slice(0, 220);
  if (status < 200 || status > 299) {
    throw new DeliveryError(`${call.path}: HTTP ${status}`, { kind: 'transient', reason: 'provider_error', answer });
  }
  const value = complete ? parsed(text) : null;
  if (value && typeof value['errcode'] === 'number') return value;
  const cutOff = call.body !== undefined && (!complete || (text.trimStart().startsWith('{') && !parsed(text)));
  throw new DeliveryError(`${call.path}: the answer is ${cutOff ? 'cut off' : 'not from WeCom'}`, {
    kind: cutOff ? 'in_doubt' : 'transient',
    reason: 'provider_error',
    answer,
  });
}
