/** The dictionary. That both languages have the same keys, the compiler checks. */
import { reasons } from '../../../src/alert/reason.ts';
import { en } from '../../../src/web/text/en.ts';
import { zhCN } from '../../../src/web/text/zh-cn.ts';

type Leaf = { path: string; value: unknown };

function leaves(value: unknown, path = ''): Leaf[] {
  if (typeof value !== 'object' || value === null) return [{ path, value }];
  return Object.entries(value).flatMap(([key, inner]) => leaves(inner, `${path}.${key}`));
}

describe('the words of the page', () => {
  it('are the same ones in both languages, those of open lists too', () => {
    const paths = (words: unknown) => leaves(words).map((leaf) => leaf.path);
    expect(paths(zhCN)).toEqual(paths(en));
  });

  it('are Chinese in Chinese', () => {
    const untranslated = leaves(zhCN).filter(
      ({ value }) => typeof value === 'string' && !/\p{Script=Han}/u.test(value),
    );
    expect(untranslated.map((leaf) => leaf.path)).toEqual(['.tag', '.common.name', '.now.prometheus']);
  });

  it('name only reasons that there are', () => {
    expect(Object.keys(en.reasons).filter((reason) => !reasons.some((known) => known === reason))).toEqual([]);
  });
});
