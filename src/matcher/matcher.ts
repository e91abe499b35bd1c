/** A label matcher with Alertmanager's meaning: an absent label is the empty string, regexes are RE2 and anchored. */
export interface Matcher {
  readonly name: string;
  readonly op: '=' | '!=' | '=~' | '!~';
  readonly value: string;
  /** Whether the label's value satisfies this matcher. */
  matches(value: string): boolean;
}
