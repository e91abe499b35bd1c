/** Labels as rows of name and value. */
import { ActionIcon, Button, Text, TextInput } from '@mantine/core';
import { useFault } from '../../parts/fault.ts';
import { Icon } from '../../parts/icons.tsx';
import { useText } from '../../text/index.tsx';
import type { LabelRow } from './labels.ts';
import classes from './sources.module.css';

export function LabelRows({ rows, onChange }: { rows: readonly LabelRow[]; onChange: (rows: LabelRow[]) => void }) {
  const { sources: words } = useText();
  const fault = useFault('labels');
  const change = (key: number, part: Partial<LabelRow>) =>
    onChange(rows.map((row) => (row.key === key ? { ...row, ...part } : row)));
  const add = () => onChange([...rows, { key: Math.max(-1, ...rows.map((row) => row.key)) + 1, name: '', value: '' }]);
  return (
    <fieldset className={classes.labels}>
      <legend>{words.labels}</legend>
      <span className={classes.quiet}>{words.labelsHint}</span>
      {rows.map(({ key, name, value }) => (
        <div key={key} className={classes.label}>
          <TextInput
            aria-label={words.labelName}
            value={name}
            spellCheck={false}
            onChange={(event) => change(key, { name: event.currentTarget.value })}
          />
          <TextInput
            aria-label={words.labelValue}
            value={value}
            spellCheck={false}
            onChange={(event) => change(key, { value: event.currentTarget.value })}
          />
          <ActionIcon
            variant="subtle"
            color="gray"
            size={36}
            aria-label={words.removeLabel(name)}
            onClick={() => onChange(rows.filter((row) => row.key !== key))}
          >
            <Icon name="x" />
          </ActionIcon>
        </div>
      ))}
      {fault !== undefined && (
        <Text size="xs" c="var(--mantine-color-error)">
          {fault}
        </Text>
      )}
      <Button size="compact-sm" variant="subtle" onClick={add}>
        {words.addLabel}
      </Button>
    </fieldset>
  );
}
