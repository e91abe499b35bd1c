/** Addresses of the pages of people and rooms. */
import { addressOf } from '../../parts/address.ts';

export const hrefOfContact = (name: string) => addressOf('/people/contacts', name);
export const hrefOfRoom = (name: string) => addressOf('/people/robots', name);
