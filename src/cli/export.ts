import { apiOptions, callApi } from './api.ts';
import { type Command, textOption } from './command.ts';

/** Writes what admins edit as the YAML that `apply` reads. */
export const exportCommand: Command = {
  name: 'export',
  summary: 'Write contacts, alert groups and so on as the YAML that apply reads. Secrets are written as <secret>.',
  usage: '[-o FILE]',
  options: {
    output: { type: 'string', short: 'o', argument: 'FILE', help: 'where to write; without it, stdout' },
    ...apiOptions,
  },
  async run(line, deps) {
    const text = await callApi({ method: 'GET', path: '/api/v1/export', accept: 'application/yaml' }, line, deps);
    const file = textOption(line, 'output');
    if (file === undefined) deps.out(text);
    else deps.writeFile(file, text);
    return 0;
  },
};
