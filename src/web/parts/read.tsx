/** What was read. When it cannot be read again it stays, with what is being typed in it, and a notice says that it is old. */
import { Button } from '@mantine/core';
import type { ReactNode } from 'react';
import { useText } from '../text/index.tsx';
import { Notice } from './notice.tsx';
import { errorWords, Failure, Loading } from './states.tsx';

interface Props<T> {
  /** What `useQuery` answers. */
  query: { data: T | undefined; error: Error | null; refetch: () => unknown };
  children: (data: T) => ReactNode;
}

export function Read<T>({ query: { data, error, refetch }, children }: Props<T>) {
  if (data === undefined) return error === null ? <Loading /> : <Failure error={error} onRetry={refetch} />;
  return (
    <>
      {error !== null && <Old error={error} onRetry={refetch} />}
      {children(data)}
    </>
  );
}

function Old({ error, onRetry }: { error: Error; onRetry: () => unknown }) {
  const text = useText();
  return (
    <div role="status">
      <Notice>
        {text.errors.old} <bdi>{errorWords(error, text)}</bdi>{' '}
        <Button size="compact-xs" variant="default" onClick={() => onRetry()}>
          {text.common.retry}
        </Button>
      </Notice>
    </div>
  );
}
