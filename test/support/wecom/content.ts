/** The limits of each message type, in bytes of UTF-8. */
import { createHash } from 'node:crypto';
import { ApiError } from './errors.ts';
import type { JsonObject } from './json.ts';
import { bytesOf, objectAt, objectsAt, textAt } from './json.ts';

/** Text that will be shown, and whether it was cut. */
export interface Shown {
  content: string;
  truncated: boolean;
}

const nothingShown: Shown = { content: '', truncated: false };

/** App text over its limit is cut silently, wherever the byte falls. @throws ApiError 44004 when empty. */
export function cutText(body: JsonObject, limit: number): Shown {
  const content = notEmpty(body, 'text');
  if (bytesOf(content) <= limit) return { content, truncated: false };
  return { content: Buffer.from(content).subarray(0, limit).toString(), truncated: true };
}

/** @throws ApiError 44004 when empty, 40058 when longer than `limit`. */
export function strictText(body: JsonObject, msgtype: string, limit: number): Shown {
  const content = notEmpty(body, msgtype);
  if (bytesOf(content) > limit) throw tooLong(`${msgtype}.content`, limit);
  return { content, truncated: false };
}

/** @throws ApiError 40058 unless title and description are there and the url has a scheme. */
export function checkTextCard(body: JsonObject): Shown {
  const card = objectAt(body, 'textcard');
  if (textAt(card, 'title') === '' || textAt(card, 'description') === '') throw new ApiError(40058);
  if (!/^https?:\/\//.test(textAt(card, 'url'))) throw new ApiError(45034, 'url without scheme');
  if (bytesOf(textAt(card, 'url')) > 2_048) throw tooLong('textcard.url', 2_048);
  return nothingShown;
}

/** @throws ApiError 40058 unless there are 1 to 8 articles with title and url. */
export function checkNews(body: JsonObject): Shown {
  const articles = objectsAt(objectAt(body, 'news'), 'articles');
  if (articles.length < 1 || articles.length > 8) throw new ApiError(40058, 'invalid articles size');
  if (articles.some((one) => textAt(one, 'title') === '' || textAt(one, 'url') === '')) throw new ApiError(40058);
  return nothingShown;
}

/** @throws ApiError 40058 unless md5 belongs to the decoded image and that has at most 2 MB. */
export function checkImage(body: JsonObject): Shown {
  const image = objectAt(body, 'image');
  const bytes = Buffer.from(textAt(image, 'base64'), 'base64');
  if (bytes.length === 0 || bytes.length > 2 * 1024 * 1024) throw new ApiError(40058, 'invalid image size');
  const md5 = createHash('md5').update(bytes).digest('hex');
  if (textAt(image, 'md5').toLowerCase() !== md5) throw new ApiError(40058, 'image md5 not match');
  return nothingShown;
}

function notEmpty(body: JsonObject, msgtype: string): string {
  const content = textAt(objectAt(body, msgtype), 'content');
  if (content === '') throw new ApiError(44004);
  return content;
}

/** The wording of the real platform. */
export function tooLong(field: string, limit: number): ApiError {
  return new ApiError(40058, `${field} exceed max length ${limit}. invalid Request Parameter`);
}
