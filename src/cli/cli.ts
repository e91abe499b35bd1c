/** The command line: finds the command, reads its options, turns errors into words and exit codes. */
import { parseArgs } from 'node:util';
import { errorMessage } from '../errors.ts';
import { redactUrl } from '../log.ts';
import { SettingsError } from '../settings.ts';
import { type CliDeps, type Command, type CommandLine, Failure, UsageError } from './command.ts';
import { commands, defaultCommand } from './commands.ts';
import { commandHelp, programHelp } from './help.ts';

/**
 * Runs one command line (without `node` and the script).
 * @returns the exit code: 0 = done, 1 = it did not work, 2 = the command line makes no sense. Never rejects.
 */
export async function runCli(argv: readonly string[], deps: CliDeps): Promise<number> {
  try {
    return await dispatch(argv, deps);
  } catch (error) {
    deps.err(`${wordsOf(error)}\n`);
    return error instanceof UsageError ? 2 : 1;
  }
}

async function dispatch(argv: readonly string[], deps: CliDeps): Promise<number> {
  const [first, ...rest] = argv;
  if (first === '--version' || first === '-v' || first === 'version') return print(deps, `${deps.version}\n`);
  if (first === '--help' || first === '-h') return print(deps, programHelp(commands));
  if (first === 'help') return print(deps, rest[0] === undefined ? programHelp(commands) : commandHelp(find(rest[0])));
  const named = first !== undefined && !first.startsWith('-');
  const command = named ? find(first) : defaultCommand;
  const args = named ? rest : argv;
  if (args.includes('--help') || args.includes('-h')) return print(deps, commandHelp(command));
  return command.run(parse(command, args), deps);
}

function print(deps: CliDeps, text: string): number {
  deps.out(text);
  return 0;
}

function find(name: string): Command {
  const command = commands.find((one) => one.name === name);
  if (command !== undefined) return command;
  throw new UsageError(`there is no command "${name}"; there are ${commands.map((one) => one.name).join(', ')}`);
}

function parse(command: Command, args: readonly string[]): CommandLine {
  const options = Object.fromEntries(
    Object.entries(command.options).map(([name, { help, argument, ...option }]) => [name, option]),
  );
  try {
    return parseArgs({ args: [...args], options, allowPositionals: command.positionals === true });
  } catch (error) {
    // Node explains at length how to pass a positional argument that looks like an option.
    const words = errorMessage(error).split('. ')[0];
    throw new UsageError(`${words}\nTry: monitor-manager ${command.name} --help`);
  }
}

function wordsOf(error: unknown): string {
  if (error instanceof UsageError || error instanceof Failure || error instanceof SettingsError) return error.message;
  return redactUrl(errorMessage(error));
}
