import { apiOptions, callApi } from './api.ts';
import { type Command, outputOption, write } from './command.ts';

/** Writes what admins edit as the YAML that `apply` reads. */
export const exportCommand: Command = {
  name: 'export',
  summary: 'Write contacts, alert groups and so on as the YAML that apply reads. Secrets are written as <secret>.',
  usage: '[-o FILE]',
  options: {
    ...outputOption,
    ...apiOptions,
  },
  async run(line, deps) {
    write(await callApi({ method: 'GET', path: '/api/v1/export', accept: 'application/yaml' }, line, deps), line, deps);
    return 0;
  },
};
