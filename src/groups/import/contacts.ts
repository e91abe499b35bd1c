/** From the addresses of all receivers to people. Pure. */
import { nameFrom, numbered, unusable } from './names.ts';
import { type Note, quoted } from './raw.ts';
import type { Audience } from './receivers.ts';

/** A person of the document. */
export interface Person {
  name: string;
  email?: string;
  wecom?: string;
}

/** Everybody, and who of them an audience is. */
export interface People {
  people: readonly Person[];
  membersOf: (audience: Audience) => string[];
}

/** Mail servers and WeCom read addresses without regard to upper case. */
const folded = (address: string) => address.toLowerCase();

/**
 * Each address is of one person. An e-mail address and a userid are of the same one when they stand in one receiver and
 * what comes before the @ is the userid.
 */
export function peopleOf(audiences: readonly Audience[], note: Note): People {
  const byAddress = new Map<string, Person>();
  const people: Person[] = [];
  const meet = (key: string, person: Person) => {
    byAddress.set(key, person);
    people.push(person);
  };
  const names = new Set(unusable);
  for (const email of audiences.flatMap((audience) => audience.emails)) {
    if (byAddress.has(mailKey(email))) continue;
    meet(mailKey(email), { name: freeName([localPart(email), email], names), email });
  }
  for (const audience of audiences) pair(audience, byAddress);
  for (const wecom of audiences.flatMap((audience) => audience.userids)) {
    if (byAddress.has(wecomKey(wecom))) continue;
    meet(wecomKey(wecom), { name: freeName([wecom, `${wecom}-wecom`], names), wecom });
  }
  for (const audience of audiences) noteMore(audience, byAddress, note);
  const membersOf = (audience: Audience) => [...new Set(personsOf(audience, byAddress).map((person) => person.name))];
  return { people, membersOf };
}

const mailKey = (email: string) => `mail ${folded(email)}`;
const wecomKey = (userid: string) => `wecom ${folded(userid)}`;

function localPart(email: string): string {
  return email.slice(0, email.indexOf('@'));
}

/** Gives userids to the people whom their e-mail addresses in the same receiver name. */
function pair({ emails, userids }: Audience, byAddress: Map<string, Person>): void {
  for (const wecom of userids) {
    if (byAddress.has(wecomKey(wecom))) continue;
    const same = emails
      .filter((email) => folded(localPart(email)) === folded(wecom))
      .map((email) => byAddress.get(mailKey(email)) as Person)
      .find((person) => person.wecom === undefined);
    if (same === undefined) continue;
    same.wecom = wecom;
    byAddress.set(wecomKey(wecom), same);
  }
}

function personsOf({ emails, userids }: Audience, byAddress: ReadonlyMap<string, Person>): Person[] {
  return [...emails.map(mailKey), ...userids.map(wecomKey)].map((key) => byAddress.get(key) as Person);
}

/** An alert group with both channels reaches its members by all the addresses that they have. */
function noteMore(audience: Audience, byAddress: ReadonlyMap<string, Person>, note: Note): void {
  if (audience.emails.length === 0 || audience.userids.length === 0) return;
  const named = new Set([...audience.emails.map(mailKey), ...audience.userids.map(wecomKey)]);
  const more = new Set(
    personsOf(audience, byAddress).filter(
      ({ email, wecom }) =>
        email !== undefined && wecom !== undefined && !(named.has(mailKey(email)) && named.has(wecomKey(wecom))),
    ),
  );
  for (const { name } of more)
    note(
      `receiver ${quoted(audience.receiver)}`,
      `${quoted(name)} is reached by e-mail and by WeCom now, because its alert groups have both channels and another receiver has both addresses.`,
    );
}

function freeName(wanted: readonly string[], taken: Set<string>): string {
  const names = wanted.map(nameFrom);
  const name = names.find((one) => !taken.has(one)) ?? numbered(names[0] as string, taken);
  taken.add(name);
  return name;
}
