import { Button, Group, Text } from '@mantine/core';
import { useText } from '../text/index.tsx';
import { Failure, Loading } from './states.tsx';

interface Props {
  /** What `useListing` answers. */
  listing: {
    isFetchingNextPage: boolean;
    refused: Error | null;
    fetchNextPage: () => unknown;
    paused: boolean;
    searchOn: () => void;
  };
}

/** Below a list that is read page by page: the next one is on its way, or is asked for by hand, as it was refused or promises little. */
export function ListEnd({ listing: { isFetchingNextPage, refused, fetchNextPage, paused, searchOn } }: Props) {
  const { common } = useText();
  if (isFetchingNextPage) return <Loading />;
  if (refused !== null) return <Failure error={refused} onRetry={() => fetchNextPage()} />;
  if (!paused) return null;
  return (
    <Group justify="center" p="md">
      <Text size="sm" c="var(--mm-quiet)" role="status">
        {common.searchPaused}
      </Text>
      <Button size="xs" variant="default" onClick={searchOn}>
        {common.searchOn}
      </Button>
    </Group>
  );
}
