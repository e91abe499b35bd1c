import type { DestinationHealth } from './types.ts';

/** Its last failure has not been followed by a success. Pure. */
export function hasFailedLast({ last_failed_at: failed, last_accepted_at: accepted }: DestinationHealth): boolean {
  return failed !== null && (accepted === null || Date.parse(failed) > Date.parse(accepted));
}
