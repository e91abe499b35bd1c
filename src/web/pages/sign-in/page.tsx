/** Shown at whatever address somebody asked for, until they are signed in. */
import {
  Alert,
  Anchor,
  Button,
  Center,
  Divider,
  Group,
  Loader,
  Paper,
  Stack,
  Text,
  TextInput,
  Title,
} from '@mantine/core';
import { useMutation, useQuery } from '@tanstack/react-query';
import { type FormEvent, useEffect, useState } from 'react';
import { useLocation } from 'wouter';
import { ApiError } from '../../client/request.ts';
import { oidcError, rememberTarget, signIn, waysQuery } from '../../client/session.ts';
import type { Me, SignInWays } from '../../client/types.ts';
import { Icon } from '../../parts/icons.tsx';
import { PasswordField } from '../../parts/password-field.tsx';
import { errorWords } from '../../parts/states.tsx';
import { languages, useSpeech, useText, wordFor } from '../../text/index.tsx';

interface Props {
  /** Their session is over, and the page is still there behind this one. */
  again?: boolean;
  onSignedIn: (who: Me) => void;
}

export function SignInPage({ again = false, onSignedIn }: Props) {
  const text = useText();
  const ways = useQuery(waysQuery);
  const failure = oidcError();
  useEffect(() => {
    const before = document.title;
    document.title = `${text.signIn.title} · ${text.common.name}`;
    return () => {
      document.title = before;
    };
  }, [text]);
  return (
    <Center component="main" mih="100vh" p="md">
      <Paper withBorder p="xl" w="100%" maw={400} bg="var(--mm-card)">
        <Stack gap="md">
          <div>
            <Title order={1}>{text.common.name}</Title>
            <Text c="var(--mm-quiet)" size="sm">
              {text.signIn.lead}
            </Text>
          </div>
          {failure !== null && (
            <Alert color="red" role="alert">
              {wordFor(text.signIn.oidcErrors, failure)}
            </Alert>
          )}
          {again && <Alert color="yellow">{text.signIn.ended}</Alert>}
          {ways.isPending ? (
            <Loader size="sm" />
          ) : (
            <Forms
              ways={ways.data ?? { password: true, oidc: null, first_run: false }}
              again={again}
              onSignedIn={onSignedIn}
            />
          )}
          {ways.error !== null && <Alert color="red">{errorWords(ways.error, text)}</Alert>}
          <LanguageSwitch />
        </Stack>
      </Paper>
    </Center>
  );
}

function Forms({ ways, again = false, onSignedIn }: Props & { ways: SignInWays }) {
  const { signIn: words } = useText();
  const [here] = useLocation();
  const [byToken, setByToken] = useState(!ways.password || ways.first_run);
  return (
    <>
      {ways.oidc !== null && (
        <>
          <Button
            component="a"
            href={new URL(ways.oidc.url.replace(/^\//, ''), document.baseURI).href}
            // Leaving would lose what waits behind this.
            {...(again
              ? { target: '_blank', rightSection: <Icon name="out" size={14} /> }
              : { onClick: () => rememberTarget(here + window.location.search) })}
          >
            {ways.oidc.label}
          </Button>
          <Divider label={words.or} />
        </>
      )}
      <CredentialForm byToken={byToken} onSignedIn={onSignedIn} />
      {ways.password && (
        <Anchor component="button" type="button" size="sm" onClick={() => setByToken(!byToken)}>
          {byToken ? words.usePassword : words.useToken}
        </Anchor>
      )}
      {(ways.first_run || !ways.password) && (
        <Alert color="gray" icon={<Icon name="key" />} title={words.firstRun}>
          {words.firstRunHint}
        </Alert>
      )}
    </>
  );
}

function CredentialForm({ byToken, onSignedIn }: Pick<Props, 'onSignedIn'> & { byToken: boolean }) {
  const text = useText();
  const [name, setName] = useState('');
  const [secret, setSecret] = useState('');
  const entering = useMutation({
    mutationFn: () => signIn(byToken ? { token: secret.trim() } : { name: name.trim(), password: secret }),
    onSuccess: onSignedIn,
  });
  const submit = (event: FormEvent) => {
    event.preventDefault();
    entering.mutate();
  };
  const { error } = entering;
  const wrong = error instanceof ApiError && error.status === 401;
  return (
    <form onSubmit={submit}>
      <Stack gap="sm">
        {!byToken && (
          <TextInput
            label={text.signIn.name}
            name="username"
            autoComplete="username"
            value={name}
            onChange={(event) => setName(event.currentTarget.value)}
            required
          />
        )}
        <PasswordField
          label={byToken ? text.signIn.token : text.signIn.password}
          name={byToken ? 'token' : 'password'}
          autoComplete={byToken ? 'off' : 'current-password'}
          value={secret}
          onChange={(event) => setSecret(event.currentTarget.value)}
          required
        />
        {error !== null && (
          <Alert color="red" role="alert">
            {wrong ? text.signIn.wrong : errorWords(error, text)}
          </Alert>
        )}
        <Button type="submit" loading={entering.isPending}>
          {byToken ? text.signIn.withToken : text.signIn.withPassword}
        </Button>
      </Stack>
    </form>
  );
}

function LanguageSwitch() {
  const { language, speak } = useSpeech();
  return (
    <Group gap="md" justify="center">
      {languages.map(({ value, label }) => (
        <Anchor
          key={value}
          component="button"
          type="button"
          size="sm"
          lang={value}
          c={value === language ? 'var(--mm-quiet)' : undefined}
          aria-current={value === language}
          onClick={() => speak(value)}
        >
          {label}
        </Anchor>
      ))}
    </Group>
  );
}
