/** Matchers as chips: Enter adds one, Backspace in the empty field takes the last one back to edit it. */
import { Pill, PillsInput } from '@mantine/core';
import { type KeyboardEvent, useRef, useState } from 'react';
import { useText } from '../text/index.tsx';
import { useKeys } from './keys.tsx';
import { matcherText, readMatcher, wordMatcher } from './matcher.ts';
import { Brief } from './value.tsx';

interface Props {
  matchers: readonly string[];
  onChange: (matchers: string[]) => void;
}

export function FilterBar({ matchers, onChange }: Props) {
  const { filter } = useText();
  const field = useRef<HTMLInputElement>(null);
  const [draft, setDraft] = useState('');
  const [bad, setBad] = useState<string | null>(null);
  useKeys({ '/': () => field.current?.focus() });

  const add = () => {
    const parts = readMatcher(draft);
    if (draft.trim() === '') return;
    const text = parts === null ? wordMatcher(draft) : matcherText(parts.name, parts.op, parts.value);
    if (text === null) return setBad(draft.trim());
    if (!matchers.includes(text)) onChange([...matchers, text]);
    setDraft('');
  };
  const press = (event: KeyboardEvent) => {
    if (event.nativeEvent.isComposing) return;
    if (event.key === 'Enter') {
      event.preventDefault();
      add();
    } else if (event.key === 'Backspace' && draft === '' && matchers.length > 0) {
      event.preventDefault();
      setDraft(matchers.at(-1) ?? '');
      onChange(matchers.slice(0, -1));
    } else if (event.key === 'Escape') field.current?.blur();
  };
  return (
    <PillsInput
      size="sm"
      flex="1 1 20rem"
      error={bad === null ? undefined : `${filter.bad(bad)} ${filter.hint}`}
      rightSection={
        matchers.length > 1 ? (
          <Pill.Group>
            <Pill
              withRemoveButton
              removeButtonProps={{ 'aria-label': filter.clear, tabIndex: 0 }}
              onRemove={() => onChange([])}
            />
          </Pill.Group>
        ) : null
      }
    >
      <Pill.Group>
        {matchers.map((text) => (
          <Pill
            key={text}
            flex="none"
            withRemoveButton
            removeButtonProps={{ 'aria-label': filter.remove(text.slice(0, 100)), 'aria-hidden': false, tabIndex: 0 }}
            onRemove={() => onChange(matchers.filter((one) => one !== text))}
          >
            <Brief max={60}>{text}</Brief>
          </Pill>
        ))}
        <PillsInput.Field
          ref={field}
          aria-label={filter.label}
          title={filter.hint}
          placeholder={matchers.length === 0 ? filter.placeholder : undefined}
          value={draft}
          onChange={(event) => {
            setDraft(event.currentTarget.value);
            setBad(null);
          }}
          onKeyDown={press}
          onBlur={() => readMatcher(draft) !== null && add()}
          spellCheck={false}
          autoCapitalize="off"
          autoComplete="off"
          enterKeyHint="done"
        />
      </Pill.Group>
    </PillsInput>
  );
}
