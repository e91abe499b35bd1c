import { notifications } from '@mantine/notifications';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useRef } from 'react';
import { useText } from '../text/index.tsx';
import { errorWords } from './states.tsx';

/**
 * Something that the service is asked to do: what came of it is said, and what it changed is read again. `quiet`: whoever asks says
 * itself why it failed; of some failures, or of all. While one is under way, another is not begun; `keyOf` says of which input, where
 * several may be under way side by side.
 */
export function useAction<V, R>(
  act: (input: V) => Promise<R>,
  options: {
    said?: (input: V, result: R) => string;
    kinds: readonly string[];
    quiet?: boolean | ((error: Error) => boolean);
    keyOf?: (input: V) => string;
  },
) {
  const queries = useQueryClient();
  const text = useText();
  const look = { withBorder: true, closeButtonProps: { 'aria-label': text.common.close } };
  const busy = useRef(new Set<string>());
  const keyOf = (input: V) => options.keyOf?.(input) ?? '';
  const mutation = useMutation({
    mutationFn: act,
    onError: (error) => {
      if (typeof options.quiet === 'function' ? options.quiet(error) : options.quiet) return;
      notifications.show({
        ...look,
        title: text.errors.title,
        message: errorWords(error, text),
        color: 'red',
      });
    },
    onSettled: async (result, error, input) => {
      await Promise.all(options.kinds.map((kind) => queries.invalidateQueries({ queryKey: [kind] })));
      busy.current.delete(keyOf(input));
      // Not before: whoever reads that it is saved may leave at once, and until here the form counts as unsaved.
      const said = error === null ? options.said?.(input, result as R) : undefined;
      if (said !== undefined) notifications.show({ ...look, message: said, color: 'petrol' });
    },
  });
  // The second click of a double click comes before anything is drawn again.
  const mutate: typeof mutation.mutate = (...given) => {
    const key = keyOf(given[0] as V);
    if (busy.current.has(key)) return;
    busy.current.add(key);
    mutation.mutate(...given);
  };
  return { ...mutation, mutate };
}
