import { apiOptions, callApi } from './api.ts';
import type { CliDeps, Command, CommandLine } from './command.ts';
import { textOption, UsageError } from './command.ts';
import { explainAlert, explainIncident } from './explain-alert.ts';
import { explainArrival, explainSomebody } from './explain-people.ts';

const kinds = ['alert', 'incident', 'person', 'room'] as const;
type Kind = (typeof kinds)[number];

const needs =
  'explain needs one fingerprint, or matchers in quotes: \'alertname="DiskFull",instance="db1"\'; or incident ID, person NAME, room NAME';

/** Shows what became of an alert or an incident, or what somebody got and did not get, step by step. */
export const explain: Command = {
  name: 'explain',
  summary:
    'Show what became of an alert or an incident, or what somebody got and did not get at a time: each step with its reason.',
  usage: "[alert] FINGERPRINT | 'MATCHERS' | incident ID | person NAME | room NAME",
  positionals: true,
  options: {
    at: {
      type: 'string',
      argument: 'TIME',
      help: 'what happened around this time: "2026-01-31 02:50" is UTC, 2026-01-31T10:50+08:00 has an offset',
    },
    from: { type: 'string', argument: 'TIME', help: 'what happened from this time on; default: an hour before --to' },
    to: { type: 'string', argument: 'TIME', help: 'up to this time; default: now' },
    filter: { type: 'string', argument: 'MATCHERS', help: 'of a person or a room: only these alerts' },
    ...apiOptions,
  },
  async run(line, deps) {
    const { kind, what } = subject(line);
    const call = (path: string) => callApi({ method: 'GET', path }, line, deps);
    deps.out(await told(kind, what, { line, deps, call }));
    return 0;
  },
};

interface Asking {
  line: CommandLine;
  deps: CliDeps;
  call: (path: string) => Promise<string>;
}

function told(kind: Kind, what: string, { line, call }: Asking): Promise<string> {
  const window = windowOf(line);
  const filter = textOption(line, 'filter');
  if (kind === 'person') return explainSomebody({ contact: what, ...window }, filter, call);
  if (kind === 'room') return explainSomebody({ robot: what, ...window }, filter, call);
  if (filter !== undefined) throw new UsageError('--filter is for person and room');
  if (kind === 'alert' && Object.keys(window).length > 0) return explainArrival(what, window, call);
  if (Object.keys(window).length > 0)
    throw new UsageError('an incident is explained whole: leave --at, --from and --to out');
  return kind === 'incident' ? explainIncident(what, call) : explainAlert(what, call);
}

function subject({ positionals: [first, second, ...more] }: CommandLine): { kind: Kind; what: string } {
  if (first === undefined || more.length > 0) throw new UsageError(needs);
  if (second === undefined) return { kind: 'alert', what: first };
  const kind = kinds.find((one) => one === first);
  if (kind === undefined) throw new UsageError(needs);
  return { kind, what: second };
}

/** Times without an offset are UTC, as those that are printed. */
function windowOf(line: CommandLine): Record<string, string> {
  const given = (['at', 'from', 'to'] as const).flatMap((name) => {
    const text = textOption(line, name);
    return text === undefined ? [] : [[name, instantOf(name, text)] as const];
  });
  return Object.fromEntries(given);
}

function instantOf(name: string, text: string): string {
  const [, day, time, zone] =
    /^(\d{4}-\d\d-\d\d)(?:[T ](\d\d:\d\d(?::\d\d(?:\.\d+)?)?))? ?(Z|UTC|[+-]\d\d:?\d\d)?$/i.exec(text) ?? [];
  const offset = zone === undefined || /^(z|utc)$/i.test(zone) ? 'Z' : zone.replace(/^(...):?/, '$1:');
  const at = new Date(`${day}T${time ?? '00:00'}${offset}`);
  if (!Number.isNaN(at.getTime())) return at.toISOString();
  throw new UsageError(`--${name} ${text} is not a time such as "2026-01-31 02:50" (UTC) or 2026-01-31T10:50+08:00`);
}
