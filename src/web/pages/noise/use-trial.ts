import { useMutation, useQuery } from '@tanstack/react-query';
import { type NoiseSince, type Proposal, startTrial, type Trial, trialQuery } from '../../client/noise.ts';

export interface TrialState {
  start: () => void;
  underWay: boolean;
  /** As it was last heard of; null: none has begun. */
  trial: Trial | null;
  /** It could not begin, or be asked for. */
  error: Error | null;
}

/** The backtest of a proposal, from the click on. */
export function useTrial(proposal: Proposal, since: NoiseSince): TrialState {
  const starting = useMutation({ mutationFn: () => startTrial(proposal, since) });
  const id = starting.data?.id;
  const asked = useQuery({ ...trialQuery(id ?? ''), enabled: id !== undefined });
  const trial = asked.data ?? starting.data ?? null;
  const over = trial?.state === 'done' || trial?.state === 'failed';
  const error = starting.error ?? asked.error;
  return {
    start: () => starting.mutate(),
    underWay: starting.isPending || (trial !== null && !over && error === null),
    trial,
    error,
  };
}
