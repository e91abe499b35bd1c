/** Reading JSON that a client sent, without trusting its shape. */
import { ApiError } from './errors.ts';

export type JsonObject = { readonly [key: string]: unknown };

/** The object at `key`, or an empty one. */
export function objectAt(from: JsonObject, key: string): JsonObject {
  const value = from[key];
  return isObject(value) ? value : {};
}

/** The text at `key`, or ''. */
export function textAt(from: JsonObject, key: string): string {
  const value = from[key];
  return typeof value === 'string' ? value : '';
}

/** The number at `key`, or 0. */
export function numberAt(from: JsonObject, key: string): number {
  const value = from[key];
  return typeof value === 'number' ? value : 0;
}

/** The list at `key`, or an empty one. @throws ApiError 40058 when it is something else. */
export function listAt(from: JsonObject, key: string): readonly unknown[] {
  const value = from[key] ?? [];
  if (!Array.isArray(value)) throw new ApiError(40058, `${key} should be an array. invalid Request Parameter`);
  return value;
}

/** The objects of a list; anything else in it is left out. */
export function objectsAt(from: JsonObject, key: string): JsonObject[] {
  return listAt(from, key).filter(isObject);
}

/** Parses a body, or null when it is no JSON object. */
export function parseObject(body: string): JsonObject | null {
  try {
    const value: unknown = JSON.parse(body);
    return isObject(value) ? value : null;
  } catch {
    return null;
  }
}

/** Bytes of the text in UTF-8, which is how the platform counts. */
export function bytesOf(text: string): number {
  return Buffer.byteLength(text);
}

function isObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
