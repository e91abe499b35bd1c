import { apiOptions, callApi, readAnswer } from './api.ts';
import { type Command, type CommandLine, UsageError } from './command.ts';
import { applyAnswer, diffText } from './diff.ts';
import { readGroupFiles } from './group-files.ts';

/** Makes a running service look like the files. */
export const apply: Command = {
  name: 'apply',
  summary: 'Make sources, contacts, robots, alert groups and so on look like the files. Idempotent.',
  usage: '-f FILE|FOLDER|- [-f …] [--dry-run] [--comment TEXT]',
  options: {
    file: {
      type: 'string',
      short: 'f',
      multiple: true,
      argument: 'PATH',
      help: 'YAML file, folder of them, or - for stdin',
    },
    'dry-run': { type: 'boolean', help: 'only print what would change' },
    comment: { type: 'string', argument: 'TEXT', help: 'why; kept with the versions that it makes' },
    ...apiOptions,
  },
  async run(line, deps) {
    const dryRun = line.values['dry-run'] === true;
    const text = readGroupFiles(pathsOf(line), deps);
    const query = new URLSearchParams(dryRun ? { dry_run: 'true' } : {});
    if (typeof line.values['comment'] === 'string') query.set('comment', line.values['comment']);
    const path = `/api/v1/apply${query.size > 0 ? `?${query}` : ''}`;
    const answer = await callApi({ method: 'POST', path, body: { type: 'application/yaml', text } }, line, deps);
    deps.out(diffText(readAnswer(applyAnswer, answer), dryRun));
    return 0;
  },
};

function pathsOf(line: CommandLine): string[] {
  const { file } = line.values;
  const paths = Array.isArray(file) ? file.filter((path) => typeof path === 'string') : [];
  if (paths.length === 0) throw new UsageError('apply needs -f FILE\nTry: monitor-manager apply --help');
  return paths;
}
