import { Alert, Box, Button, Stack } from '@mantine/core';
import { useQueryClient } from '@tanstack/react-query';
import { type FormEvent, useState } from 'react';
import { useMe } from '../../client/me.tsx';
import { ApiError } from '../../client/request.ts';
import { changePassword } from '../../client/session.ts';
import { PasswordField } from '../../parts/password-field.tsx';
import { errorWords } from '../../parts/states.tsx';
import { useAction } from '../../parts/use-action.ts';
import { useText } from '../../text/index.tsx';

const empty = { current: '', next: '', again: '' };

/** Changes the own password. The session that comes back takes the place of the one before. */
export function PasswordForm() {
  const text = useText();
  const { account: words } = text;
  const queries = useQueryClient();
  const { name } = useMe();
  const [typed, setTyped] = useState(empty);
  const [tried, setTried] = useState(false);
  const changing = useAction(() => changePassword(typed.current, typed.next), {
    kinds: [],
    said: () => words.changed,
    quiet: true,
  });
  const submit = (event: FormEvent) => {
    event.preventDefault();
    setTried(true);
    if (typed.next !== typed.again) return;
    changing.mutate(undefined, {
      onSuccess: (me) => {
        queries.setQueryData(['me'], me);
        setTyped(empty);
        setTried(false);
      },
    });
  };
  const faultAt = (path: string) =>
    changing.error instanceof ApiError && changing.error.faults.some((fault) => fault.path === path);
  const elsewhere = changing.error !== null && !faultAt('current') && !faultAt('password');
  const field = (key: keyof typeof empty) => ({
    value: typed[key],
    onChange: (event: { currentTarget: HTMLInputElement }) => {
      const { value } = event.currentTarget;
      setTyped((before) => ({ ...before, [key]: value }));
    },
    required: true,
  });
  return (
    <Box component="form" maw={360} onSubmit={submit}>
      <Stack gap="sm">
        {/* So that a password manager knows whose password it is. */}
        <input type="text" name="username" autoComplete="username" value={name} readOnly hidden />
        <PasswordField
          label={words.current}
          autoComplete="current-password"
          error={faultAt('current') && words.currentBad}
          {...field('current')}
        />
        <PasswordField
          label={words.next}
          description={words.nextHint}
          autoComplete="new-password"
          error={faultAt('password') && text.users.passwordBad}
          {...field('next')}
        />
        <PasswordField
          label={words.again}
          autoComplete="new-password"
          error={tried && typed.next !== typed.again && words.againBad}
          {...field('again')}
        />
        {elsewhere && (
          <Alert color="red" role="alert">
            <bdi>{errorWords(changing.error, text)}</bdi>
          </Alert>
        )}
        <Button type="submit" loading={changing.isPending}>
          {words.change}
        </Button>
      </Stack>
    </Box>
  );
}
