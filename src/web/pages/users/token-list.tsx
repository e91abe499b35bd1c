import { Button, Text } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { allQuery } from '../../client/objects.ts';
import { removeToken } from '../../client/tokens.ts';
import type { Token } from '../../client/types.ts';
import { Badge } from '../../parts/badge.tsx';
import { CardsTable } from '../../parts/cards-table.tsx';
import { Confirm } from '../../parts/confirm.tsx';
import { Read } from '../../parts/read.tsx';
import { Ago, useNow } from '../../parts/time.tsx';
import { useAction } from '../../parts/use-action.ts';
import { Brief } from '../../parts/value.tsx';
import { useText, wordFor } from '../../text/index.tsx';

export function TokenList() {
  const query = useQuery(allQuery<Token>('tokens'));
  return <Read query={query}>{(tokens) => <Tokens tokens={tokens} />}</Read>;
}

function Tokens({ tokens }: { tokens: readonly Token[] }) {
  const { users: words, roles, common } = useText();
  if (tokens.length === 0)
    return (
      <Text size="sm" c="var(--mm-quiet)">
        {words.noTokens}
      </Text>
    );
  return (
    <CardsTable
      label={words.tokens}
      rows={tokens}
      keyOf={(token) => token.id}
      columns={[
        { title: words.tokenName, wide: true, cell: (token) => <Brief max={60}>{token.name}</Brief> },
        { title: words.role, cell: (token) => roles[token.role] },
        { title: words.may, cell: (token) => <Scopes scopes={token.scopes} /> },
        { title: words.expiry, cell: (token) => <Ends token={token} /> },
        {
          title: words.used,
          cell: ({ last_used_at }) => (last_used_at === null ? common.never : <Ago at={last_used_at} />),
        },
        { title: words.created, cell: (token) => <Made token={token} /> },
        { title: words.actions, cell: (token) => <Remove token={token} /> },
      ]}
    />
  );
}

function Scopes({ scopes }: Pick<Token, 'scopes'>) {
  const { users: words, tag } = useText();
  if (scopes === null) return words.mayAll;
  const about = scopes.filter((scope) => scope !== 'read').map((scope) => wordFor(words.scopeWords, scope));
  const what = new Intl.ListFormat(tag).format(about);
  if (!scopes.includes('read')) return <Brief max={400}>{what}</Brief>;
  return about.length === 0 ? words.mayRead : <Brief max={400}>{words.mayReadOf(what)}</Brief>;
}

function Ends({ token: { expires_at } }: { token: Token }) {
  const { users: words } = useText();
  const now = useNow(60_000);
  if (expires_at === null) return words.never;
  return (
    <>
      {Date.parse(expires_at) <= now && <Badge level="warning">{words.ended}</Badge>} <Ago at={expires_at} />
    </>
  );
}

function Made({ token: { created_at, created_by } }: { token: Token }) {
  const { users: words } = useText();
  return (
    <>
      <Ago at={created_at} />
      {created_by !== null && (
        <Text size="xs" c="var(--mm-quiet)">
          <Brief max={80}>{words.madeBy(created_by)}</Brief>
        </Text>
      )}
    </>
  );
}

function Remove({ token: { id, name } }: { token: Token }) {
  const { users: words, edit } = useText();
  const [asking, setAsking] = useState(false);
  const removing = useAction(() => removeToken(id), { kinds: ['config'], said: () => words.tokenRemoved(name) });
  return (
    <>
      <Button
        size="compact-sm"
        variant="subtle"
        color="red"
        aria-label={edit.removeOne(name)}
        onClick={() => setAsking(true)}
      >
        {edit.remove}
      </Button>
      <Confirm
        opened={asking}
        title={words.removeToken(name)}
        action={edit.remove}
        danger
        busy={removing.isPending}
        onConfirm={() => removing.mutate(undefined, { onError: () => setAsking(false) })}
        onClose={() => setAsking(false)}
      >
        <Text size="sm">{words.removeTokenHint}</Text>
      </Confirm>
    </>
  );
}
