/** What a command is: one file and one line in `commands.ts`. */
import type { ParseArgsConfig } from 'node:util';
import type { Settings } from '../settings.ts';

/** The world as the commands see it. `main.ts` hands in the real one, tests a small one. */
export interface CliDeps {
  version: string;
  env: Readonly<Record<string, string | undefined>>;
  hostname: string;
  /** Prints to stdout and to stderr; the text brings its own line ends. */
  out: (text: string) => void;
  err: (text: string) => void;
  /** Whole text files. `-` as a path is stdin. @throws the file system's error */
  readFile: (path: string) => string;
  writeFile: (path: string, text: string) => void;
  /** The file itself, or the `.yaml` and `.yml` files of a folder, sorted. @throws the file system's error */
  listFiles: (path: string) => string[];
  fetch: typeof fetch;
  /** Runs the service; resolves when it has stopped in good order. */
  startService: (settings: Settings) => Promise<void>;
  /** Brings the database to the newest schema; resolves with the names of the migrations that ran. */
  migrate: (settings: Settings) => Promise<{ applied: string[] }>;
  /** What is wrong with the files that the settings name, the provisioned ones above all; one line each. */
  checkProvision: (settings: Settings) => Promise<string[]>;
}

/** The parsed command line of one command. */
export interface CommandLine {
  values: Readonly<Record<string, string | boolean | (string | boolean)[] | undefined>>;
  positionals: readonly string[];
}

/** One command. */
export interface Command {
  name: string;
  /** One line, for the list of commands. */
  summary: string;
  /** What follows the command's name: `-f FILE [--dry-run]`. */
  usage: string;
  options: Readonly<Record<string, CommandOption>>;
  /** Whether it takes positional arguments. */
  positionals?: boolean;
  /**
   * Does it; resolves with the exit code.
   * @throws UsageError for a command line that it cannot read, Failure for anything that a person should read
   */
  run: (line: CommandLine, deps: CliDeps) => Promise<number>;
}

/** An option as `parseArgs` takes it, and its line in the help. */
export type CommandOption = NonNullable<ParseArgsConfig['options']>[string] & { help: string; argument?: string };

/** The command line makes no sense: exit code 2. */
export class UsageError extends Error {
  override readonly name = 'UsageError';
}

/** It did not work, for a reason that the message tells: exit code 1. No stack is shown. */
export class Failure extends Error {
  override readonly name = 'Failure';
}

/** The value of an option that takes a text; undefined when it was not given. */
export function textOption(line: CommandLine, name: string): string | undefined {
  const value = line.values[name];
  return typeof value === 'string' ? value : undefined;
}

/** `-o FILE`, of every command that writes a file. */
export const outputOption: Readonly<Record<string, CommandOption>> = {
  output: { type: 'string', short: 'o', argument: 'FILE', help: 'where to write; without it, or with -, stdout' },
};

/** Writes to where `-o` says. */
export function write(text: string, line: CommandLine, { out, writeFile }: Pick<CliDeps, 'out' | 'writeFile'>): void {
  const file = textOption(line, 'output') ?? '-';
  if (file === '-') out(text);
  else writeFile(file, text);
}

/** `--config FILE`, of every command that reads the settings. */
export const configOption: Readonly<Record<string, CommandOption>> = {
  config: { type: 'string', argument: 'FILE', help: 'settings file (MM_CONFIG)' },
};
