/** One object under edit. What is typed survives every refusal: each is said where it belongs. */
import { Alert, Button, Group, Stack, Text, TextInput } from '@mantine/core';
import { type FormEvent, type ReactNode, useState } from 'react';
import { createObject, type Kind, replaceObject } from '../client/objects.ts';
import { ApiError, type Fault } from '../client/request.ts';
import type { FieldChange, Versioned } from '../client/types.ts';
import { useText } from '../text/index.tsx';
import { AskBeforeLeaving } from './ask-before-leaving.tsx';
import { Changes } from './changes.tsx';
import { FaultContext } from './fault.ts';
import { Icon } from './icons.tsx';
import { errorWords } from './states.tsx';
import { useAction } from './use-action.ts';
import { Brief } from './value.tsx';

interface Props<T extends Versioned> {
  kind: Kind;
  /** As it was read, with its address; null: a new one is made. */
  original: { key: string; stored: T } | null;
  /** The body as it would be saved. */
  draft: unknown;
  /** It differs from what was read: leaving is asked about. */
  dirty: boolean;
  /** More for the query of the request, for example a confirmation. */
  query?: Readonly<Record<string, string | undefined>>;
  /** Why it cannot be saved yet, in words. */
  blocked?: string | undefined;
  /** False: the object itself says why. */
  asksWhy?: boolean;
  onSaved: (saved: T) => void;
  onCancel: () => void;
  /** The fields. Each reads what is wrong with it by `useFault`. */
  children: ReactNode;
  /** More buttons beside *Save*. */
  beside?: ReactNode;
}

export function EditForm<T extends Versioned>(props: Props<T>) {
  const { kind, original, draft, dirty, query, blocked, asksWhy = true } = props;
  const { onSaved, onCancel, children, beside } = props;
  const { edit: words, common } = useText();
  const [comment, setComment] = useState('');
  const [sent, setSent] = useState<unknown>(null);
  const saving = useAction(
    (over: number | null) => {
      const why = { ...query, comment: comment.trim() };
      if (original === null) return createObject<T>(kind, draft, why);
      const version = over ?? original.stored.version;
      return replaceObject<T>({ kind, key: original.key, version }, draft, why);
    },
    { kinds: ['config', 'incidents', 'silence-preview'], said: () => words.saved, quiet: true },
  );
  const save = (over: number | null) => {
    setSent(draft);
    saving.mutate(over, { onSuccess: onSaved });
  };
  const submit = (event: FormEvent) => {
    event.preventDefault();
    save(null);
  };
  const refused = saving.error instanceof ApiError ? saving.error.faults : [];
  const faults = refused.filter((fault) => fieldOf(fault, sent) === fieldOf(fault, draft));
  return (
    <form onSubmit={submit} noValidate>
      <FaultContext.Provider value={faults}>
        <Stack gap="sm">
          {children}
          {asksWhy && (
            <TextInput
              label={words.comment}
              description={words.commentHint}
              value={comment}
              maxLength={1000}
              onChange={(event) => setComment(event.currentTarget.value)}
            />
          )}
          {saving.error !== null && <Refusal error={saving.error} onOver={save} onTheirs={onCancel} />}
          <Group justify="flex-end" gap="sm">
            {beside}
            <Button variant="default" onClick={onCancel}>
              {common.cancel}
            </Button>
            <Button type="submit" loading={saving.isPending} disabled={blocked !== undefined} title={blocked}>
              {common.save}
            </Button>
          </Group>
        </Stack>
      </FaultContext.Provider>
      <AskBeforeLeaving dirty={dirty && !saving.isSuccess} />
    </form>
  );
}

/** What the field of a fault holds: once it is another value, the fault is no longer about it. */
function fieldOf({ path }: Fault, body: unknown): string | undefined {
  const [name = ''] = path.split(/[.[]/);
  return JSON.stringify((body as Record<string, unknown> | null)?.[name]);
}

/** What the service sends with 412. */
interface Meanwhile {
  current?: { version: number; updated_by: string | null };
  changes?: FieldChange[] | null;
}

function Refusal({
  error,
  onOver,
  onTheirs,
}: {
  error: Error;
  onOver: (version: number) => void;
  onTheirs: () => void;
}) {
  const text = useText();
  const { edit: words } = text;
  const { current, changes }: Meanwhile = error instanceof ApiError && error.status === 412 ? error.body : {};
  const faults = error instanceof ApiError ? error.faults : [];
  if (current === undefined)
    return (
      <Alert color="red" title={text.errors.title} icon={<Icon name="warning" />} role="alert">
        <bdi>{errorWords(error, text)}</bdi>
        <ul>
          {faults.map(({ path, message }) => (
            <li key={path + message}>
              <Brief max={400}>{path === '' ? message : `${path}: ${message}`}</Brief>
            </li>
          ))}
        </ul>
      </Alert>
    );
  return (
    <Alert color="orange" title={words.conflict(current.updated_by ?? '?')} icon={<Icon name="warning" />} role="alert">
      <Text size="sm">
        {words.conflictKept} {changes != null && words.conflictHint}
      </Text>
      <Changes changes={changes ?? []} />
      <Group gap="sm" mt="sm">
        <Button size="xs" variant="default" onClick={onTheirs}>
          {words.takeTheirs}
        </Button>
        <Button size="xs" color="orange" variant="light" onClick={() => onOver(current.version)}>
          {words.saveMine}
        </Button>
      </Group>
    </Alert>
  );
}
