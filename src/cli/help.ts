/** The texts of `--help`. */
import type { Command } from './command.ts';

/** The help of the whole program. */
export function programHelp(commands: readonly Command[]): string {
  const width = Math.max(...commands.map((command) => command.name.length));
  const list = commands.map((command) => `  ${command.name.padEnd(width)}  ${command.summary}`);
  return `Usage: monitor-manager [COMMAND] [OPTIONS]

Commands (without one: serve)
${list.join('\n')}

  monitor-manager COMMAND --help   the options of a command
  monitor-manager --version        the version

Every setting is in config/monitor-manager.example.yaml.
`;
}

/** The help of one command. */
export function commandHelp(command: Command): string {
  const options = Object.entries(command.options).map(([name, option]) => {
    const short = option.short === undefined ? '' : `-${option.short}, `;
    return [`${short}--${name}${option.argument === undefined ? '' : ` ${option.argument}`}`, option.help] as const;
  });
  const all = [...options, ['-h, --help', 'this text'] as const];
  const width = Math.max(...all.map(([name]) => name.length));
  const lines = all.map(([name, help]) => `  ${name.padEnd(width)}  ${help}`);
  return `Usage: monitor-manager ${`${command.name} ${command.usage}`.trim()}

${command.summary}

Options
${lines.join('\n')}
`;
}
