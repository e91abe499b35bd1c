import { failureWords } from '../../../src/backtest/failure.ts';
import { TooMuch } from '../../../src/backtest/load.ts';

const coded = (code: string) => Object.assign(new Error('of the database'), { code });

describe('why a backtest failed', () => {
  it.each([
    ['more than can be replayed', new TooMuch('There are 9 changes'), /^There are 9 changes$/],
    ['a statement that PostgreSQL has cancelled', coded('57014'), /^The database is too slow just now/],
    ['a statement that we gave up', new Error('Query read timeout'), /^The database is too slow just now/],
    ['a database that is away', coded('ECONNREFUSED'), /^The database did not answer/],
    ['anything else', new Error('x is not a function'), /^It broke off; the log/],
  ])('%s', (_, error, words) => {
    expect(failureWords(error)).toMatch(words);
  });
});
