import { addressOf } from '../../parts/address.ts';

/** The page of a source. */
export const hrefOfSource = (name: string) => addressOf('/sources', name);

/** What a source does changes with every post, and no event tells of it. */
export const sourceRefetchMs = 5_000;
