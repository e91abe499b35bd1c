/** The tokens of a source, and how they are changed without losing a post. */
import { Button, Stack, Text } from '@mantine/core';
import { useState } from 'react';
import { useMay } from '../../client/me.tsx';
import { addToken, endOldTokens } from '../../client/sources.ts';
import type { Source } from '../../client/types.ts';
import { Confirm } from '../../parts/confirm.tsx';
import { Section } from '../../parts/section.tsx';
import { useAction } from '../../parts/use-action.ts';
import { useText } from '../../text/index.tsx';
import { NewToken } from './receiver.tsx';
import classes from './sources.module.css';
import { LastPost } from './state.tsx';

interface Props {
  source: Source;
  /** One was just made. */
  onToken: (token: string) => void;
}

/** `fresh`: the one that was just made. */
export function Tokens({ source, onToken, fresh }: Props & { fresh: string | null }) {
  const { sources: words } = useText();
  const editor = useMay('editor');
  return (
    <Section title={words.tokens}>
      <Stack gap="xs">
        <Text size="sm">{words.tokenCount(source.token_count)}</Text>
        {editor && <Steps source={source} onToken={onToken} />}
        {fresh !== null && <NewToken key={fresh} token={fresh} />}
      </Stack>
    </Section>
  );
}

function Steps({ source, onToken }: Props) {
  const { sources: words } = useText();
  const adding = useAction(() => addToken(source.name), { kinds: ['config'] });
  return (
    <>
      <Text size="sm">{words.rotate}</Text>
      <ol className={classes.steps}>
        <li>
          {words.stepAdd}{' '}
          <Button
            size="compact-xs"
            variant="default"
            loading={adding.isPending}
            onClick={() => adding.mutate(undefined, { onSuccess: onToken })}
          >
            {words.addToken}
          </Button>
        </li>
        <li>
          {words.stepPut}{' '}
          <span className={classes.quiet}>
            {words.lastPost}: <LastPost source={source} />
          </span>
        </li>
        <li>
          {words.stepEnd} <End source={source} />
        </li>
      </ol>
    </>
  );
}

function End({ source: { name, version, token_count } }: { source: Source }) {
  const { sources: words } = useText();
  const [asking, setAsking] = useState(false);
  const ending = useAction(() => endOldTokens({ kind: 'sources', key: name, version }), {
    kinds: ['config'],
    said: () => words.ended,
  });
  if (token_count < 2) return null;
  return (
    <>
      <Button size="compact-xs" variant="default" color="red" onClick={() => setAsking(true)}>
        {words.endTokens(token_count - 1)}
      </Button>
      <Confirm
        opened={asking}
        title={words.endTitle}
        action={words.endTokens(token_count - 1)}
        danger
        busy={ending.isPending}
        onConfirm={() => ending.mutate(undefined, { onSettled: () => setAsking(false) })}
        onClose={() => setAsking(false)}
      >
        <Text size="sm">{words.endHint}</Text>
      </Confirm>
    </>
  );
}
