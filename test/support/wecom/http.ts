/** The HTTP side of the fake platform: routes, faults and the `/_ctl/` paths. */
import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import { createServer } from 'node:http';
import { recallAppMessage, sendAppMessage } from './app-messages.ts';
import { updateCard } from './cards.ts';
import type { Answer } from './errors.ts';
import { ApiError, errorAnswer } from './errors.ts';
import type { Fault, Faults } from './faults.ts';
import { preventsHandling, respond } from './faults.ts';
import { oldToken, sendTemplateMessage, stableToken } from './official.ts';
import type { Call, Handler } from './request.ts';
import { sendRobotMessage, uploadRobotMedia } from './robots.ts';
import type { State } from './state.ts';
import { getToken } from './tokens.ts';

const routes: Record<string, Handler> = {
  '/cgi-bin/gettoken': getToken,
  '/cgi-bin/message/send': sendAppMessage,
  '/cgi-bin/message/recall': recallAppMessage,
  '/cgi-bin/message/update_template_card': updateCard,
  '/cgi-bin/webhook/send': sendRobotMessage,
  '/cgi-bin/webhook/upload_media': uploadRobotMedia,
  '/cgi-bin/stable_token': stableToken,
  '/cgi-bin/token': oldToken,
  '/cgi-bin/message/template/send': sendTemplateMessage,
};

/** Makes the server; the caller lets it listen. `invalidate` kills all tokens. */
export function wecomHttpServer(state: State, faults: Faults, invalidate: () => void): Server {
  return createServer((request, response) => {
    serve(request, response, { state, faults, invalidate }).catch((error: unknown) => {
      response.writeHead(500).end(String(error));
    });
  });
}

async function serve(
  request: IncomingMessage,
  response: ServerResponse,
  { state, faults, invalidate }: { state: State; faults: Faults; invalidate: () => void },
): Promise<void> {
  const url = new URL(request.url ?? '/', 'http://fake');
  const raw = Buffer.concat((await request.toArray()) as Buffer[]);
  if (url.pathname === '/_ctl/messages') return respond(response, state.messages, null);
  if (url.pathname === '/_ctl/invalidate') {
    invalidate();
    return respond(response, {}, null);
  }
  const fault = faults.take(url.pathname);
  const method = request.method ?? '';
  const ip = request.socket.remoteAddress ?? '';
  const contentType = request.headers['content-type'] ?? '';
  const call: Call = { state, method, query: url.searchParams, raw, contentType, ip };
  const answer = await answerTo(call, url.pathname, fault);
  const mangled = fault?.reset || fault?.status || fault?.truncated;
  state.requests.push({
    at: state.clock.now(),
    method,
    path: url.pathname,
    body: raw.toString(),
    errcode: mangled || answer === null ? null : (answer.errcode ?? 0),
  });
  if (answer === null) return void response.writeHead(404).end();
  await respond(response, answer, fault);
}

async function answerTo(call: Call, path: string, fault: Fault | null): Promise<Answer | null> {
  const handler = routes[path];
  if (handler === undefined) return null;
  try {
    if (fault?.errcode !== undefined) throw new ApiError(fault.errcode, fault.errmsg);
    return fault && preventsHandling(fault) ? {} : await handler(call);
  } catch (error) {
    if (error instanceof ApiError) return errorAnswer(error, call.ip);
    throw error;
  }
}
