/** From the text of alertmanager.yml to plain values, within bounds. */
import { type Document, LineCounter, parseDocument, visit } from 'yaml';
import { danglingAlias, danglingAliases } from '../../yaml.ts';
import { ImportError, mapOf, type Raw } from './raw.ts';

const maxMiB = 4;
const maxDepth = 200;
const maxValues = 500_000;
const maxAliases = 1_000;

const tooDeep = 'the file is nested too deeply, or an anchor holds itself';

/**
 * Reads the file. Scalars stay the texts that they are, as Alertmanager reads them into labels and names: `1.10` is not
 * a number. Only what is empty or `null` without quotes is null.
 * @throws ImportError
 */
export function readYaml(text: string): Raw {
  if (Buffer.byteLength(text) > maxMiB * 1024 * 1024) throw new ImportError(`the file is larger than ${maxMiB} MiB`);
  const raw = withoutOverflow(() => parse(text));
  checkSize(raw);
  return mapOf(raw, 'the file');
}

function parse(text: string): unknown {
  const lines = new LineCounter();
  const document = parseDocument(text, {
    ...{ schema: 'failsafe', customTags: ['null'], merge: true },
    ...{ lineCounter: lines, prettyErrors: false },
  });
  const at = (offset: number) => `line ${lines.linePos(offset).line}`;
  if (document.errors.some(({ message }) => message.includes('call stack'))) throw new ImportError(tooDeep);
  // Behind a colon or a quote the library shows what it read, which can be a secret.
  const problems = document.errors.map(
    ({ pos, message }) => `${at(pos[0])}: ${(message.split(/[:"'`]/)[0] ?? '').trim()}`,
  );
  problems.push(...danglingAliases(document).map((offset) => `${at(offset)}: ${danglingAlias}`));
  if (problems.length > 0) throw new ImportError(`not YAML that can be read:\n${problems.slice(0, 10).join('\n')}`);
  if (aliasesIn(document) > maxAliases) throw new ImportError(`the file holds more than ${maxAliases} aliases`);
  // The library's own limit counts what aliases come to; that is done below, for all values.
  return document.toJS({ maxAliasCount: -1 });
}

/** The library looks through all of them for each. */
function aliasesIn(document: Document): number {
  let count = 0;
  visit(document, { Alias: () => void count++ });
  return count;
}

/** Aliases may be many or hold themselves, and whoever reads such a tree reads it for ever. */
function checkSize(raw: unknown): void {
  const open = [{ value: raw, depth: 0 }];
  for (let seen = 0; open.length > 0; seen++) {
    const { value, depth } = open.pop() as (typeof open)[number];
    if (depth > maxDepth) throw new ImportError(tooDeep);
    if (seen > maxValues) throw new ImportError(`the file holds more than ${maxValues} values`);
    if (typeof value !== 'object' || value === null) continue;
    for (const inner of Object.values(value)) open.push({ value: inner, depth: depth + 1 });
  }
}

function withoutOverflow<T>(run: () => T): T {
  try {
    return run();
  } catch (error) {
    if (error instanceof ImportError) throw error;
    if (error instanceof RangeError) throw new ImportError(tooDeep);
    throw new ImportError('not YAML that can be read: its anchors and aliases do not resolve');
  }
}
