import { useEffect, useState } from 'react';
import type { Policy } from '../../client/alert-groups.ts';

/** What another page hands over when it leads here: the part of the policy that it proposes to change. */
export interface ProposalState {
  proposal: Partial<Policy>;
}

/**
 * What is proposed, null: nothing. It is taken once: the browser keeps such a state with the address, and would bring it back long
 * after it has been saved or dropped.
 */
export function useProposal(): Partial<Policy> | null {
  const [proposal] = useState(() => (history.state as Partial<ProposalState> | null)?.proposal ?? null);
  useEffect(() => {
    if (proposal !== null) history.replaceState(null, '');
  }, [proposal]);
  return proposal;
}
