import { defineConfig } from 'vitest/config';
import suite from './vitest.config.ts';

// The long forms of the tests that have one, one file at a time: they start many servers and load both cores.
export default defineConfig({
  test: {
    ...suite.test,
    include: ['test/{faults,oracle,properties}/**/*.test.ts', 'test/flows/{alertmanager,dedupe,hostile}.test.ts'],
    env: { MM_DRILLS: '1', MM_PROPERTY_RUNS: '150' },
    maxWorkers: 1,
    testTimeout: 30 * 60_000,
    hookTimeout: 5 * 60_000,
  },
});
