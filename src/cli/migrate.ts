import { type Command, configOption } from './command.ts';
import { settingsOf } from './settings-of.ts';

/** Brings the database to the newest schema. The service does so itself when it starts. */
export const migrate: Command = {
  name: 'migrate',
  summary: 'Bring the database to the newest schema, and stop. The service does so itself when it starts.',
  usage: '[--config FILE]',
  options: configOption,
  async run(line, deps) {
    const { applied } = await deps.migrate(settingsOf(line, deps));
    deps.out(applied.length === 0 ? 'nothing to do\n' : applied.map((name) => `applied ${name}\n`).join(''));
    return 0;
  },
};
