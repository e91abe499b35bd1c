/** Reads the YAML file and remembers where each key stands. */
import { isMap, isScalar, LineCounter, parseDocument } from 'yaml';
import { danglingAlias, danglingAliases } from '../yaml.ts';
import { isRecord } from './tree.ts';

/** A file as it was read. */
export interface SettingsFile {
  /** What it says; empty when it says nothing. */
  tree: Record<string, unknown>;
  /** What is wrong with it as YAML. */
  problems: string[];
  /** `name:line` of the key at `path`, or of the nearest key above it. */
  place(path: readonly PropertyKey[]): string;
}

/** No file: the environment alone. */
export const noFile: SettingsFile = { tree: {}, problems: [], place: () => 'settings' };

/** Parses the text of the settings file; `name` is how messages call it. */
export function parseSettingsFile(name: string, text: string): SettingsFile {
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines, prettyErrors: false });
  const at = (offset: number) => `${name}:${lines.linePos(offset).line}`;
  const problems = [
    ...document.errors.map((error) => `${at(error.pos[0])}: ${error.message}`),
    ...danglingAliases(document).map((offset) => `${at(offset)}: ${danglingAlias}`),
  ];
  const tree: unknown = problems.length > 0 ? {} : (document.toJS() ?? {});
  if (!isRecord(tree)) return { tree: {}, problems: [`${name}: must be a list of "key: value"`], place: () => name };
  const place = (path: readonly PropertyKey[]): string => {
    const offset = offsetOf(document.contents, path);
    return offset === null ? name : at(offset);
  };
  return { tree, problems, place };
}

function offsetOf(node: unknown, path: readonly PropertyKey[]): number | null {
  const [key, ...rest] = path;
  if (key === undefined || !isMap(node)) return null;
  const pair = node.items.find((item) => isScalar(item.key) && item.key.value === key);
  if (pair === undefined) return null;
  const own = isScalar(pair.key) ? (pair.key.range?.[0] ?? null) : null;
  return offsetOf(pair.value, rest) ?? own;
}
