/** `describe` for tests that need a real program. */
import { inject } from 'vitest';
import type { ProgramName } from './programs.ts';
import { commandOf, findProgram } from './programs.ts';

/**
 * A `describe` that runs when every program is installed. When one is missing it registers one skipped test that names
 * the program and the reason, so that nobody takes silence for success.
 * @throws Error in CI, where a missing program is a broken build.
 */
export function needs(...names: ProgramName[]): (title: string, body: () => void) => void {
  const missing = names.filter((name) => findProgram(name) === null);
  if (missing.length === 0) return (title, body) => void describe(title, body);
  const why = missing.map((name) => `${commandOf(name)} is missing (${reasonFor(name)})`).join(', ');
  if (process.env['CI']) throw new Error(`these tests cannot run: ${why}`);
  return (title) => void describe(title, () => it.skip(`did not run: ${why}`));
}

function reasonFor(name: ProgramName): string {
  return inject('missingPrograms').find((program) => program.name === name)?.reason ?? 'not installed';
}
