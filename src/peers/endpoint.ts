/**
 * Takes the probes of peers. By hand and before express, like the webhook: the signature is over the bytes of the body, which
 * are read only from who names a peer, and never more than 64 kB of them.
 */
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Peer } from '../alert/peer.ts';
import type { Clock } from '../clock.ts';
import { createThrottle, networkOf } from '../http/throttle.ts';
import { createNonces } from './nonces.ts';
import { type Question, questionSchema, type Refusal } from './questions.ts';
import {
  acceptedMs,
  headers,
  isSame,
  nameInHeader,
  probePath,
  type SignedHead,
  signAnswer,
  signRequest,
} from './sign.ts';

export interface EndpointParts {
  clock: Clock;
  /** Name of our own site. */
  site: string;
  peers: () => readonly Peer[];
  /** Answers what a peer has asked. */
  answer: (peer: Peer, question: Question) => Promise<object>;
  onRefused: (why: Refusal) => void;
  onFault: (error: unknown) => void;
}

const bodyLimit = 64 * 1024;
/**
 * From where more is refused, only what is as small as a probe is still looked at: a proxy may stand before good and bad
 * alike, and nobody must be able to make a site look dead.
 */
const smallBytes = 1_024;
const refusedAtMost = { max: 60, windowMs: 60_000 };
/** A busy site with several replicas asks some hundred times a minute. */
const acceptedAtMost = { max: 3_000, windowMs: 60_000 };

const statuses: Partial<Record<Refusal, number>> = { too_large: 413, malformed: 400, too_many: 429 };

class Refused extends Error {
  readonly why: Refusal;
  /** Whom the answer may be signed for. */
  readonly to: Verified | null;
  constructor(why: Refusal, to: Verified | null = null) {
    super(why);
    this.why = why;
    this.to = to;
  }
}

/** Who has asked, proven. */
interface Verified {
  peer: Peer;
  head: SignedHead;
}

/** @returns a function that says whether the request was for it */
export function createEndpoint(parts: EndpointParts): (req: IncomingMessage, res: ServerResponse) => boolean {
  const { clock } = parts;
  const nonces = createNonces();
  const refused = createThrottle(refusedAtMost, 'refused too often');
  const accepted = createThrottle(acceptedAtMost, 'asked too often');
  /** Windows go by time that cannot be set back. */
  const passed = () => new Date(clock.monotonicMs());

  async function verify(req: IncomingMessage): Promise<Verified & { body: Buffer }> {
    const head = headOf(req);
    const peer = parts.peers().find(({ name }) => name === head.from);
    if (peer === undefined) throw new Refused('unknown_peer');
    const body = await readBody(req);
    const signature = textOf(req, headers.signature);
    if (!isSame(signature, signRequest(peer.secret, head, body))) throw new Refused('bad_signature');
    if (head.to !== parts.site) throw new Refused('wrong_site', { peer, head });
    if (Math.abs(clock.now().getTime() - head.time) > acceptedMs) throw new Refused('stale', { peer, head });
    if (!nonces.take(peer.name, head.nonce, clock.monotonicMs())) throw new Refused('replayed');
    return { peer, head, body };
  }

  async function handle(req: IncomingMessage, res: ServerResponse): Promise<void> {
    const from = networkOf(req.socket.remoteAddress ?? '');
    const often = isOver(() => refused.refuse(from, passed()));
    try {
      if (often && !(Number(req.headers['content-length']) <= smallBytes)) throw new Refused('too_many');
      const { peer, head, body } = await verify(req);
      if (isOver(() => accepted.refuse(peer.name, passed()))) throw new Refused('too_many', { peer, head });
      accepted.count(peer.name, passed());
      const question = questionOf(body, { peer, head });
      send(req, res, { status: 200, body: await parts.answer(peer, question), to: { peer, head } });
    } catch (error) {
      if (!(error instanceof Refused)) {
        parts.onFault(error);
        return send(req, res, { status: 503, body: { reason: 'fault' }, to: null });
      }
      parts.onRefused(error.why);
      if (error.to === null) refused.count(from, passed());
      const reason = often && error.to === null ? 'too_many' : error.why;
      send(req, res, { status: statuses[reason] ?? 401, body: { reason }, to: error.to });
    }
  }

  /** What is signed bears the time, also that of a refusal: so a wrong clock is found, and corrected for. */
  function send(
    req: IncomingMessage,
    res: ServerResponse,
    { status, body, to }: { status: number; body: object; to: Verified | null },
  ): void {
    if (res.destroyed) return;
    const text = JSON.stringify(body);
    const time = clock.now().getTime();
    const signed = (of: Verified) => ({
      [headers.time]: String(time),
      [headers.signature]: signAnswer(of.peer.secret, { nonce: of.head.nonce, status, time }, text),
    });
    res.writeHead(status, {
      'content-type': 'application/json',
      'cache-control': 'no-store',
      'content-length': Buffer.byteLength(text),
      ...(to === null ? {} : signed(to)),
      // A body that is not read to its end would be taken for the next request.
      ...(req.complete ? {} : { connection: 'close' }),
    });
    res.end(text);
  }

  return (req, res) => {
    if (req.method !== 'POST' || req.url?.split('?')[0] !== probePath) return false;
    handle(req, res).catch(parts.onFault);
    return true;
  };
}

function isOver(refuse: () => void): boolean {
  try {
    refuse();
    return false;
  } catch {
    return true;
  }
}

function textOf(req: IncomingMessage, name: string): string {
  const value = req.headers[name];
  return typeof value === 'string' ? value : '';
}

function headOf(req: IncomingMessage): SignedHead {
  const [from, to] = [siteOf(textOf(req, headers.from)), siteOf(textOf(req, headers.to))];
  const [time, nonce] = [textOf(req, headers.time), textOf(req, headers.nonce)];
  if (from === null || to === null || !/^\d{1,15}$/.test(time) || !/^[0-9a-f]{32}$/.test(nonce))
    throw new Refused('not_signed');
  return { from, to, time: Number(time), nonce };
}

/** Only as {@link nameInHeader} writes it: it is signed in that form. */
function siteOf(text: string): string | null {
  try {
    const name = decodeURIComponent(text);
    return name !== '' && text.length <= 900 && nameInHeader(name) === text ? name : null;
  } catch {
    return null;
  }
}

function questionOf(body: Buffer, to: Verified): Question {
  try {
    return questionSchema.parse(JSON.parse(body.toString('utf8')));
  } catch {
    throw new Refused('malformed', to);
  }
}

function readBody(req: IncomingMessage): Promise<Buffer> {
  if (Number(req.headers['content-length'] ?? 0) > bodyLimit) throw new Refused('too_large');
  const chunks: Buffer[] = [];
  let size = 0;
  return new Promise((resolve, reject) => {
    req.on('data', (chunk: Buffer) => {
      size += chunk.length;
      if (size > bodyLimit) reject(new Refused('too_large'));
      else chunks.push(chunk);
    });
    req.on('end', () => resolve(Buffer.concat(chunks, size)));
    req.on('error', () => reject(new Refused('broken_off')));
  });
}
