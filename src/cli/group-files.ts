/** The YAML files that `apply` reads: merged, with the secrets that they name put in their place. */
import { dirname, isAbsolute, join } from 'node:path';
import { isMap, LineCounter, parseAllDocuments, stringify, visit, type YAMLMap } from 'yaml';
import { errorCode } from '../errors.ts';
import { danglingAlias, danglingAliases } from '../yaml.ts';
import { type CliDeps, type CommandLine, type CommandOption, Failure, UsageError } from './command.ts';

type Files = Pick<CliDeps, 'readFile' | 'listFiles'>;

/** `-f PATH`, of every command that reads what admins edit. */
export const filesOption: Readonly<Record<string, CommandOption>> = {
  file: {
    type: 'string',
    short: 'f',
    multiple: true,
    argument: 'PATH',
    help: 'YAML file, folder of them, or - for stdin',
  },
};

/**
 * What `-f` names, as one text; see {@link readGroupFiles}.
 * @throws UsageError when it names nothing
 */
export function readGivenFiles(command: string, line: CommandLine, files: Files): string {
  const { file } = line.values;
  const paths = Array.isArray(file) ? file.filter((path) => typeof path === 'string') : [];
  if (paths.length === 0) throw new UsageError(`${command} needs -f FILE\nTry: monitor-manager ${command} --help`);
  return readGroupFiles(paths, files);
}

/** Keys that may come from a file of their own, as `<key>_file`. */
const secretKeys = ['token', 'key', 'secret', 'api_token'];

/**
 * The configuration of all `paths` (files, folders, or `-` for stdin) as one YAML text, secrets included: for the wire, not for
 * people. Sections of the same name are joined in the order of the files.
 * @throws Failure with every problem and its place
 */
export function readGroupFiles(paths: readonly string[], files: Files): string {
  const names = paths.flatMap((path) => (path === '-' ? [path] : attempt(() => files.listFiles(path), path)));
  if (names.length === 0) throw new Failure(`there is no .yaml or .yml file in ${paths.join(', ')}`);
  const problems: string[] = [];
  const sections = new Map<string, unknown>();
  for (const name of names) {
    for (const [key, value] of sectionsOf(name, files, problems)) {
      const before = sections.get(key);
      if (before === undefined || before === null) sections.set(key, value);
      else if (Array.isArray(before) && Array.isArray(value)) sections.set(key, [...before, ...value]);
      else if (value !== null) problems.push(`${name}: ${key} is in an earlier file too, and is not a list in both`);
    }
  }
  if (problems.length > 0) throw new Failure(problems.join('\n'));
  return stringify(Object.fromEntries(sections), { aliasDuplicateObjects: false });
}

function attempt<T>(read: () => T, path: string): T {
  try {
    return read();
  } catch (error) {
    throw new Failure(`cannot read ${path} (${errorCode(error) ?? 'unreadable'})`);
  }
}

/** The top-level keys of one file; what is wrong with it goes to `problems`. */
function sectionsOf(name: string, files: Files, problems: string[]): [string, unknown][] {
  const lines = new LineCounter();
  const text = attempt(() => files.readFile(name), name);
  const parsed = parseAllDocuments(text, { lineCounter: lines, prettyErrors: false });
  const documents = Array.isArray(parsed) ? parsed : [];
  const place = (offset: number | undefined) => `${name}:${lines.linePos(offset ?? 0).line}`;
  return documents.flatMap((document) => {
    const dangling = danglingAliases(document);
    problems.push(...document.errors.map((error) => `${place(error.pos[0])}: ${error.message}`));
    problems.push(...dangling.map((offset) => `${place(offset)}: ${danglingAlias}`));
    if (document.errors.length + dangling.length > 0 || document.contents === null) return [];
    if (!isMap(document.contents)) {
      problems.push(`${place(document.contents.range?.[0])}: must be sections like "contacts:" and "alert_groups:"`);
      return [];
    }
    const report = (node: YAMLMap, words: string) => problems.push(`${place(node.range?.[0])}: ${words}`);
    visit(document, { Map: (_, node) => fillSecrets(node, { folder: dirname(name), files, report }) });
    return Object.entries(document.toJS() as Record<string, unknown>);
  });
}

interface Filling {
  folder: string;
  files: Files;
  report: (node: YAMLMap, words: string) => void;
}

/** `token_file: x` becomes `token: <content of x>`; a relative path starts at the folder of the YAML file. */
function fillSecrets(node: YAMLMap, { folder, files, report }: Filling): void {
  for (const key of secretKeys) {
    const path = node.get(`${key}_file`);
    if (path === undefined || path === null) continue;
    if (node.has(key)) report(node, `give ${key} or ${key}_file, not both`);
    if (typeof path !== 'string') {
      report(node, `${key}_file must be the path of a file`);
      continue;
    }
    const file = isAbsolute(path) ? path : join(folder, path);
    try {
      node.set(key, files.readFile(file).replace(/\r?\n$/, ''));
      node.delete(`${key}_file`);
    } catch (error) {
      report(node, `${key}_file: cannot read ${file} (${errorCode(error) ?? 'unreadable'})`);
    }
  }
}
