/** The settings: one YAML file, overridden by the environment, checked by one schema. */
import { complete, type Settings } from './settings/complete.ts';
import { describeSettings, sectionPaths } from './settings/describe.ts';
import { noFile, parseSettingsFile, type SettingsFile } from './settings/file.ts';
import { type Environment, type Overlaid, overlay } from './settings/overlay.ts';
import { SettingsError } from './settings/problem.ts';
import { type ParsedSettings, settingsSchema } from './settings/schema.ts';
import { getAt, setAt } from './settings/tree.ts';

export type { Settings } from './settings/complete.ts';
export { describeSettings, type SettingEntry } from './settings/describe.ts';
export { SettingsError } from './settings/problem.ts';

/** Where the settings come from. */
export interface SettingsSources {
  /** What `--config` says; null: `MM_CONFIG`, or no file at all. */
  configPath: string | null;
  env: Environment;
  /** Reads a whole text file. @throws Error when that is impossible */
  readFile: (path: string) => string;
  /** Name of this machine: the default of `site`. */
  hostname: string;
}

/**
 * Reads and checks the settings.
 * @throws SettingsError with everything that is wrong, each with its line or variable
 */
export function loadSettings(sources: SettingsSources): Settings {
  const path = sources.configPath ?? (sources.env['MM_CONFIG'] || null);
  const file = path === null ? noFile : parseSettingsFile(path, readConfig(path, sources.readFile));
  const raw = overlay(describeSettings(), { file, env: sources.env, readFile: sources.readFile });
  const result = settingsSchema.safeParse(withSections(raw.tree));
  const problems = [
    ...file.problems,
    ...raw.problems,
    ...(result.error?.issues ?? []).flatMap((issue) => wordsOf(issue, { file, raw })),
    ...(result.success ? incomplete(result.data) : []),
  ];
  if (problems.length > 0 || !result.success) throw new SettingsError(problems);
  return complete(result.data, sources.hostname);
}

function readConfig(path: string, readFile: (path: string) => string): string {
  try {
    return readFile(path);
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? String(error.code) : 'unreadable';
    throw new SettingsError([`${path}: cannot read the settings file (${code})`]);
  }
}

/** A section whose keys are all commented out is null in YAML. */
function withSections(tree: Record<string, unknown>): Record<string, unknown> {
  const empty = sectionPaths().filter((path) => getAt(tree, path) === null);
  return empty.reduce((filled, path) => setAt(filled, path, {}), tree);
}

type Issue = Exclude<ReturnType<typeof settingsSchema.safeParse>['error'], undefined>['issues'][number];

function wordsOf(issue: Issue, from: { file: SettingsFile; raw: Overlaid }): string[] {
  if (issue.code === 'unrecognized_keys') {
    return issue.keys.map((key) => `${placeOf([...issue.path, key], from)}: there is no such setting`);
  }
  return [`${placeOf(issue.path, from)}: ${issue.message}`];
}

/** `file:line: key`, or the variable that the value came from. */
function placeOf(path: readonly PropertyKey[], { file, raw }: { file: SettingsFile; raw: Overlaid }): string {
  const keys = path.map(String);
  const lengths = keys.map((_, index) => index + 1);
  const origin = lengths
    .map((length) => raw.origins.get(keys.slice(0, length).join('.')))
    .find((one) => one !== undefined);
  return origin ?? `${file.place(path)}: ${keys.join('.')}`;
}

/** What no single key shows: parts of what is good for something only as a whole. */
function incomplete({ wecom, oidc, peers }: ParsedSettings): string[] {
  const { corp_id, agent_id, secret } = wecom;
  const { issuer, client_id, client_secret } = oidc;
  return [
    ...missingOf('wecom: application messages also need', 'wecom', { corp_id, agent_id, secret }),
    ...missingOf('oidc: signing in also needs', 'oidc', { issuer, client_id, client_secret }),
    ...tooSoon(peers),
  ];
}

/** Fewer missed probes say nothing. */
function tooSoon({ interval, timeout, down_after }: ParsedSettings['peers']): string[] {
  if (down_after >= 3 * interval && down_after >= 2 * timeout) return [];
  return ['peers.down_after: must be at least three times peers.interval and twice peers.timeout'];
}

function missingOf(words: string, section: string, given: Record<string, unknown>): string[] {
  const keys = Object.keys(given);
  const missing = keys.filter((key) => given[key] === null);
  if (missing.length === 0 || missing.length === keys.length) return [];
  return [`${words} ${missing.map((key) => `${section}.${key}`).join(' and ')}`];
}
