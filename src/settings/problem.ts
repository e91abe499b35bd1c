/** All that is wrong with the settings, at once. */
export class SettingsError extends Error {
  /** One line each, with its place; no secret. */
  readonly problems: readonly string[];

  constructor(problems: readonly string[]) {
    super(
      `the settings have ${problems.length === 1 ? 'a problem' : `${problems.length} problems`}:\n${problems.join('\n')}`,
    );
    this.name = 'SettingsError';
    this.problems = problems;
  }
}
