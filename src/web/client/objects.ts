/** What admins edit, by the API: every kind is listed, read, made, replaced and removed in the same way. */
import { request, withQuery } from './request.ts';
import type { Kept, Page } from './types.ts';

/** As in the paths of the API. */
export type Kind =
  | 'alert-groups'
  | 'contacts'
  | 'robots'
  | 'schedules'
  | 'sources'
  | 'silences'
  | 'heartbeats'
  | 'time-intervals'
  | 'inhibition-rules'
  | 'daily-messages'
  | 'peers'
  | 'users'
  | 'tokens';

/** Path of one object, or of what belongs to it: `pathOf('contacts', 'li.wei', 'versions')`. */
export function pathOf(kind: Kind, key: string, ...more: readonly string[]): string {
  return ['api/v1', kind, ...[key, ...more].map(encodeURIComponent)].join('/');
}

/** Everything that a list of the API holds, however many pages it is. */
export async function readAll<T>(path: string, signal: AbortSignal): Promise<T[]> {
  const all: T[] = [];
  for (let cursor: string | null | undefined; cursor !== null; ) {
    const page: Page<T> = await request('GET', withQuery(path, { limit: 500, cursor }), { signal });
    all.push(...page.items);
    cursor = page.next_cursor;
  }
  return all;
}

/** Every object of a kind. */
export const allQuery = <T>(kind: Kind) => ({
  queryKey: ['config', kind],
  queryFn: ({ signal }: { signal: AbortSignal }) => readAll<T>(`api/v1/${kind}`, signal),
});

export const objectQuery = <T>(kind: Kind, key: string) => ({
  queryKey: ['config', kind, key],
  queryFn: ({ signal }: { signal: AbortSignal }) => request<T>('GET', pathOf(kind, key), { signal }),
});

/** Why an edit is made, and what else its query says. */
type EditQuery = Readonly<Record<string, string | undefined>>;

export function createObject<T>(kind: Kind, body: unknown, query: EditQuery = {}): Promise<T> {
  return request('POST', withQuery(`api/v1/${kind}`, query), { body });
}

/** The version of an object that an edit is based on. */
export interface Base {
  kind: Kind;
  key: string;
  version: number;
}

const ifMatch = ({ version }: Base) => `"${version}"`;

/** @throws ApiError 412: somebody has edited it since `version` */
export function replaceObject<T>(base: Base, body: unknown, query: EditQuery = {}): Promise<T> {
  return request('PUT', withQuery(pathOf(base.kind, base.key), query), { body, ifMatch: ifMatch(base) });
}

/** @throws ApiError 409: something refers to it; 412: somebody has edited it since `version` */
export function removeObject(base: Base): Promise<void> {
  return request('DELETE', pathOf(base.kind, base.key), { ifMatch: ifMatch(base) });
}

/** Lets what `apply` manages be edited by hand. */
export function unlockObject(base: Base): Promise<Kept> {
  return request('POST', pathOf(base.kind, base.key, 'unlock'), { ifMatch: ifMatch(base) });
}

/** How a version is restored. */
interface Restoration {
  to: number;
  comment: string;
  /** What is forgotten with what was removed: the key of a robot. */
  secrets?: Readonly<Record<string, string>> | undefined;
  /** What else its query says, for example a confirmation. */
  query?: EditQuery;
}

/** Goes back to a version, as a new version. A source that comes back has a new `token`, shown this once. */
export function restoreVersion<T extends Kept>(base: Base, { to, comment, secrets, query }: Restoration): Promise<T> {
  const path = pathOf(base.kind, base.key, 'versions', String(to), 'restore');
  return request('POST', withQuery(path, { ...query, comment }), { body: secrets, ifMatch: ifMatch(base) });
}
