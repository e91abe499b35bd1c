/** Why a backtest failed, as whoever asked for it reads it. Pure. */
import { isStorageTrouble, isTooSlow } from '../errors.ts';
import { TooMuch } from './load.ts';

/** Words for an error, without what only the log may say. */
export function failureWords(error: unknown): string {
  if (error instanceof TooMuch) return error.message;
  if (isTooSlow(error))
    return 'The database is too slow just now: it took longer than a statement may to read what happened. Try again later, or take a shorter time.';
  if (isStorageTrouble(error)) return 'The database did not answer. Try again when it does.';
  return 'It broke off; the log of the service says why.';
}
