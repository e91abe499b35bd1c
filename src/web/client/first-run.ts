/** What a newcomer has done already, as far as the API knows. */
import { hasFailedLast } from './health.ts';
import { pathOf } from './objects.ts';
import { request } from './request.ts';
import type { DestinationHealth, Page } from './types.ts';

/** As much of a source as matters before the first post. */
export interface NewSource {
  name: string;
  activity: { state: 'ok' | 'quiet' | 'never' | null; last_post_at: string | null } | null;
}

/** An alert group, as far as it says whom it tells. */
export interface NewGroup {
  name: string;
  builtin: string | null;
  members: string[];
}

export interface NewContact {
  name: string;
  email: string | null;
  wecom: string | null;
}

/** The first of each are enough: whoever has more is no newcomer. */
const few = <T>(kind: string) => request<Page<T>>('GET', `api/v1/${kind}?limit=100`).then(({ items }) => items);

export interface Progress {
  sources: NewSource[];
  contacts: NewContact[];
  /** Without the built-in ones. */
  groups: NewGroup[];
}

export const progressQuery = {
  queryKey: ['config', 'first-run'],
  queryFn: async (): Promise<Progress> => {
    const [sources, contacts, groups] = await Promise.all([
      few<NewSource>('sources'),
      few<NewContact>('contacts'),
      few<NewGroup>('alert-groups'),
    ]);
    return { sources, contacts, groups: groups.filter(({ builtin }) => builtin === null) };
  },
};

/** A source that has posted. */
export function posted({ activity }: NewSource): boolean {
  return activity !== null && activity.last_post_at !== null;
}

/** Whether somebody who may should be led on. Pure. */
export function isNew({ sources, groups }: Progress): boolean {
  return groups.length === 0 || !sources.some(posted);
}

/** Whether alerts arrive and somebody would be told, but for the test of it. Pure. */
export function isReady({ sources, contacts, groups }: Progress): boolean {
  return sources.some(posted) && contacts.some(hasAddress) && groups.some(({ members }) => members.length > 0);
}

/** Somebody whom a message can reach. */
export function hasAddress({ email, wecom }: NewContact): boolean {
  return email !== null || wecom !== null;
}

/** Whether a mail server or WeCom accepted the last message to any address. */
export const acceptedQuery = {
  queryKey: ['notifications', 'first-accepted'],
  queryFn: async (): Promise<boolean> => {
    const { items } = await request<Page<DestinationHealth>>('GET', 'api/v1/destinations?limit=100');
    return items.some((one) => one.channel !== 'outbox' && one.last_accepted_at !== null && !hasFailedLast(one));
  },
};

/** How the last test went, which nothing stores and which says more than what has worked before; null: none was tried. */
export const triedQuery = {
  queryKey: ['first-run', 'tried'],
  queryFn: (): boolean | null => null,
  // Everything is read again whenever the page is live again: this would be forgotten.
  staleTime: 'static' as const,
  gcTime: Number.POSITIVE_INFINITY,
};

/** What to paste into `alertmanager.yml`; `<token>` stands in it for the token. */
export const receiverTextQuery = (source: string) => ({
  queryKey: ['config', 'first-run', 'receiver', source],
  queryFn: async () => {
    const path = `${pathOf('sources', source, 'alertmanager-config')}?format=json`;
    return (await request<{ text: string }>('GET', path)).text;
  },
});

/** One more token for a source; it is shown this once. */
export async function newToken(source: string): Promise<string> {
  return (await request<{ token: string }>('POST', pathOf('sources', source, 'tokens'))).token;
}
