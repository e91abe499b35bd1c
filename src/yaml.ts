/** What the YAML library does not say by itself. */
import { type Document, visit } from 'yaml';

/**
 * Offsets of aliases (`*name`) that refer to nothing, as a password that begins with `*` does when it stands without quotes. The
 * library only finds them when the value is made, and then shows the name, which can be the password.
 */
export function danglingAliases(document: Document): number[] {
  const anchors = new Set<string>();
  const found: number[] = [];
  // In the order of the text: an alias refers to what stands before it.
  visit(document, {
    Value: (_, node) => {
      if (node.anchor !== undefined) anchors.add(node.anchor);
    },
    Alias: (_, node) => {
      if (!anchors.has(node.source)) found.push(node.range?.[0] ?? 0);
    },
  });
  return found;
}

/** What to say about one; without its name. */
export const danglingAlias = 'a value that begins with * refers to an anchor that is not there: put it in quotes';
