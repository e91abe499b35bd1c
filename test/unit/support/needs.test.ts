import { needs } from '../../support/needs.ts';
import { findProgram } from '../../support/programs.ts';

afterEach(() => {
  vi.unstubAllEnvs();
});

it('finds no program where PATH leads nowhere', () => {
  vi.stubEnv('PATH', '/nowhere');
  expect(findProgram('redis')).toBeNull();
});

it('throws in CI instead of leaving tests out', () => {
  vi.stubEnv('PATH', '/nowhere');
  vi.stubEnv('CI', 'true');
  expect(() => needs('redis')).toThrow('these tests cannot run: redis-server is missing (not installed)');
});
