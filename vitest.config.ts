import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: ['test/**/*.test.ts'],
    globals: true,
    pool: 'forks',
    // For two cores: the tests wait a third of their time for timers of real servers.
    maxWorkers: 3,
    testTimeout: 240_000,
    hookTimeout: 240_000,
    globalSetup: ['test/support/global-setup.ts'],
    sequence: { shuffle: true },
  },
});
