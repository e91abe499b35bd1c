// `npm test`: from a fresh clone to the result of every test. Its last line is `N passed, N failed, N skipped`, or `stopped`.
import { spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { constants, tmpdir } from 'node:os';
import { join } from 'node:path';
import { ensureBuild, ensureDependencies, root } from './ready.mjs';

ensureDependencies();
ensureBuild();

const folder = mkdtempSync(join(tmpdir(), 'monitor-manager-test-'));
const report = join(folder, 'report.json');
const vitest = join(root, 'node_modules', 'vitest', 'vitest.mjs');
const args = ['run', '--reporter=default', '--reporter=json', `--outputFile.json=${report}`, ...process.argv.slice(2)];
const child = spawn(process.execPath, [vitest, ...args], { cwd: root, stdio: 'inherit' });
let stopped = false;
for (const signal of ['SIGTERM', 'SIGINT']) {
  process.on(signal, () => {
    stopped = true;
    child.kill(signal);
  });
}
child.on('error', (error) => {
  console.error(`cannot run vitest: ${error.message}`);
  process.exit(1);
});
child.on('exit', (code, signal) => {
  const counts = readCounts();
  rmSync(folder, { recursive: true, force: true });
  console.log(stopped ? 'stopped' : `${counts.passed} passed, ${counts.failed} failed, ${counts.skipped} skipped`);
  // Lets the line reach a pipe before the end.
  process.exitCode = (code ?? 128 + constants.signals[signal]) || (counts.failed > 0 ? 1 : 0);
});

/** A file that did not even load has no failed test; it counts as one. No report at all counts as one failure. */
function readCounts() {
  try {
    const { numPassedTests, numPendingTests, numTodoTests, numFailedTests, testResults } = JSON.parse(
      readFileSync(report, 'utf8'),
    );
    const broken = testResults.filter(
      (file) => file.status === 'failed' && !file.assertionResults.some((test) => test.status === 'failed'),
    );
    return {
      passed: numPassedTests,
      failed: numFailedTests + broken.length,
      skipped: numPendingTests + numTodoTests,
    };
  } catch {
    return { passed: 0, failed: 1, skipped: 0 };
  }
}
