import { errorCode } from '../errors.ts';
import { ImportError, type Imported, importAlertmanager } from '../groups/import/import.ts';
import { routingText } from '../groups/import/write.ts';
import { type CliDeps, type Command, Failure, outputOption, textOption, UsageError, write } from './command.ts';

/** Writes the YAML that `apply` reads from an Alertmanager's configuration. Talks to no service. */
export const importCommand: Command = {
  name: 'import-alertmanager',
  summary: 'Make what apply reads from an alertmanager.yml, and say what could not be carried over.',
  usage: 'FILE|- [-o FILE]',
  positionals: true,
  options: outputOption,
  async run(line, deps) {
    const [file, ...more] = line.positionals;
    if (file === undefined || more.length > 0)
      throw new UsageError(
        'import-alertmanager needs one alertmanager.yml\nTry: monitor-manager import-alertmanager --help',
      );
    if (textOption(line, 'output') === file && file !== '-')
      throw new UsageError('-o names the file that is read; give it another name');
    const { text, exact, notes } = read(file, deps);
    write(text, line, deps);
    deps.err(`${[routingText(exact), ...notes.map((note) => `* ${note}`)].join('\n')}\n`);
    return 0;
  },
};

function read(file: string, deps: CliDeps): Imported {
  const text = contentOf(file, deps);
  try {
    return importAlertmanager(text);
  } catch (error) {
    if (error instanceof ImportError) throw new Failure(`cannot import ${file}: ${error.message}`);
    throw error;
  }
}

function contentOf(file: string, { readFile }: CliDeps): string {
  try {
    return readFile(file);
  } catch (error) {
    throw new Failure(`cannot read ${file} (${errorCode(error) ?? 'unreadable'})`);
  }
}
