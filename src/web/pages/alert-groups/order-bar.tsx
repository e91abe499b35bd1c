/** What is at hand while an order is not saved: what it does, and the way on or back. */
import { Alert, Button, Group, Text, TextInput } from '@mantine/core';
import { useState } from 'react';
import type { AlertGroup } from '../../client/alert-groups.ts';
import { ApiError } from '../../client/request.ts';
import { Icon } from '../../parts/icons.tsx';
import { errorWords } from '../../parts/states.tsx';
import { useText } from '../../text/index.tsx';
import classes from './group-card.module.css';
import { onlyMoved } from './moves.ts';
import { OrderEffect } from './order-effect.tsx';
import type { useOrder } from './use-order.ts';

interface Props {
  order: ReturnType<typeof useOrder>;
  groups: readonly AlertGroup[];
  /** How many alert groups come before those that can be moved. */
  offset: number;
}

export function OrderBar({ order, groups, offset }: Props) {
  const text = useText();
  const { alertGroups: words, edit } = text;
  const [comment, setComment] = useState('');
  const { draft, error } = order;
  if (draft === null) return null;
  const conflict = error instanceof ApiError && (error.status === 412 || error.status === 400);
  const name = onlyMoved(draft.base.names, draft.names, draft.last);
  const group = groups.find((one) => one.name === name);
  return (
    <section className={classes.bar} aria-label={words.orderChanged}>
      <Text size="sm" fw={600}>
        {words.orderChanged}
      </Text>
      {group === undefined ? (
        <Text size="sm">{words.effectMany}</Text>
      ) : (
        <OrderEffect group={group} position={offset + draft.names.indexOf(group.name)} />
      )}
      {error !== null && (
        <Alert color={conflict ? 'orange' : 'red'} mt="xs" role="alert" icon={<Icon name="warning" />}>
          <bdi>{conflict ? words.orderConflict : errorWords(error, text)}</bdi>
        </Alert>
      )}
      <Group mt="xs" gap="sm" align="flex-end">
        <TextInput
          flex="1 1 14rem"
          size="xs"
          label={edit.comment}
          value={comment}
          maxLength={1000}
          onChange={(event) => setComment(event.currentTarget.value)}
        />
        <Button size="xs" variant="default" onClick={order.drop}>
          {conflict ? words.theirOrder : words.dropOrder}
        </Button>
        <Button size="xs" loading={order.saving} disabled={conflict} onClick={() => order.save(comment.trim())}>
          {words.saveOrder}
        </Button>
      </Group>
    </section>
  );
}
