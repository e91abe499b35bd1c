import { Failure, Loading } from './states.tsx';

interface Props {
  /** What `useListing` answers. */
  listing: { isFetchingNextPage: boolean; refused: Error | null; fetchNextPage: () => unknown };
}

/** Below a list that is read page by page: the next one is on its way, or was refused and is asked for again by hand. */
export function ListEnd({ listing: { isFetchingNextPage, refused, fetchNextPage } }: Props) {
  if (isFetchingNextPage) return <Loading />;
  return refused === null ? null : <Failure error={refused} onRetry={() => fetchNextPage()} />;
}
