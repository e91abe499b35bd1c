import { addressOf } from '../../parts/address.ts';

export const hrefOfPeer = (name: string) => addressOf('/peers', name);

/** Peers change without an edit, and no event tells. */
export const peersRefetchMs = 10_000;
