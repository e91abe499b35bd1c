/** The inhibition rules of the file. */
import { formatMatcher } from '../../matcher/format.ts';
import { nameFrom, numbered } from './names.ts';
import { listOf, mapOf, type Note, otherKeys, quoted, type Raw, textOf, textsOf } from './raw.ts';
import { matchersOf } from './route-matchers.ts';

/** A rule as `apply` reads it. */
export interface ImportedRule {
  name: string;
  source_matchers: string[];
  target_matchers: string[];
  equal: string[];
}

const sides = ['source', 'target'] as const;
const keys = [...sides.flatMap((side) => [`${side}_match`, `${side}_match_re`, `${side}_matchers`]), 'equal', 'name'];

/**
 * Those that say on both sides what they are about; one that does not would be about every alert, and is noted.
 * @throws ImportError when one is not what Alertmanager takes
 */
export function inhibitionRulesOf(raw: Raw, note: Note): ImportedRule[] {
  const taken = new Set<string>();
  return listOf(raw['inhibit_rules'], 'inhibit_rules').flatMap((one, i) => {
    const place = `inhibit_rules[${i}]`;
    const rule = mapOf(one, place);
    const [source, target] = sides.map((side) => matchersOf(rule, place, note, `${side}_`).map(formatMatcher));
    const others = otherKeys(rule, keys);
    if (others.length > 0)
      note(place, `${others.map(quoted).join(', ')} is not known here and was left out: see whether you need it.`);
    if (source === undefined || target === undefined || source.length === 0 || target.length === 0) {
      note(
        place,
        'it was not carried over: it needs source matchers and target matchers, else it is about every alert.',
      );
      return [];
    }
    const given = nameFrom(textOf(rule['name'], `${place}.name`) ?? 'inhibit');
    const name = taken.has(given) ? numbered(given, taken) : given;
    taken.add(name);
    const equal = textsOf(rule['equal'], `${place}.equal`);
    return [{ name, source_matchers: source, target_matchers: target, equal }];
  });
}
