/** The first step: a source, the receiver to paste, and the first post. */
import { Button, Group, Loader, Text } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { type NewSource, newToken, posted, receiverTextQuery } from '../../client/first-run.ts';
import { useMay } from '../../client/me.tsx';
import { Badge } from '../../parts/badge.tsx';
import { CopyText } from '../../parts/copy-text.tsx';
import { Failure, Loading } from '../../parts/states.tsx';
import { Ago } from '../../parts/time.tsx';
import { useAction } from '../../parts/use-action.ts';
import { useText } from '../../text/index.tsx';
import { Field, Step, StepForm } from './step.tsx';

export function SourceStep({ sources }: { sources: readonly NewSource[] }) {
  const { firstRun: words } = useText();
  const editor = useMay('editor');
  /** Tokens are shown once: those that were made here. */
  const [tokens, setTokens] = useState<Readonly<Record<string, string>>>({});
  const [adding, setAdding] = useState(false);
  const keep = (name: string, token: string) => {
    setTokens((before) => ({ ...before, [name]: token }));
    setAdding(false);
  };
  // What was made here is what somebody works on; else what has posted already, or else the first.
  const made = sources.findLast(({ name }) => Object.hasOwn(tokens, name));
  const shown = made ?? sources.find(posted) ?? sources[0];
  const done = sources.some(posted);
  return (
    <Step title={words.source} lead={words.sourceLead} done={done}>
      {shown !== undefined && <Listening source={shown} />}
      {shown !== undefined && (made !== undefined || !done) && editor && (
        <Receiver name={shown.name} token={tokens[shown.name]} onToken={(token) => keep(shown.name, token)} />
      )}
      {editor && (adding || shown === undefined) && <SourceForm onMade={keep} />}
      {editor && !adding && shown !== undefined && (
        <Group>
          <Button size="compact-sm" variant="subtle" onClick={() => setAdding(true)}>
            {words.anotherSource}
          </Button>
        </Group>
      )}
    </Step>
  );
}

function SourceForm({ onMade }: { onMade: (name: string, token: string) => void }) {
  const { firstRun: words } = useText();
  const [name, setName] = useState('');
  const [token, setToken] = useState('');
  const given = token.trim();
  return (
    <StepForm<{ name: string; token?: string }>
      kind="sources"
      body={{ name: name.trim(), ...(given === '' ? {} : { token: given }) }}
      action={words.makeSource}
      onMade={(made) => onMade(made.name, made.token ?? given)}
    >
      <Field label={words.sourceName} placeholder="az-a" path="name" value={name} onChange={setName} />
      <Field label={words.token} description={words.tokenHint} path="token" value={token} onChange={setToken} />
    </StepForm>
  );
}

/** Whether it has posted yet; the page asks again until then. */
function Listening({ source }: { source: NewSource }) {
  const { firstRun: words } = useText();
  const at = source.activity?.last_post_at ?? null;
  return (
    <Group gap="xs" role="status">
      {posted(source) ? (
        <>
          <Badge level="ok">{words.arrived}</Badge>
          <bdi>{words.firstPost(source.name)}</bdi>
          {at !== null && <Ago at={at} />}
        </>
      ) : (
        <>
          <Loader size="xs" />
          <bdi>{words.listening(source.name)}</bdi>
        </>
      )}
    </Group>
  );
}

interface ReceiverProps {
  name: string;
  token: string | undefined;
  onToken: (token: string) => void;
}

function Receiver({ name, token, onToken }: ReceiverProps) {
  const { firstRun: words, sources } = useText();
  const { data, error, refetch } = useQuery(receiverTextQuery(name));
  const making = useAction(() => newToken(name), { kinds: ['config'] });
  if (error !== null) return <Failure error={error} onRetry={() => refetch()} />;
  if (data === undefined) return <Loading />;
  return (
    <div>
      <Text size="sm" mb={4}>
        {token === undefined ? words.pasteWithout : words.paste}
      </Text>
      <CopyText label={words.receiver}>{token === undefined ? data : data.replace('<token>', token)}</CopyText>
      <Text size="sm" my={4}>
        {sources.rootReceiver}
      </Text>
      {token === undefined && (
        <Button
          size="compact-sm"
          variant="default"
          loading={making.isPending}
          onClick={() => making.mutate(undefined, { onSuccess: onToken })}
        >
          {words.newToken}
        </Button>
      )}
    </div>
  );
}
