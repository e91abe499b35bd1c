import { SettingsError } from '../settings.ts';
import { type CliDeps, type Command, type CommandLine, configOption } from './command.ts';
import { settingsOf } from './settings-of.ts';

/** Checks the settings and the provisioned files, and prints everything that is wrong. */
export const checkConfig: Command = {
  name: 'check-config',
  summary: 'Check the settings and the provisioned files. Exit code 1 when something is wrong.',
  usage: '[--config FILE]',
  options: configOption,
  async run(line, deps) {
    const problems = await problemsOf(line, deps);
    if (problems.length === 0) {
      deps.out('the configuration is good\n');
      return 0;
    }
    deps.err(`${problems.join('\n')}\n`);
    return 1;
  },
};

async function problemsOf(line: CommandLine, deps: CliDeps): Promise<readonly string[]> {
  try {
    return await deps.checkProvision(settingsOf(line, deps));
  } catch (error) {
    if (error instanceof SettingsError) return error.problems;
    throw error;
  }
}
