/** Collects the conditions of one query with their parameters. */
export interface Where {
  /** Adds a condition; `$` in it stands for the value. */
  add(condition: string, value: unknown): void;
  /** Adds a condition unless the value is null or undefined. */
  addIf(condition: string, value: unknown): void;
  /** Adds a condition without a value. */
  addPlain(condition: string): void;
  /** Takes one more parameter, and gives its placeholder. */
  param(value: unknown): string;
  /** `where …`, or nothing. */
  sql(): string;
  readonly values: readonly unknown[];
}

export function createWhere(): Where {
  const conditions: string[] = [];
  const values: unknown[] = [];
  const param = (value: unknown) => `$${values.push(value)}`;
  const add = (condition: string, value: unknown) => {
    conditions.push(condition.replaceAll('$', () => param(value)));
  };
  return {
    add,
    addIf(condition, value) {
      if (value !== null && value !== undefined) add(condition, value);
    },
    addPlain(condition) {
      conditions.push(condition);
    },
    param,
    sql: () => (conditions.length === 0 ? '' : `where ${conditions.join(' and ')}`),
    values,
  };
}
