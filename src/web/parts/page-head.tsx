import { Group, Text, Title } from '@mantine/core';
import { type ReactNode, useEffect } from 'react';
import { useText } from '../text/index.tsx';

/** The heading of a page, which is the title of the tab too. */
export function PageHead({ title, lead, children }: { title: string; lead?: string; children?: ReactNode }) {
  const { common } = useText();
  useEffect(() => {
    document.title = `${title} · ${common.name}`;
  }, [title, common.name]);
  return (
    <Group justify="space-between" align="flex-end" gap="sm" mb="sm">
      <div>
        <Title order={1} tabIndex={-1}>
          <bdi>{title}</bdi>
        </Title>
        {lead !== undefined && (
          <Text size="sm" c="var(--mm-quiet)">
            {lead}
          </Text>
        )}
      </div>
      {children}
    </Group>
  );
}
