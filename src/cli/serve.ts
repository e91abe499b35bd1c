import { type Command, configOption } from './command.ts';
import { settingsOf } from './settings-of.ts';

/** Runs the service until it is told to stop. */
export const serve: Command = {
  name: 'serve',
  summary: 'Run the service (the default).',
  usage: '[--config FILE]',
  options: configOption,
  async run(line, deps) {
    await deps.startService(settingsOf(line, deps));
    return 0;
  },
};
