/** The addresses in the fields of receivers. Pure. */
import { emailAddress, wecomUserid } from '../fields.ts';

/** What a field names, and what of it is no address that we can use. */
export interface Addresses {
  good: string[];
  bad: string[];
}

/** A field that Alertmanager fills in when it sends. */
export function isTemplate(text: string): boolean {
  return text.includes('{{');
}

/** The addresses of a `to`: several with commas between them, each with or without a name before it. */
export function mailAddresses(to: string): Addresses {
  const found = splitOutsideQuotes(to).map((part) => (/<([^<>]*)>\s*$/.exec(part)?.[1] ?? part).trim());
  return sorted(found, (text) => emailAddress.safeParse(text).success);
}

/** The userids of a `to_user`, with `|` between them. */
export function userids(toUser: string): Addresses {
  return sorted(
    toUser.split('|').map((part) => part.trim()),
    (text) => wecomUserid.safeParse(text).success,
  );
}

function sorted(texts: readonly string[], isGood: (text: string) => boolean): Addresses {
  const there = texts.filter((text) => text !== '');
  return { good: there.filter(isGood), bad: there.filter((text) => !isGood(text)) };
}

/** At the commas that are not within a quoted name. */
function splitOutsideQuotes(text: string): string[] {
  return [...text.matchAll(/(?:"(?:[^"\\]|\\[\s\S])*"?|[^",])+/g)].map(([part]) => part);
}
