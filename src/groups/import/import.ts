/** From an alertmanager.yml to the document that `apply` reads. */
import { parse } from 'yaml';
import { HttpProblem } from '../../http/problem.ts';
import { formatMatcher } from '../../matcher/format.ts';
import { readDocument } from '../apply.ts';
import { peopleOf } from './contacts.ts';
import { noteElsewhere } from './elsewhere.ts';
import { type Flat, flatten } from './flatten.ts';
import { inhibitionRulesOf } from './inhibition.ts';
import { intervalsOf } from './intervals.ts';
import { groupNames } from './names.ts';
import { carried, type Policy } from './policy.ts';
import { ImportError, type Note, quoted, type Raw } from './raw.ts';
import { readYaml } from './read.ts';
import { type Audience, audienceOf, receiversByName } from './receivers.ts';
import { noteRoutes } from './route-notes.ts';
import { readRoutes } from './tree.ts';
import { documentText } from './write.ts';

export { ImportError } from './raw.ts';

/** What came of it. */
export interface Imported {
  /** The document as YAML, the notes at its head. */
  text: string;
  /** Whether every alert goes to the alert groups of exactly the routes that it went to. */
  exact: boolean;
  /** What was not carried over or was changed, a sentence each that begins with its place. */
  notes: readonly string[];
}

/**
 * Reads an alertmanager.yml.
 * @throws ImportError with one sentence for the person whose file it is
 */
export function importAlertmanager(text: string): Imported {
  const raw = readYaml(text);
  const { notes, note } = notebook();
  const receivers = receiversByName(raw['receivers']);
  const intervals = intervalsOf(raw, note);
  const known = new Set(intervals.map(({ name }) => name));
  const flat = flatten(readRoutes(raw['route'], new Set(receivers.keys()), note));
  const names = groupNames(flat.groups);
  noteRoutes(flat, names, note);
  const audiences = audiencesOf(receivers, flat.groups, note);
  const { people, membersOf } = peopleOf([...audiences.values()], note);
  if (people.length > 0)
    note(
      'contacts',
      'they have the language zh-CN and the time zone Asia/Shanghai until you give them locale and timezone.',
    );
  const rules = inhibitionRulesOf(raw, note);
  noteElsewhere(raw, note);
  const groups = flat.groups.map((group, i) => {
    const audience = audiences.get(group.route.receiver) as Audience;
    const policy = carried(group.route.policy, known, { place: group.route.place, note });
    return {
      place: group.route.place,
      body: groupBody(names[i] as string, { ...group, policy }, { audience, membersOf }),
    };
  });
  const exact = flat.extra.length === 0;
  const written = documentText({ contacts: people, groups, intervals, rules }, { exact, notes });
  check(written);
  return { text: written, exact, notes };
}

/** Where notes go. What somebody else wrote must not end a comment, or speak to a terminal. */
function notebook(): { notes: string[]; note: Note } {
  const notes: string[] = [];
  const note: Note = (place, sentence) =>
    void notes.push(`${place}: ${sentence}`.replace(/[\p{Cc}\p{Surrogate}\u2028\u2029]/gu, '\ufffd'));
  return { notes, note };
}

/** The audiences of the receivers that have an alert group. */
function audiencesOf(receivers: ReadonlyMap<string, Raw>, groups: readonly Flat[], note: Note): Map<string, Audience> {
  const used = new Set(groups.map((group) => group.route.receiver));
  for (const name of receivers.keys())
    if (!used.has(name)) note(`receiver ${quoted(name)}`, 'it was left out, because no alert could come to it.');
  const there = [...receivers].filter(([name]) => used.has(name));
  return new Map(there.map(([name, raw]) => [name, audienceOf(name, raw, note)]));
}

interface Telling {
  audience: Audience;
  membersOf: (audience: Audience) => string[];
}

function groupBody(name: string, group: Flat & { policy: Policy }, { audience, membersOf }: Telling): object {
  const members = membersOf(audience);
  const channels = [
    ...(audience.emails.length > 0 ? ['email'] : []),
    ...(audience.userids.length > 0 ? ['wecom-app'] : []),
  ];
  return {
    name,
    matchers: group.matchers.map(formatMatcher),
    ...(group.continue ? { continue: true } : {}),
    members,
    ...(channels.length > 0 ? { channels } : {}),
    policy: {
      ...group.policy,
      ...(audience.sendResolved === null ? {} : { send_resolved: audience.sendResolved }),
    },
  };
}

/** @throws ImportError when apply would not read what we have written */
function check(written: string): void {
  try {
    readDocument(parse(written));
  } catch (error) {
    if (!(error instanceof HttpProblem)) throw error;
    const faults = error.faults.map((fault) => `\n  ${fault.path}: ${fault.message}`).join('');
    throw new ImportError(`what came of it is not a document that apply reads; please report this:${faults}`);
  }
}
