import { useDebouncedValue } from '@mantine/hooks';
import { useQuery } from '@tanstack/react-query';
import { useMemo, useState } from 'react';
import { type GroupPreview, type PreviewRequest, previewQuery } from '../../client/alert-groups.ts';
import { ApiError, type Fault } from '../../client/request.ts';

export interface Previewed {
  /** The last one that there was. */
  preview: GroupPreview | null;
  /** It is not of what is typed now. */
  old: boolean;
  error: Error | null;
  /** What the service finds wrong with the draft, by its fields; null: it has not been asked. */
  faults: readonly Fault[] | null;
}

const pauseMs = 400;

/** Asks what a draft would do whenever nothing has been typed for a moment; what is outdated is aborted. */
export function usePreview(request: PreviewRequest): Previewed {
  const typed = JSON.stringify(request);
  const [settled] = useDebouncedValue(typed, pauseMs);
  const body = useMemo(() => JSON.parse(settled) as PreviewRequest, [settled]);
  const { data, error, isPending } = useQuery(previewQuery(body));
  const [kept, setKept] = useState<Omit<Previewed, 'old'>>({ preview: null, error: null, faults: null });
  const seen = data !== undefined ? kept.preview === data && kept.error === null : kept.error === error;
  if (!isPending && !seen)
    setKept(
      data !== undefined
        ? { preview: data, error: null, faults: [] }
        : { preview: kept.preview, error, faults: faultsOf(error) },
    );
  return { ...kept, old: typed !== settled || isPending || kept.error !== null };
}

/** By the paths of the form. */
function faultsOf(error: Error | null): readonly Fault[] | null {
  if (!(error instanceof ApiError) || error.faults.length === 0) return null;
  return error.faults.map((fault) => ({
    ...fault,
    path: fault.path.replace(/^draft\./, '').replace(/^alert_groups\[.*\]\./s, ''),
  }));
}
