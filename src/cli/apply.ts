import { apiOptions, callApi, readAnswer } from './api.ts';
import type { Command } from './command.ts';
import { applyAnswer, diffText } from './diff.ts';
import { filesOption, readGivenFiles } from './group-files.ts';

/** Makes a running service look like the files. */
export const apply: Command = {
  name: 'apply',
  summary: 'Make sources, contacts, robots, alert groups and so on look like the files. Idempotent.',
  usage: '-f FILE|FOLDER|- [-f …] [--dry-run] [--comment TEXT]',
  options: {
    ...filesOption,
    'dry-run': { type: 'boolean', help: 'only print what would change' },
    comment: { type: 'string', argument: 'TEXT', help: 'why; kept with the versions that it makes' },
    ...apiOptions,
  },
  async run(line, deps) {
    const dryRun = line.values['dry-run'] === true;
    const text = readGivenFiles('apply', line, deps);
    const query = new URLSearchParams(dryRun ? { dry_run: 'true' } : {});
    if (typeof line.values['comment'] === 'string') query.set('comment', line.values['comment']);
    const path = `/api/v1/apply${query.size > 0 ? `?${query}` : ''}`;
    const answer = await callApi({ method: 'POST', path, body: { type: 'application/yaml', text } }, line, deps);
    deps.out(diffText(readAnswer(applyAnswer, answer), dryRun));
    return 0;
  },
};
