/** Silences: what they are made of, what they hide, and what is done to them. */
import { whileSignedIn } from './credential.ts';
import { type Base, createObject, pathOf, replaceObject } from './objects.ts';
import { ApiError, request } from './request.ts';
import type { Silence, SilencePreview, SilenceState } from './types.ts';

/** As the API takes it: it ends at a time, or after a duration. */
export interface SilenceDraft {
  name?: string;
  matchers: string[] | string[][];
  starts_at?: string;
  ends_at?: string;
  duration?: string;
  created_by?: string;
  comment: string;
  time_intervals?: string[];
  notify?: string[] | null;
  remind?: string;
}

/** Lists of matchers, one of which must match wholly. */
export function setsOf({ matchers }: Pick<Silence, 'matchers'>): string[][] {
  return matchers.every((one) => typeof one === 'string') ? [matchers as string[]] : (matchers as string[][]);
}

/** As the API prints it: one list stands alone. */
export function joinedSets(sets: readonly string[][]): string[] | string[][] {
  return sets.length === 1 ? (sets[0] ?? []) : [...sets];
}

const order: readonly SilenceState[] = ['pending', 'active', 'expired'];

/** Silences begin and end without an edit, so nobody tells the page; what the service has said of it holds at least. */
export function stateOf({ starts_at, ends_at, state }: Silence, now: number): SilenceState {
  const by = Date.parse(ends_at) <= now ? 'expired' : Date.parse(starts_at) > now ? 'pending' : 'active';
  return order.indexOf(by) < order.indexOf(state) ? state : by;
}

export const baseOf = ({ id, version }: Silence): Base => ({ kind: 'silences', key: id, version });

const confirmation = 'hides-all-critical';

/** The query of an edit by an admin who knows that the silence hides everything critical. */
export const confirmQuery = (confirmed: boolean) => ({ confirm: confirmed ? confirmation : undefined });

/** Whether an edit was refused because an admin has not confirmed that it hides everything critical. */
export function needsConfirmation(error: unknown): boolean {
  return error instanceof ApiError && error.status === 409 && error.body['reason'] === confirmation;
}

export function createSilence(draft: SilenceDraft, confirmed: boolean): Promise<Silence> {
  return createObject('silences', draft, confirmQuery(confirmed));
}

/** Gives it another end. */
export function endSilenceAt(silence: Silence, until: number, confirmed: boolean): Promise<Silence> {
  const { name, matchers, starts_at, created_by, comment, time_intervals, notify, remind } = silence;
  const ends_at = new Date(until).toISOString();
  const body: SilenceDraft = { matchers, starts_at, ends_at, created_by, comment, time_intervals, notify, remind };
  return replaceObject(baseOf(silence), name === undefined ? body : { ...body, name }, confirmQuery(confirmed));
}

export function endSilence({ id }: Silence): Promise<Silence> {
  return request('POST', pathOf('silences', id, 'expire'));
}

/**
 * What matchers hide now. It is costly to answer, so it is not read again at every change of an alert.
 * @param key id of the silence that has them
 */
export const previewQuery = (sets: readonly string[][], key?: string) => ({
  queryKey: ['silence-preview', key ?? null, sets],
  queryFn: ({ signal }: { signal: AbortSignal }) =>
    request<SilencePreview>('POST', 'api/v1/silences/preview', { body: { matchers: joinedSets(sets), key }, signal }),
  staleTime: 30_000,
  refetchInterval: () => whileSignedIn(60_000),
  retry: false,
});
