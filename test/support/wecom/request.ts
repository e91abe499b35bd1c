/** A request as the handlers see it. */
import type { Answer } from './errors.ts';
import { ApiError, wrongJson } from './errors.ts';
import type { JsonObject } from './json.ts';
import { parseObject } from './json.ts';
import type { State } from './state.ts';

/** One API call. */
export interface Call {
  state: State;
  method: string;
  query: URLSearchParams;
  /** The body, byte for byte. */
  raw: Buffer;
  contentType: string;
  ip: string;
}

/** Answers one API call. @throws ApiError */
export type Handler = (call: Call) => Answer | Promise<Answer>;

/** The JSON body of a POST. @throws ApiError 40058 for GET and for anything that is no JSON object. */
export function bodyOf(call: Call): JsonObject {
  if (call.method !== 'POST') throw new ApiError(40058, 'POST method expected. invalid Request Parameter');
  const body = parseObject(call.raw.toString());
  if (body === null) throw wrongJson();
  return body;
}
