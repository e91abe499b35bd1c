/** The real servers that tests run: where they are, and how a Debian machine without them gets them. */
import { accessSync, constants, readdirSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { installPackages } from './apt.ts';

/** Every program that a test may need. */
export type ProgramName = 'redis' | 'postgres' | 'prometheus' | 'alertmanager' | 'promtool' | 'amtool' | 'chromium';

/** A program that is not here, and why it could not be installed. */
export interface MissingProgram {
  name: ProgramName;
  /** The file that was looked for. */
  command: string;
  reason: string;
  /** Which tests do not run without it. */
  affects: string;
}

interface Program {
  command: string;
  debianPackage: string;
  affects: string;
}

const programs: { readonly [name in ProgramName]: Program } = {
  redis: { command: 'redis-server', debianPackage: 'redis-server', affects: 'tests of the scaled-out queue' },
  postgres: { command: 'initdb', debianPackage: 'postgresql', affects: 'tests of the scaled-out database' },
  prometheus: { command: 'prometheus', debianPackage: 'prometheus', affects: 'flows with a real Prometheus' },
  alertmanager: {
    command: 'prometheus-alertmanager',
    debianPackage: 'prometheus-alertmanager',
    affects: 'flows with a real Alertmanager',
  },
  promtool: { command: 'promtool', debianPackage: 'prometheus', affects: 'checks of the shipped Prometheus rules' },
  amtool: { command: 'amtool', debianPackage: 'prometheus-alertmanager', affects: 'tests of the API v2 with amtool' },
  chromium: { command: 'chromium', debianPackage: 'chromium', affects: 'browser tests of the web page' },
};

const everyProgram = Object.keys(programs) as ProgramName[];
const postgresVersions = '/usr/lib/postgresql';

/** The full path of a program (for postgres: of `initdb`), or null when it is not installed. */
export function findProgram(name: ProgramName): string | null {
  const { command } = programs[name];
  const folders = name === 'postgres' ? postgresFolders() : (process.env['PATH'] ?? '').split(delimiter);
  return folders.map((folder) => join(folder, command)).find(isExecutable) ?? null;
}

/** As `findProgram`. @throws Error when the program is not installed. */
export function programPath(name: ProgramName): string {
  const path = findProgram(name);
  if (path === null) throw new Error(`${programs[name].command} is not installed`);
  return path;
}

/** The command that `findProgram` looks for, for words shown to people. */
export function commandOf(name: ProgramName): string {
  return programs[name].command;
}

/**
 * Installs what is missing with apt-get where that is possible (root on a Debian-like system), and says so.
 * Resolves with the programs that are still missing.
 */
export async function ensurePrograms(): Promise<MissingProgram[]> {
  const wanted = everyProgram.filter((name) => findProgram(name) === null);
  if (wanted.length === 0) return [];
  const packages = [...new Set(wanted.map((name) => programs[name].debianPackage))];
  const failure = await installPackages(packages);
  return wanted
    .filter((name) => findProgram(name) === null)
    .map((name) => ({
      name,
      command: programs[name].command,
      affects: programs[name].affects,
      reason: failure ?? `the package ${programs[name].debianPackage} does not contain it`,
    }));
}

/** Debian keeps each PostgreSQL version in its own folder, outside of PATH; the newest first. */
function postgresFolders(): string[] {
  const versions = isExecutable(postgresVersions) ? readdirSync(postgresVersions) : [];
  const newestFirst = versions.sort((a, b) => Number(b) - Number(a)).map((v) => join(postgresVersions, v, 'bin'));
  return [...newestFirst, ...(process.env['PATH'] ?? '').split(delimiter)];
}

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}
