import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: ['test/**/*.test.ts'],
    globals: true,
    pool: 'forks',
    // Two cores, and every flow test starts real servers: more workers only make them wait for each other.
    maxWorkers: 2,
    testTimeout: 240_000,
    hookTimeout: 240_000,
    globalSetup: ['test/support/global-setup.ts'],
    sequence: { shuffle: true },
  },
});
