/** What an Alertmanager or a Prometheus needs to post as a source. */
import { Stack, Text } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useEffect, useRef } from 'react';
import { senderQuery } from '../../client/sources.ts';
import type { Source } from '../../client/types.ts';
import { CopyText } from '../../parts/copy-text.tsx';
import { Notice } from '../../parts/notice.tsx';
import { Read } from '../../parts/read.tsx';
import { Section } from '../../parts/section.tsx';
import { useText } from '../../text/index.tsx';

/** A token that was just made; it cannot be read again. */
export function NewToken({ token }: { token: string }) {
  const { sources: words } = useText();
  const box = useRef<HTMLDivElement>(null);
  // Whoever has restored a source looks elsewhere.
  useEffect(() => {
    box.current?.scrollIntoView({ block: 'nearest' });
  }, []);
  return (
    <div ref={box} role="status">
      <Notice>
        <strong>{words.tokenOnce}</strong>
        <p>{words.tokenOnceHint}</p>
        <CopyText label={words.token}>{token}</CopyText>
      </Notice>
    </div>
  );
}

/** `token` null: nobody knows one any more. */
export function Receiver({ source, token }: { source: Pick<Source, 'name' | 'kind'>; token: string | null }) {
  const { sources: words } = useText();
  const query = useQuery(senderQuery(source));
  const [title, hint] =
    source.kind === 'prometheus' ? [words.sender, words.senderHint] : [words.receiver, words.receiverHint];
  return (
    <Section title={title} hint={hint}>
      <Read query={query}>
        {(text) => (
          <Stack gap="xs">
            <Text size="sm">{token === null ? words.receiverToken : words.receiverReady}</Text>
            <Text size="sm">{source.kind === 'prometheus' ? words.senderRepeats : words.rootReceiver}</Text>
            <CopyText label={title}>{token === null ? text : text.replaceAll('<token>', token)}</CopyText>
          </Stack>
        )}
      </Read>
    </Section>
  );
}
