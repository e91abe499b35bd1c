import { z } from 'zod';
import { behindOutbox } from '../alert/outbox.ts';
import { apiOptions, callApi, readAnswer } from './api.ts';
import { type Command, type CommandLine, textOption, UsageError } from './command.ts';

/** Who can be tested: the option, and the key of the request. */
const targets = { contact: 'contact', robot: 'robot', group: 'alert_group' } as const;

const testAnswer = z.object({
  results: z.array(
    z.object({
      channel: z.string(),
      /** Address on the channel. */
      destination: z.string(),
      ok: z.boolean(),
      /** The provider's words. */
      answer: z.string().nullish(),
      remedy: z.string().nullish(),
    }),
  ),
});

type Result = z.output<typeof testAnswer>['results'][number];

/** Sends a test message and shows what the provider said. */
export const sendTest: Command = {
  name: 'send-test',
  summary: 'Send a test message and show what the provider answers. Exit code 1 when one was not accepted.',
  usage: '(--contact NAME | --robot NAME | --group NAME) [--channel CHANNEL]',
  options: {
    contact: { type: 'string', argument: 'NAME', help: 'a person' },
    robot: { type: 'string', argument: 'NAME', help: 'a WeCom group robot' },
    group: { type: 'string', argument: 'NAME', help: 'everybody in an alert group' },
    channel: { type: 'string', argument: 'CHANNEL', help: 'only this channel, such as email' },
    ...apiOptions,
  },
  async run(line, deps) {
    const body = { type: 'application/json', text: JSON.stringify(requestOf(line)) };
    const answer = await callApi({ method: 'POST', path: '/api/v1/notifications/test', body }, line, deps);
    const { results } = readAnswer(testAnswer, answer);
    deps.out(results.length === 0 ? 'there is nobody to send to\n' : results.map(resultText).join(''));
    return results.length > 0 && results.every((result) => result.ok) ? 0 : 1;
  },
};

function requestOf(line: CommandLine): Record<string, string> {
  const named = Object.entries(targets).flatMap(([option, key]) => {
    const name = textOption(line, option);
    return name === undefined ? [] : [[key, name] as const];
  });
  if (named.length !== 1) throw new UsageError('send-test needs one of --contact, --robot and --group');
  const channel = textOption(line, 'channel');
  return { ...Object.fromEntries(named), ...(channel === undefined ? {} : { channel }) };
}

function resultText({ channel, destination, ok, answer, remedy }: Result): string {
  const to = behindOutbox({ channel, address: destination });
  const outcome = channel === 'outbox' ? 'KEPT  ' : ok ? 'ok    ' : 'FAILED';
  const first = `${outcome} ${to.channel} ${to.address}${answer ? `: ${answer}` : ''}\n`;
  return remedy ? `${first}       ${remedy}\n` : first;
}
