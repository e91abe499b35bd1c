/** A list of the API, page by page: the next one is read when the end comes into view. */
import { keepPreviousData, useInfiniteQuery } from '@tanstack/react-query';
import { useCallback, useState } from 'react';
import { request, withQuery } from '../client/request.ts';
import type { Page } from '../client/types.ts';
import { isWorthReading } from './worth-reading.ts';

/**
 * @param kind of the event that makes it old
 * @param query without `cursor`
 * @param options `staleTime` 0 where no event says what has changed: it is read again whenever somebody comes
 */
export function useListing<T>(
  kind: string,
  path: string,
  query: Parameters<typeof withQuery>[1],
  options: { staleTime?: number } = {},
) {
  const listing = useInfiniteQuery({
    ...options,
    queryKey: [kind, path, query],
    queryFn: ({ pageParam, signal }) =>
      request<Page<T>>('GET', withQuery(path, { ...query, cursor: pageParam }), { signal }),
    initialPageParam: null as string | null,
    getNextPageParam: (page) => page.next_cursor,
    placeholderData: keepPreviousData,
  });
  const { isFetchingNextPage, fetchNextPage, isFetchNextPageError, hasNextPage, isPlaceholderData, error } = listing;
  const more = useCallback(() => void (isFetchingNextPage || fetchNextPage()), [isFetchingNextPage, fetchNextPage]);
  const pages = listing.data?.pages ?? [];
  const [asked, askFrom] = useAskedFrom(JSON.stringify([kind, path, query]));
  const paused = hasNextPage && !isPlaceholderData && !isWorthReading(pages.slice(asked));
  return {
    ...listing,
    more,
    items: pages.flatMap((page) => page.items),
    /** Why what is shown could not be read; of the next page `refused` says it. */
    error: isFetchNextPageError ? null : error,
    refused: isFetchNextPageError ? error : null,
    /** What was refused is not asked for again and again, nor what hardly anything fits: `ListEnd` offers it. */
    hasMore: hasNextPage && !isFetchNextPageError && !paused,
    paused,
    searchOn: () => {
      askFrom(pages.length);
      more();
    },
  };
}

/** After how many pages somebody has last asked for more of just this list. */
function useAskedFrom(list: string) {
  const [asked, setAsked] = useState({ list, pages: 0 });
  return [asked.list === list ? asked.pages : 0, (pages: number) => setAsked({ list, pages })] as const;
}
