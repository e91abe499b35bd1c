// Runs one TypeScript file of the tests, such as the bench: node scripts/run.mjs FILE [ARGUMENTS]. Vite comes with vitest.
import { join } from 'node:path';
import { ensureBuild, ensureDependencies, root } from './ready.mjs';

ensureDependencies();
ensureBuild();

const [file] = process.argv.splice(2, 1);
if (file === undefined) {
  console.error('usage: node scripts/run.mjs FILE [ARGUMENTS]');
  process.exit(2);
}
const { runnerImport } = await import('vite');
await runnerImport(join(root, file), { root, configFile: false, logLevel: 'error' });
