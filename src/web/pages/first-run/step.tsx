/** One step: what it is for, whether it is done, and what there is to do. */
import { Alert, Button, Group, Stack, Text, TextInput, type TextInputProps, Title } from '@mantine/core';
import { type FormEvent, type ReactNode, useId } from 'react';
import { createObject, type Kind } from '../../client/objects.ts';
import { ApiError } from '../../client/request.ts';
import { Badge } from '../../parts/badge.tsx';
import { FaultContext, useFault } from '../../parts/fault.ts';
import { errorWords } from '../../parts/states.tsx';
import { useAction } from '../../parts/use-action.ts';
import { useText } from '../../text/index.tsx';
import classes from './step.module.css';

interface StepProps {
  title: string;
  lead: string;
  done: boolean;
  children: ReactNode;
}

export function Step({ title, lead, done, children }: StepProps) {
  const { firstRun: words } = useText();
  const id = useId();
  return (
    <li className={classes.step} data-done={done} aria-labelledby={id}>
      <Group gap="sm">
        <Title order={2} id={id}>
          {title}
        </Title>
        <Badge level={done ? 'ok' : 'none'}>{done ? words.done : words.open}</Badge>
      </Group>
      <Text size="sm" c="var(--mm-quiet)">
        {lead}
      </Text>
      <Stack gap="sm" mt="sm">
        {children}
      </Stack>
    </li>
  );
}

interface FormProps<T> {
  kind: Kind;
  body: unknown;
  action: string;
  onMade: (made: T) => void;
  children: ReactNode;
}

/** A few fields that make one object; each shows what is wrong with it. */
export function StepForm<T>({ kind, body, action, onMade, children }: FormProps<T>) {
  const text = useText();
  const making = useAction(() => createObject<T>(kind, body), { kinds: ['config'], quiet: true });
  const submit = (event: FormEvent) => {
    event.preventDefault();
    making.mutate(undefined, { onSuccess: onMade });
  };
  const faults = making.error instanceof ApiError ? making.error.faults : [];
  return (
    <form onSubmit={submit} noValidate>
      <FaultContext.Provider value={faults}>
        <Stack gap="sm" align="flex-start">
          <div className={classes.fields}>{children}</div>
          {making.error !== null && faults.length === 0 && (
            <Alert color="red" role="alert">
              <bdi>{errorWords(making.error, text)}</bdi>
            </Alert>
          )}
          <Button type="submit" size="xs" loading={making.isPending}>
            {action}
          </Button>
        </Stack>
      </FaultContext.Provider>
    </form>
  );
}

interface FieldProps extends Omit<TextInputProps, 'value' | 'onChange' | 'error'> {
  /** Where its value is in the body. */
  path: string;
  value: string;
  onChange: (value: string) => void;
}

export function Field({ path, onChange, ...rest }: FieldProps) {
  const fault = useFault(path);
  return (
    <TextInput
      autoComplete="off"
      spellCheck={false}
      // What is said of a field comes below it, so that fields side by side stand on one line.
      inputWrapperOrder={['label', 'input', 'description', 'error']}
      {...rest}
      error={fault}
      onChange={(event) => onChange(event.currentTarget.value)}
    />
  );
}
