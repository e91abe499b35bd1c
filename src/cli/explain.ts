import { z } from 'zod';
import { errorMessage } from '../errors.ts';
import { formatMatcher } from '../matcher/format.ts';
import { parseMatchers } from '../matcher/parse.ts';
import { apiOptions, callApi, readAnswer } from './api.ts';
import { type Command, Failure, UsageError } from './command.ts';
import { labelText } from './labels.ts';

const labels = z.record(z.string(), z.string());

const explainAnswer = z.object({
  alert: z.object({ fingerprint: z.string(), labels, state: z.string().nullish() }),
  steps: z.array(z.object({ at: z.string(), stage: z.string(), reason: z.string(), text: z.string() })),
  truncated: z.boolean().default(false),
});

const alertPage = z.object({
  items: z.array(z.object({ fingerprint: z.string(), labels })),
  next_cursor: z.string().nullable(),
});

type Item = z.output<typeof alertPage>['items'][number];

type Step = z.output<typeof explainAnswer>['steps'][number];

/** Shows what became of an alert, step by step. */
export const explain: Command = {
  name: 'explain',
  summary: 'Show what became of an alert: each step with its reason.',
  usage: "FINGERPRINT | 'MATCHERS'",
  positionals: true,
  options: apiOptions,
  async run(line, deps) {
    const [what, ...more] = line.positionals;
    if (what === undefined || more.length > 0) {
      throw new UsageError(
        'explain needs one fingerprint, or matchers in quotes: \'alertname="DiskFull",instance="db1"\'',
      );
    }
    const call = (path: string) => callApi({ method: 'GET', path }, line, deps);
    const fingerprint = /^[0-9a-f]{16,64}$/.test(what) ? what : await findAlert(what, call);
    const text = await call(`/api/v1/alerts/${fingerprint}/explain`);
    deps.out(timeline(readAnswer(explainAnswer, text)));
    return 0;
  },
};

/** The one alert that the matchers mean. */
async function findAlert(matchers: string, call: (path: string) => Promise<string>): Promise<string> {
  const items = await findAlerts(filtersOf(matchers), call);
  const [only, ...others] = items;
  if (only === undefined) throw new Failure(`no alert matches ${matchers}`);
  if (others.length === 0) return only.fingerprint;
  const list = items.map((item) => `\n  ${item.fingerprint}  ${labelText(item.labels)}`);
  throw new Failure(`several alerts match; name one by its fingerprint:${list.join('')}`);
}

/** Up to some twenty; a page can be empty and still not be the last. */
async function findAlerts(filters: string, call: (path: string) => Promise<string>): Promise<Item[]> {
  const found: Item[] = [];
  let cursor = '';
  do {
    const page = readAnswer(alertPage, await call(`/api/v1/alerts?limit=20${filters}${cursor}`));
    found.push(...page.items);
    cursor = page.next_cursor === null ? '' : `&cursor=${encodeURIComponent(page.next_cursor)}`;
  } while (cursor !== '' && found.length < 20);
  return found;
}

/** The API takes one matcher in each `filter`. */
function filtersOf(text: string): string {
  try {
    return parseMatchers(text)
      .matchers.map((matcher) => `&filter=${encodeURIComponent(formatMatcher(matcher))}`)
      .join('');
  } catch (error) {
    throw new UsageError(`${text} is neither a fingerprint nor matchers: ${errorMessage(error)}`);
  }
}

function timeline({ alert, steps, truncated }: z.output<typeof explainAnswer>): string {
  const head = `${labelText(alert.labels)}\nfingerprint ${alert.fingerprint}${alert.state ? `, ${alert.state}` : ''}\n\n`;
  if (steps.length === 0) return `${head}no steps are kept for this alert\n`;
  const stages = Math.max(...steps.map((step) => step.stage.length));
  const reasons = Math.max(...steps.map((step) => step.reason.length));
  const older = truncated ? '(there are older steps)\n' : '';
  return head + older + steps.map((step) => stepText(step, { stages, reasons })).join('');
}

function stepText({ at, stage, reason, text }: Step, width: { stages: number; reasons: number }): string {
  const time = at.replace('T', ' ').replace(/\.\d+Z$/, 'Z');
  return `${time}  ${stage.padEnd(width.stages)}  ${reason.padEnd(width.reasons)}  ${text}\n`;
}
