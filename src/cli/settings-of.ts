/** The settings of the commands that work without a running service. */
import { loadSettings, type Settings } from '../settings.ts';
import { type CliDeps, type CommandLine, textOption } from './command.ts';

/** @throws SettingsError with everything that is wrong */
export function settingsOf(line: CommandLine, deps: CliDeps): Settings {
  const { env, readFile, hostname } = deps;
  return loadSettings({ configPath: textOption(line, 'config') ?? null, env, readFile, hostname });
}
