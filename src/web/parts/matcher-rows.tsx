/** Matchers as rows of label, operator and value. */
import { Button, Select, TextInput } from '@mantine/core';
import type { Labels } from '../client/types.ts';
import { useText } from '../text/index.tsx';
import { Icon } from './icons.tsx';
import { type MatcherParts, matcherText, type Operator, operators } from './matcher.ts';
import classes from './matcher-rows.module.css';

export type MatcherRow = MatcherParts & { key: number };

/** Labels as the matchers that they fulfil. */
export function rowsOf(labels: Labels): MatcherRow[] {
  return Object.entries(labels).map(([name, value], key) => ({ key, name, op: '=', value }));
}

/** A row in which nothing is typed is no matcher yet; one with a value only is a wrong one, which the service says. */
export const isBlank = ({ name, value }: MatcherRow) => name === '' && value === '';

/** Rows as the API takes them. */
export function textsOf(rows: readonly MatcherRow[]): string[] {
  return rows.filter((row) => !isBlank(row)).map((row) => matcherText(row.name, row.op, row.value));
}

interface Props {
  rows: readonly MatcherRow[];
  onChange: (rows: MatcherRow[]) => void;
  /** What is wrong with each row. */
  errors?: readonly (string | undefined)[];
  /** Where several stand together. */
  legend?: string;
}

export function MatcherRows({ rows, onChange, errors = [], legend }: Props) {
  const { silence: words } = useText();
  const change = (key: number, part: Partial<MatcherParts>) =>
    onChange(rows.map((row) => (row.key === key ? { ...row, ...part } : row)));
  const add = () =>
    onChange([...rows, { key: Math.max(-1, ...rows.map((row) => row.key)) + 1, name: '', op: '=', value: '' }]);
  return (
    <fieldset className={classes.matchers}>
      <legend>{legend ?? words.matchers}</legend>
      {rows.map(({ key, name, op, value }, i) => (
        <div key={key} className={classes.matcher}>
          <TextInput
            aria-label={words.matcherName}
            value={name}
            onChange={(event) => change(key, { name: event.currentTarget.value })}
            spellCheck={false}
          />
          <Select
            aria-label={words.matcherOp}
            data={[...operators]}
            value={op}
            allowDeselect={false}
            onChange={(chosen) => change(key, { op: chosen as Operator })}
          />
          <TextInput
            className={classes.value}
            aria-label={words.matcherValue}
            value={value}
            error={errors[i]}
            onChange={(event) => change(key, { value: event.currentTarget.value })}
            spellCheck={false}
          />
          <button
            type="button"
            className={classes.remove}
            aria-label={words.removeMatcher(name)}
            onClick={() => onChange(rows.filter((row) => row.key !== key))}
          >
            <Icon name="x" />
          </button>
        </div>
      ))}
      <Button size="compact-sm" variant="subtle" onClick={add}>
        {words.addMatcher}
      </Button>
    </fieldset>
  );
}
