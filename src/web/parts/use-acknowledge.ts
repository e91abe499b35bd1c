import { toggleAcknowledgement } from '../client/incidents.ts';
import type { Incident } from '../client/types.ts';
import { useText } from '../text/index.tsx';
import { useAction } from './use-action.ts';

/** Acknowledges, or takes back. In a storm many of them, before the list has been read again even once. */
export function useAcknowledge() {
  const { now } = useText();
  return useAction((incident: Pick<Incident, 'id' | 'state'>) => toggleAcknowledgement(incident), {
    kinds: ['incidents'],
    keyOf: ({ id }) => id,
    said: ({ id, state }) => (state === 'acknowledged' ? now.didTakeBack(id) : now.didAcknowledge(id)),
  });
}
