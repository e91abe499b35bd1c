/** What a page shows while there is nothing to show: it loads, it failed, it is empty. */
import { Alert, Box, Button, Center, Loader, Stack, Text, Title } from '@mantine/core';
import type { ReactNode } from 'react';
import { Link } from 'wouter';
import { ApiError } from '../client/request.ts';
import { needsConfirmation } from '../client/silences.ts';
import type { Role } from '../client/types.ts';
import { useText, type Text as Words } from '../text/index.tsx';
import { Icon, type IconName } from './icons.tsx';

export function Loading() {
  const text = useText();
  return (
    <Center p="xl" role="status" aria-label={text.common.loading}>
      <Loader size="sm" />
    </Center>
  );
}

/** An error in plain words, and what the service says of it. */
export function errorWords(error: unknown, { errors, silence }: Words): string {
  if (!(error instanceof ApiError)) return error instanceof Error ? error.message : String(error);
  const { status, message } = error;
  if (status === 0) return errors.unreachable;
  if (error.body['reason'] === 'last_admin') return errors.lastAdmin;
  if (needsConfirmation(error)) return silence.hidesAll;
  if (status === 403) return `${errors.forbidden} ${message}`;
  if (status === 412) return errors.conflict;
  if (status === 429) return errors.tooMany;
  if (status >= 500) return errors.trouble;
  if (message !== '') return message;
  return status === 404 ? errors.gone : errors.other(status);
}

export function Failure({ error, onRetry }: { error: unknown; onRetry?: () => unknown }) {
  const text = useText();
  return (
    <Alert m="md" color="red" title={text.errors.title} icon={<Icon name="warning" />} role="alert">
      <bdi>{errorWords(error, text)}</bdi>
      {onRetry !== undefined && (
        <Box mt="sm">
          <Button size="xs" variant="default" onClick={() => onRetry()}>
            {text.common.retry}
          </Button>
        </Box>
      )}
    </Alert>
  );
}

export function Empty({ icon, title, children }: { icon: IconName; title: string; children?: ReactNode }) {
  return (
    <Center py={64} px="md">
      <Stack align="center" gap={6} maw={420} ta="center">
        <Box c="var(--mm-quiet)">
          <Icon name={icon} size={36} />
        </Box>
        <Title order={2} size="h2">
          {title}
        </Title>
        <Text size="sm" c="var(--mm-quiet)" component="div">
          {children}
        </Text>
      </Stack>
    </Center>
  );
}

/** Instead of a page that whoever is signed in may not see. */
export function BeyondRole({ needs }: { needs: Role }) {
  const { common, roles } = useText();
  return (
    <Empty icon="key" title={common.beyondRole(roles[needs])}>
      <p>{common.beyondRoleHint}</p>
      <Link href="/">{common.home}</Link>
    </Empty>
  );
}

export function NotFound() {
  const { common } = useText();
  return (
    <Empty icon="warning" title={common.notFound}>
      <p>{common.notFoundHint}</p>
      <Link href="/">{common.home}</Link>
    </Empty>
  );
}
