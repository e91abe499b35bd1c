/** The provisioned files: the same YAML that `apply` reads, applied at the start and on SIGHUP. */
import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'yaml';
import { readGroupFiles } from './cli/group-files.ts';
import { applyDocument, faultsWithin, readDocument } from './groups/apply.ts';
import { HttpProblem } from './http/problem.ts';
import type { Db } from './store/db.ts';

/** Reads whole text files; `-` is stdin. */
export function readText(path: string): string {
  return readFileSync(path === '-' ? 0 : path, 'utf8');
}

/** The file itself, or the YAML files of a folder, sorted. */
export function listYaml(path: string): string[] {
  if (!statSync(path).isDirectory()) return [path];
  return readdirSync(path)
    .filter((name) => /\.ya?ml$/.test(name))
    .sort()
    .map((name) => join(path, name));
}

/**
 * Applies a provisioned file or folder. Returns how many objects it changed.
 * @throws Error with everything that is wrong
 */
export async function provision(db: Db, path: string, now: Date): Promise<number> {
  try {
    const document = readDocument(parse(readGroupFiles([path], { readFile: readText, listFiles: listYaml })));
    const plan = await applyDocument(db, document, { now, dryRun: false, by: { name: 'provision', via: 'file' } });
    return plan.changes.length;
  } catch (error) {
    throw new Error(`${path} cannot be applied: ${problemsOf(error).join('; ')}`, { cause: error });
  }
}

/**
 * What is wrong with a provisioned file or folder, one line each. A reference into a section that the files do not have
 * is checked when they are applied: what was made in the page may have it.
 */
export function checkProvision(path: string): string[] {
  try {
    const document = readDocument(parse(readGroupFiles([path], { readFile: readText, listFiles: listYaml })));
    return faultsWithin(document).map((fault) => `${fault.path}: ${fault.message}`);
  } catch (error) {
    return problemsOf(error);
  }
}

function problemsOf(error: unknown): string[] {
  if (!(error instanceof HttpProblem)) return [error instanceof Error ? error.message : String(error)];
  return error.faults.length > 0 ? error.faults.map((f) => `${f.path}: ${f.message}`) : [error.message];
}
