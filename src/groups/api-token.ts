/** What the members of a source are asked with, and where it may go. Pure. */
import type { SourceMember } from '../alert/member.ts';
import { SECRET } from './fields.ts';
import type { Body } from './kinds.ts';
import type { Stored } from './objects.ts';

/**
 * Why an edit needs the `api_token` again; null: it does not. Whoever may edit a source cannot read its token, and must not
 * get it by having it sent to a server of their own.
 */
export function apiTokenFault(before: Pick<Stored, 'body' | 'apiToken'> | null, body: Body): string | null {
  if (!keepsApiToken(body)) return null;
  const stored = before?.apiToken ?? null;
  if (stored === null) return body['api_token'] === SECRET ? 'there is none stored: it has to be given' : null;
  const known = new Set(originsOf(before?.body ?? {}));
  if (originsOf(body).every((origin) => known.has(origin))) return null;
  return 'an address is new: give the token again, or null for none';
}

/** Whether an edit changes the stored one. */
export function changesApiToken(before: Pick<Stored, 'apiToken'>, body: Body): boolean {
  return !keepsApiToken(body) && (body['api_token'] ?? null) !== before.apiToken;
}

function keepsApiToken(body: Body): boolean {
  return body['api_token'] === undefined || body['api_token'] === SECRET;
}

function originsOf(body: Body): string[] {
  const members = (body['members'] as SourceMember[] | undefined) ?? [];
  const urls = [
    ...members.map((member) => (typeof member === 'string' ? null : member.api_url)),
    body['prometheus_url'],
  ];
  return urls.flatMap((url) => (typeof url === 'string' ? new URL(url).origin : []));
}
