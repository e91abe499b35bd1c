/** What somebody got and did not get at a time, and whether something had arrived at all. */
import { z } from 'zod';
import { readAnswer } from './api.ts';
import { UsageError } from './command.ts';
import { filtersOf, isFingerprint } from './explain-alert.ts';
import { labelsShape, labelText, reasonText, type Step, stepLines, stepShape, timeText } from './steps.ts';

type Call = (path: string) => Promise<string>;

const finding = z.object({ text: z.string() });
const answerShape = z.object({
  from: z.string(),
  to: z.string(),
  person: z
    .object({
      name: z.string(),
      memberships: z.array(finding),
      alerts: z.array(
        z.object({
          fingerprint: z.string(),
          labels: labelsShape,
          told: z.enum(['within', 'before', 'no']),
          steps: z.array(stepShape),
        }),
      ),
      messages: z.array(z.unknown()),
      steps: z.array(stepShape),
    })
    .nullable(),
  arrival: z.array(finding).nullable(),
  truncated: z.boolean(),
});
type Answer = z.output<typeof answerShape>;

/** @param asked `contact` or `robot`, and `at`, or `from` and `to` */
export async function explainSomebody(
  asked: Readonly<Record<string, string>>,
  filter: string | undefined,
  call: Call,
): Promise<string> {
  const answer = await ask(asked, filter === undefined ? '' : filtersOf(filter), call);
  const { person, arrival } = answer;
  if (person === null) return head(answer);
  const [got, knew, not] = (['within', 'before', 'no'] as const).map((one) =>
    person.alerts.filter(({ told }) => told === one).map(verdict),
  );
  return [
    `${person.name}, ${head(answer)}`,
    section('Member of', person.memberships.map(line)),
    section(`Told of (${person.messages.length} messages)`, got ?? []),
    ...(knew?.length ? [section('Told of before', knew)] : []),
    section('Not told of', not ?? []),
    ...(arrival === null ? [] : [section('Had it arrived?', arrival.map(line))]),
    section('Steps', person.steps.length === 0 ? [] : [stepLines(person.steps)]),
  ].join('\n');
}

/** Whether what the matchers mean had arrived at that time, and what comes near. */
export async function explainArrival(
  matchers: string,
  window: Readonly<Record<string, string>>,
  call: Call,
): Promise<string> {
  if (isFingerprint(matchers))
    throw new UsageError('an alert of a fingerprint has arrived: leave --at, --from and --to out');
  const answer = await ask(window, filtersOf(matchers), call);
  return `${head(answer)}\n${(answer.arrival ?? []).map(line).join('')}`;
}

async function ask(asked: Readonly<Record<string, string>>, filters: string, call: Call): Promise<Answer> {
  return readAnswer(answerShape, await call(`/api/v1/explain?${new URLSearchParams(asked)}${filters}`));
}

function head({ from, to, truncated }: Answer): string {
  return `${timeText(from)} to ${timeText(to)}${truncated ? ' (there is more: ask for a shorter time)' : ''}\n`;
}

function section(title: string, lines: readonly string[]): string {
  return `${title}\n${lines.length === 0 ? 'nothing\n' : lines.join('')}`;
}

function line({ text }: { text: string }): string {
  return `${text}\n`;
}

function verdict({ labels, steps }: { labels: Record<string, string>; steps: readonly Step[] }): string {
  return `${labelText(labels)}\n${steps.map((step) => `  ${timeText(step.at)}  ${reasonText(step)}  ${step.text}\n`).join('')}`;
}
