/** Puts the environment and the files of secrets over what the settings file says. */
import type { SettingEntry } from './describe.ts';
import type { SettingsFile } from './file.ts';
import { getAt, setAt } from './tree.ts';

/** Environment variables. */
export type Environment = Readonly<Record<string, string | undefined>>;

/** The raw settings before the schema sees them. */
export interface Overlaid {
  tree: Record<string, unknown>;
  problems: string[];
  /** Dotted path of a setting to the variable or key that it came from, where that is not its own line in the file. */
  origins: ReadonlyMap<string, string>;
}

interface Sources {
  file: SettingsFile;
  env: Environment;
  readFile: (path: string) => string;
}

/** What one setting is given as; `value` undefined = not at all. */
interface Given {
  value?: unknown;
  origin?: string;
  problem?: string;
}

/** For each setting: the environment wins over the file, and a secret may come from a file of its own in both. */
export function overlay(entries: readonly SettingEntry[], sources: Sources): Overlaid {
  const origins = new Map<string, string>();
  const problems: string[] = [];
  let tree = sources.file.tree;
  for (const entry of entries) {
    const inFile = fromKeyFile(entry, sources);
    if (entry.secret) tree = setAt(tree, keyFilePath(entry), undefined);
    const inEnv = fromEnvironment(entry, sources);
    problems.push(...[inFile.problem, inEnv.problem].filter((problem) => problem !== undefined));
    const given = inEnv.value === undefined ? inFile : inEnv;
    if (given.value === undefined) continue;
    tree = setAt(tree, entry.path, given.value);
    if (given.origin !== undefined) origins.set(entry.path.join('.'), given.origin);
  }
  return { tree, problems, origins };
}

function keyFilePath(entry: SettingEntry): string[] {
  return [...entry.path.slice(0, -1), `${entry.path.at(-1)}_file`];
}

/** `<key>_file` in the settings file. */
function fromKeyFile(entry: SettingEntry, { file, readFile }: Sources): Given {
  if (!entry.secret) return {};
  const path = keyFilePath(entry);
  const named = getAt(file.tree, path);
  if (named === undefined || named === null) return {};
  const origin = `${file.place(path)}: ${path.join('.')}`;
  if (getAt(file.tree, entry.path) != null)
    return { problem: `${origin}: give ${entry.path.join('.')} or this, not both` };
  if (typeof named !== 'string') return { problem: `${origin}: must be the path of a file` };
  return readSecret(entry, { path: named, origin, readFile });
}

/** An empty variable is one that was not given: compose and Kubernetes cannot leave one out. */
function fromEnvironment(entry: SettingEntry, { env, readFile }: Sources): Given {
  if (entry.env === undefined) return {};
  const value = env[entry.env];
  const fileName = `${entry.env}_FILE`;
  const path = entry.secret ? env[fileName] : undefined;
  if (value && path) return { problem: `${fileName}: give ${entry.env} or this, not both` };
  if (path) return readSecret(entry, { path, origin: fileName, readFile });
  return value ? { value: fromText(entry, value), origin: entry.env } : {};
}

function readSecret(
  entry: SettingEntry,
  from: { path: string; origin: string; readFile: (path: string) => string },
): Given {
  try {
    const value = from.readFile(from.path).replace(/\r?\n$/, '');
    if (value === '') return { problem: `${from.origin}: the file ${from.path} is empty` };
    return { value: fromText(entry, value), origin: from.origin };
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? String(error.code) : 'unreadable';
    return { problem: `${from.origin}: cannot read ${from.path} (${code})` };
  }
}

/** The value that the settings file would hold. A number that is none stays text, and the schema says so. */
function fromText(entry: SettingEntry, text: string): unknown {
  if (entry.kind === 'number') return /^\d+$/.test(text) ? Number(text) : text;
  if (entry.kind === 'text') return text;
  return text
    .split(',')
    .map((item) => item.trim())
    .filter((item) => item !== '');
}
