/** Every version of something that admins edit, and the way back to one. */
import { Button, Stack, Text, TextInput } from '@mantine/core';
import { useState } from 'react';
import { type Base, pathOf, restoreVersion } from '../client/objects.ts';
import type { Version } from '../client/types.ts';
import { useText } from '../text/index.tsx';
import { Changes } from './changes.tsx';
import { Confirm } from './confirm.tsx';
import classes from './history.module.css';
import { Section } from './section.tsx';
import { Failure, Loading } from './states.tsx';
import { Ago } from './time.tsx';
import { useAction } from './use-action.ts';
import { useListing } from './use-listing.ts';
import { Brief, Value } from './value.tsx';

interface Props {
  /** The object as it is now. */
  base: Base;
  /** Whoever reads may edit it too. */
  mayRestore: boolean;
}

export function History({ base, mayRestore }: Props) {
  const { edit: words, common } = useText();
  const [wanted, setWanted] = useState<Version | null>(null);
  const listing = useListing<Version>('config', pathOf(base.kind, base.key, 'versions'), { limit: 20 });
  return (
    <Section title={words.history}>
      {listing.isPending && <Loading />}
      {listing.error !== null && <Failure error={listing.error} onRetry={() => listing.refetch()} />}
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
      {listing.hasNextPage && (
        <Button size="compact-sm" variant="subtle" onClick={() => listing.fetchNextPage()}>
          {common.more}
        </Button>
      )}
      {wanted !== null && <Restore base={base} version={wanted} onClose={() => setWanted(null)} />}
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

function Restore({ base, version, onClose }: { base: Base; version: Version; onClose: () => void }) {
  const { edit: words } = useText();
  const [comment, setComment] = useState('');
  const restoring = useAction(() => restoreVersion(base, version.version, comment.trim()), {
    kinds: ['config'],
    said: () => words.restored(version.version),
  });
  return (
    <Confirm
      opened
      title={words.restore(version.version)}
      action={words.restoreNow}
      busy={restoring.isPending}
      onConfirm={() => restoring.mutate(undefined, { onSuccess: onClose })}
      onClose={onClose}
    >
      <Stack gap="sm">
        <Text size="sm">{words.restoreHint}</Text>
        <TextInput
          label={words.comment}
          value={comment}
          maxLength={1000}
          onChange={(event) => setComment(event.currentTarget.value)}
        />
      </Stack>
    </Confirm>
  );
}
