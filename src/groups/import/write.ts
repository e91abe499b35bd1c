/** The document as a person wants to read it. */
import { Document, isMap, isScalar, isSeq, visit } from 'yaml';

/** What the document holds. */
export interface Contents {
  contacts: readonly object[];
  /** Alert groups, and the route that each was. */
  groups: readonly { place: string; body: object }[];
  intervals: readonly object[];
  rules: readonly object[];
}

/** What is said at its head. */
export interface Findings {
  exact: boolean;
  notes: readonly string[];
}

/** The sentence about where alerts go. */
export function routingText(exact: boolean): string {
  return exact
    ? 'Every alert goes to the alert groups of exactly the routes that it went to.'
    : 'Every alert goes to the alert groups of the routes that it went to, and some go to others too: see below.';
}

/** The YAML. Sections that hold nothing are not in it: `apply` would take them for "delete all of it". */
export function documentText({ contacts, groups, intervals, rules }: Contents, { exact, notes }: Findings): string {
  const document = new Document(
    {
      ...(contacts.length > 0 ? { contacts } : {}),
      alert_groups: groups.map((group) => group.body),
      ...(intervals.length > 0 ? { time_intervals: intervals } : {}),
      ...(rules.length > 0 ? { inhibition_rules: rules } : {}),
    },
    { aliasDuplicateObjects: false },
  );
  const list = document.get('alert_groups');
  if (isSeq(list))
    for (const [i, item] of list.items.entries()) if (isMap(item)) item.commentBefore = ` ${groups[i]?.place}`;
  document.commentBefore = head(exact, notes);
  shorten(document);
  return document.toString({ lineWidth: 140, commentString: (text) => text.replace(/^(?=.)/gm, '#') });
}

function head(exact: boolean, notes: readonly string[]): string {
  return [
    'Made from an alertmanager.yml by monitor-manager import-alertmanager. Before you apply it, see what that would do:',
    '`monitor-manager apply -f FILE --dry-run`. It replaces what files brought before in the same sections.',
    routingText(exact),
    ...(notes.length > 0 ? ['Not carried over, or changed:', ...notes.map((note) => `* ${note}`)] : []),
  ]
    .map((line) => ` ${line}`)
    .join('\n');
}

/** What holds only texts stands in one line. */
function shorten(document: Document): void {
  visit(document, {
    Seq: (_, node) => {
      if (node.items.every(isScalar)) node.flow = true;
    },
    Map: (_, node) => {
      const isPlain = node.items.every(
        (pair) => isScalar(pair.value) || (isSeq(pair.value) && pair.value.items.every(isScalar)),
      );
      if (isPlain && !node.has('matchers')) node.flow = true;
    },
  });
}
