import { setTimeout as pause } from 'node:timers/promises';
import { parse } from 'yaml';
import { z } from 'zod';
import { apiOptions, callApi, readAnswer } from './api.ts';
import { backtestResult, backtestText } from './backtest-text.ts';
import { type Command, Failure, textOption } from './command.ts';
import { filesOption, readGivenFiles } from './group-files.ts';

const backtestState = z.object({
  id: z.string(),
  state: z.enum(['waiting', 'running', 'done', 'failed']),
  progress: z.number(),
  from: z.string(),
  to: z.string(),
  changes: z.number().nullable(),
  known_since: z.string().nullish(),
  error: z.string().nullable(),
  result: backtestResult.nullable(),
});

type State = z.output<typeof backtestState>;

/** How often a running backtest is asked how far it is. */
const askEveryMs = 500;

/** Says what a draft of the configuration would have done with the alerts of the last days. */
export const backtest: Command = {
  name: 'backtest',
  summary:
    'Show what the files would have done in the last days: who would have got how many messages. Changes nothing.',
  usage: '-f FILE|FOLDER|- [-f …] [--since 7d]',
  options: {
    ...filesOption,
    since: { type: 'string', argument: 'DURATION', help: 'how far back (7d)' },
    ...apiOptions,
  },
  async run(line, deps) {
    const request = {
      since: textOption(line, 'since') ?? '7d',
      document: parse(readGivenFiles('backtest', line, deps)) ?? {},
    };
    const call = async (method: 'GET' | 'POST', path: string, body?: { type: string; text: string }) =>
      readAnswer(backtestState, await callApi({ method, path, ...(body && { body }) }, line, deps));
    const path = '/api/v1/backtests';
    let state = await call('POST', path, { type: 'application/json', text: JSON.stringify(request) });
    for (let first = true; state.state === 'waiting' || state.state === 'running'; first = false) {
      if (!first) await pause(askEveryMs);
      state = await call('GET', `${path}/${state.id}`);
    }
    deps.out(textOf(state));
    return 0;
  },
};

function textOf({ error, result, ...about }: State): string {
  if (result === null) throw new Failure(`the backtest failed: ${error ?? 'no reason given'}`);
  return backtestText({ ...about, changes: about.changes ?? 0, knownSince: about.known_since ?? null, result });
}
