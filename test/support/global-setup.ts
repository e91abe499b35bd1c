/** Runs once before all test files: gets the real programs, builds the page, and offers one PostgreSQL that files share. */
import type { TestProject } from 'vitest/node';
import { ensureBuild } from '../../scripts/ready.mjs';
import type { MissingProgram } from './programs.ts';
import { ensurePrograms } from './programs.ts';
import { offerSharedPostgres } from './shared-postgres.ts';

declare module 'vitest' {
  interface ProvidedContext {
    missingPrograms: MissingProgram[];
    /** Answers the URL of the shared PostgreSQL, which starts at the first request. */
    sharedPostgresOffer: string;
  }
}

/** @throws Error in CI when a program is missing. */
export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  const missing = await ensurePrograms();
  for (const { command, affects, reason } of missing) {
    console.warn(`test support: ${command} is missing, so ${affects} do not run: ${reason}`);
  }
  if (process.env['CI'] && missing.length > 0) throw new Error('programs are missing, and in CI nothing is left out');
  // All of it: a test that starts the program would else build it while another looks at its page.
  ensureBuild();
  const offer = await offerSharedPostgres();
  project.provide('missingPrograms', missing);
  project.provide('sharedPostgresOffer', offer.url);
  return offer.stop;
}
