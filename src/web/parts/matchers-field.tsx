/** Matchers, as rows or as the text that people know from Alertmanager; what is typed in one is there in the other. */
import { Group, SegmentedControl, Text, Textarea } from '@mantine/core';
import { useId, useState } from 'react';
import { useText } from '../text/index.tsx';
import { useFaultAt } from './fault.ts';
import { linesOf } from './fields.tsx';
import { readMatchers } from './matcher.ts';
import { isBlank, type MatcherRow, MatcherRows, textsOf } from './matcher-rows.tsx';
import classes from './matchers-field.module.css';

/** Text null: they are edited as rows. */
export interface MatchersDraft {
  rows: MatcherRow[];
  text: string | null;
}

/** Stored matchers as rows; as text when rows cannot say the same. */
export function matchersDraft(matchers: readonly string[]): MatchersDraft {
  const rows = rowsOfLines(matchers);
  return typeof rows === 'number' ? { rows: [], text: matchers.join('\n') } : { rows, text: null };
}

/** As the API takes them. */
export function matchersOf({ rows, text }: MatchersDraft): string[] {
  return text === null ? textsOf(rows) : linesOf(text);
}

/** A number: the first line, from 0, that cannot be shown as rows. */
function rowsOfLines(lines: readonly string[]): MatcherRow[] | number {
  const read = lines.map(readMatchers);
  const odd = read.indexOf(null);
  return odd >= 0 ? odd : read.flatMap((parts) => parts ?? []).map((parts, key) => ({ key, ...parts }));
}

interface Props {
  /** Of the field in the API, by which faults are found. */
  path?: string;
  value: MatchersDraft;
  onChange: (value: MatchersDraft) => void;
}

export function MatchersField({ path = 'matchers', value, onChange }: Props) {
  const { matchers: words } = useText();
  const [odd, setOdd] = useState<number | null>(null);
  const change = (next: MatchersDraft) => {
    setOdd(null);
    onChange(next);
  };
  const show = (form: string) => {
    if (form === 'text') return change({ rows: value.rows, text: textsOf(value.rows).join('\n') });
    const rows = rowsOfLines(linesOf(value.text ?? ''));
    if (typeof rows === 'number') setOdd(rows);
    else change({ rows, text: null });
  };
  return (
    <div>
      <Group justify="flex-end" mb={-22}>
        <SegmentedControl
          size="xs"
          aria-label={words.form}
          value={value.text === null ? 'rows' : 'text'}
          onChange={show}
          data={[
            { value: 'rows', label: words.rows },
            { value: 'text', label: words.text },
          ]}
        />
      </Group>
      {value.text === null ? (
        <Rows path={path} rows={value.rows} onChange={(rows) => change({ rows, text: null })} />
      ) : (
        <Lines path={path} text={value.text} onChange={(text) => change({ rows: [], text })} />
      )}
      {odd !== null && (
        <Text size="sm" mt={4} role="status" c="var(--mm-warning-ink)">
          {words.noRows(odd + 1)}
        </Text>
      )}
    </div>
  );
}

interface RowsProps {
  path: string;
  rows: readonly MatcherRow[];
  onChange: (rows: MatcherRow[]) => void;
}

function Rows({ path, rows, onChange }: RowsProps) {
  const faultAt = useFaultAt();
  const counted = rows.filter((row) => !isBlank(row));
  const errors = rows.map((row) => (isBlank(row) ? undefined : faultAt(`${path}[${counted.indexOf(row)}]`)));
  return <MatcherRows rows={rows} onChange={onChange} errors={errors} />;
}

function Lines({ path, text, onChange }: { path: string; text: string; onChange: (text: string) => void }) {
  const { matchers: words, silence } = useText();
  const faultAt = useFaultAt();
  const id = useId();
  const faults = linesOf(text).flatMap((_, i) => {
    const fault = faultAt(`${path}[${i}]`);
    return fault === undefined ? [] : [words.inLine(i + 1, fault)];
  });
  return (
    <Textarea
      id={id}
      label={silence.matchers}
      description={words.textHint}
      value={text}
      onChange={(event) => onChange(event.currentTarget.value)}
      error={faults.length === 0 ? undefined : faults.join(' ')}
      autosize
      minRows={3}
      maxRows={16}
      spellCheck={false}
      classNames={{ input: classes.text }}
    />
  );
}
