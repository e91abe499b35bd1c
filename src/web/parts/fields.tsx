/** Fields of forms, each with what the service finds wrong with it. */
import { Select, type SelectProps, Textarea, type TextareaProps, TextInput, type TextInputProps } from '@mantine/core';
import { useMemo } from 'react';
import { languages, useText } from '../text/index.tsx';
import { useFault } from './fault.ts';

/** What every field has: where its value is in the body, the value, and who hears of another one. */
interface Field {
  path: string;
  value: string;
  onChange: (value: string) => void;
}

type Rest<P> = Omit<P, keyof Field | 'error'>;

export function TextField({ path, value, onChange, ...rest }: Field & Rest<TextInputProps>) {
  const error = useFault(path);
  return (
    <TextInput
      spellCheck={false}
      autoComplete="off"
      {...rest}
      value={value}
      error={error}
      onChange={(event) => onChange(event.currentTarget.value)}
    />
  );
}

/** Several values, one on each line. */
export function LinesField({ path, value, onChange, ...rest }: Field & Rest<TextareaProps>) {
  const error = useFault(path);
  return (
    <Textarea
      spellCheck={false}
      autosize
      minRows={2}
      maxRows={12}
      {...rest}
      value={value}
      error={error}
      onChange={(event) => onChange(event.currentTarget.value)}
    />
  );
}

/** What is typed into a {@link LinesField}, as a list. */
export function linesOf(text: string): string[] {
  return text
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '');
}

/** What is typed with spaces or commas of any kind in between, as a list. */
export function wordsOf(text: string): string[] {
  return text.split(/[\s,，、]+/).filter((word) => word !== '');
}

export function ChoiceField({ path, value, onChange, ...rest }: Field & Rest<SelectProps>) {
  const error = useFault(path);
  return (
    <Select
      allowDeselect={false}
      {...rest}
      value={value}
      error={error}
      onChange={(chosen) => onChange(String(chosen ?? ''))}
    />
  );
}

/** In which language messages are worded. */
export function LanguageField(field: Field) {
  const { edit: words } = useText();
  return <ChoiceField {...field} label={words.language} description={words.languageHint} data={[...languages]} />;
}

/** A time zone, found by typing a part of its name. */
export function TimezoneField({ description, ...field }: Field & Pick<SelectProps, 'description'>) {
  const { edit: words } = useText();
  const zones = useMemo(
    () => [...new Set([field.value, 'UTC', ...Intl.supportedValuesOf('timeZone')])].filter((zone) => zone !== ''),
    [field.value],
  );
  return (
    <ChoiceField
      {...field}
      label={words.timezone}
      description={description ?? words.timezoneHint}
      data={zones}
      searchable
      limit={40}
      nothingFoundMessage={words.noTimezone}
    />
  );
}

/** The time zone of the browser, for what is new. */
export function ownTimezone(): string {
  return Intl.DateTimeFormat().resolvedOptions().timeZone;
}
