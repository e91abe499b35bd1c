/** What became of an alert, or of an incident. */
import { z } from 'zod';
import { errorMessage } from '../errors.ts';
import { formatMatcher } from '../matcher/format.ts';
import { parseMatchers } from '../matcher/parse.ts';
import { readAnswer } from './api.ts';
import { Failure, UsageError } from './command.ts';
import { labelsShape, labelText, stepLines, stepShape } from './steps.ts';

type Call = (path: string) => Promise<string>;

const alertAnswer = z.object({
  alert: z.object({ fingerprint: z.string(), labels: labelsShape, state: z.string().nullish() }),
  steps: z.array(stepShape),
  truncated: z.boolean().default(false),
});

const incidentAnswer = z.object({
  incident: z.object({ id: z.string(), group: z.string(), group_labels: labelsShape, state: z.string() }),
  steps: z.array(stepShape),
  truncated: z.boolean(),
});

const alertPage = z.object({
  items: z.array(z.object({ fingerprint: z.string(), labels: labelsShape })),
  next_cursor: z.string().nullable(),
});

type Item = z.output<typeof alertPage>['items'][number];

/** @param what a fingerprint, or matchers that mean one alert */
export async function explainAlert(what: string, call: Call): Promise<string> {
  const fingerprint = isFingerprint(what) ? what : await findAlert(what, call);
  const text = await call(`/api/v1/alerts/${fingerprint}/explain`);
  const { alert, steps, truncated } = readAnswer(alertAnswer, text);
  const head = `${labelText(alert.labels)}\nfingerprint ${alert.fingerprint}${alert.state ? `, ${alert.state}` : ''}\n\n`;
  return timeline(head, { steps, truncated, of: 'alert' });
}

export async function explainIncident(id: string, call: Call): Promise<string> {
  if (!/^\d+$/.test(id)) throw new UsageError(`${id} is not the number of an incident`);
  const { incident, steps, truncated } = readAnswer(incidentAnswer, await call(`/api/v1/incidents/${id}/explain`));
  const head = `${labelText(incident.group_labels)}\nincident ${incident.id} of ${incident.group}, ${incident.state}\n\n`;
  return timeline(head, { steps, truncated, of: 'incident' });
}

/** Fingerprints are of 16 to 64 hexadecimal digits. */
export function isFingerprint(text: string): boolean {
  return /^[0-9a-f]{16,64}$/.test(text);
}

function timeline(
  head: string,
  { steps, truncated, of }: { steps: z.output<typeof stepShape>[]; truncated: boolean; of: string },
): string {
  if (steps.length === 0) return `${head}no steps are kept for this ${of}\n`;
  return head + (truncated ? '(there are older steps)\n' : '') + stepLines(steps);
}

/** The one alert that the matchers mean. */
async function findAlert(matchers: string, call: Call): Promise<string> {
  const items = await findAlerts(filtersOf(matchers), call);
  const [only, ...others] = items;
  if (only === undefined) {
    throw new Failure(
      `no alert matches ${matchers}\nTo see what comes near and what the sources had posted, name a time: --at "2026-01-31 02:50"`,
    );
  }
  if (others.length === 0) return only.fingerprint;
  const list = items.map((item) => `\n  ${item.fingerprint}  ${labelText(item.labels)}`);
  throw new Failure(`several alerts match; name one by its fingerprint:${list.join('')}`);
}

/** Up to some twenty; a page can be empty and still not be the last. */
async function findAlerts(filters: string, call: Call): Promise<Item[]> {
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
export function filtersOf(text: string): string {
  try {
    return parseMatchers(text)
      .matchers.map((matcher) => `&filter=${encodeURIComponent(formatMatcher(matcher))}`)
      .join('');
  } catch (error) {
    throw new UsageError(`${text} is neither a fingerprint nor matchers: ${errorMessage(error)}`);
  }
}
