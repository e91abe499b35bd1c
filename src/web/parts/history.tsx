/** Every version of something that admins edit, and the way back to one. */
import { Button, Stack, Text, TextInput } from '@mantine/core';
import { useState } from 'react';
import { type Base, pathOf, restoreVersion } from '../client/objects.ts';
import { confirmQuery, needsConfirmation } from '../client/silences.ts';
import type { Kept, Version } from '../client/types.ts';
import { useText } from '../text/index.tsx';
import { Changes } from './changes.tsx';
import { Confirm } from './confirm.tsx';
import { HidesAll, useUnconfirmed } from './hides-all.tsx';
import classes from './history.module.css';
import { ListEnd } from './list-end.tsx';
import { Read } from './read.tsx';
import { Section } from './section.tsx';
import { Ago } from './time.tsx';
import { useAction } from './use-action.ts';
import { useListing } from './use-listing.ts';
import { Brief, Value } from './value.tsx';

interface Props<T extends Kept> {
  /** The object as it is now; version 0: it has been removed. */
  base: Base;
  /** Whoever reads may edit it too. */
  mayRestore: boolean;
  /** What has to be given again because it was forgotten with what was removed: its field, and what it is called. */
  secret?: { field: string; label: string } | undefined;
  onRestored?: ((restored: T) => void) | undefined;
}

export function History<T extends Kept>({ base, mayRestore, secret, onRestored }: Props<T>) {
  const { edit: words, common } = useText();
  const [wanted, setWanted] = useState<Version | null>(null);
  const listing = useListing<Version>('config', pathOf(base.kind, base.key, 'versions'), { limit: 20 });
  return (
    <Section title={words.history}>
      <Read query={listing}>
        {() => (
          <ol className={classes.versions} aria-label={words.history}>
            {listing.items.map((version) => (
              <li key={version.version}>
                <Line version={version} />
                {mayRestore && version.version !== base.version && version.action !== 'delete' && (
                  <Button size="compact-xs" variant="default" onClick={() => setWanted(version)}>
                    {words.restore(version.version)}
                  </Button>
                )}
              </li>
            ))}
          </ol>
        )}
      </Read>
      {listing.hasMore && (
        <Button size="compact-sm" variant="subtle" onClick={listing.more}>
          {common.more}
        </Button>
      )}
      <ListEnd listing={listing} />
      {wanted !== null && (
        <Restore base={base} version={wanted} secret={secret} onRestored={onRestored} onClose={() => setWanted(null)} />
      )}
    </Section>
  );
}

function Line({ version: { version, at, author, action, comment, changes } }: { version: Version }) {
  const { edit: words } = useText();
  return (
    <div className={classes.line}>
      <Text size="sm">
        <strong>{words.version(version)}</strong> · {words.actions[action]} · <Brief max={80}>{author}</Brief> ·{' '}
        <Ago at={at} />
      </Text>
      {comment !== null && (
        <Text size="sm" fs="italic">
          <Value>{comment}</Value>
        </Text>
      )}
      <Changes changes={changes} />
    </div>
  );
}

interface RestoreProps<T extends Kept> extends Pick<Props<T>, 'base' | 'secret' | 'onRestored'> {
  version: Version;
  onClose: () => void;
}

function Restore<T extends Kept>({ base, version, secret, onRestored, onClose }: RestoreProps<T>) {
  const { edit: words } = useText();
  const [comment, setComment] = useState('');
  const [given, setGiven] = useState('');
  const [confirmed, setConfirmed] = useState(false);
  const restore = async () => {
    const secrets = secret === undefined ? undefined : { [secret.field]: given.trim() };
    const how = { to: version.version, comment: comment.trim(), secrets, query: confirmQuery(confirmed) };
    const restored = await restoreVersion<T>(base, how);
    onClose();
    // Before everything is read again: the page may then be another one, and what is shown once would be lost.
    onRestored?.(restored);
  };
  const restoring = useAction(restore, {
    kinds: ['config'],
    said: () => words.restored(version.version),
    quiet: needsConfirmation,
  });
  const asks = needsConfirmation(restoring.error);
  return (
    <Confirm
      opened
      title={words.restore(version.version)}
      action={words.restoreNow}
      busy={restoring.isPending}
      blocked={useUnconfirmed(asks, confirmed)}
      onConfirm={() => restoring.mutate()}
      onClose={onClose}
    >
      <Stack gap="sm">
        <Text size="sm">{words.restoreHint}</Text>
        {secret !== undefined && (
          <TextInput
            label={secret.label}
            type="password"
            autoComplete="off"
            value={given}
            onChange={(event) => setGiven(event.currentTarget.value)}
          />
        )}
        <TextInput
          label={words.comment}
          value={comment}
          maxLength={1000}
          onChange={(event) => setComment(event.currentTarget.value)}
        />
        {asks && <HidesAll confirmed={confirmed} onChange={setConfirmed} />}
      </Stack>
    </Confirm>
  );
}
