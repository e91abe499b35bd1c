import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { type Backtest, type BacktestRequest, backtestQuery, isUnderWay, startBacktest } from '../client/backtests.ts';
import { useAction } from './use-action.ts';

/** The backtest that somebody has last begun here. */
export interface Run {
  /** What was asked for last; null: nothing yet. */
  asked: BacktestRequest | null;
  backtest: Backtest | null;
  /** Why it could not be begun, or why nobody knows how far it is. */
  error: Error | null;
  /** It is being begun, or is under way. */
  busy: boolean;
  start: (request: BacktestRequest) => void;
}

/** Begins backtests, one after the other, and follows the last one until it is done. */
export function useBacktest(): Run {
  const queries = useQueryClient();
  const [id, setId] = useState<string | null>(null);
  const starting = useAction(startBacktest, { kinds: [], quiet: true });
  const { data, error } = useQuery({ ...backtestQuery(id ?? ''), enabled: id !== null });
  const backtest = id === null ? null : (data ?? null);
  const underWay = backtest !== null && isUnderWay(backtest);
  const unheard = underWay ? error : null;
  return {
    asked: starting.variables ?? null,
    backtest: starting.isIdle || starting.isSuccess ? backtest : null,
    error: starting.error ?? unheard,
    busy: starting.isPending || (underWay && unheard === null),
    start: (request) =>
      starting.mutate(request, {
        onSuccess: (begun) => {
          queries.setQueryData(backtestQuery(begun.id).queryKey, begun);
          setId(begun.id);
        },
      }),
  };
}
