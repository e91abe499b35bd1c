import { notifications } from '@mantine/notifications';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useRef } from 'react';
import { useText } from '../text/index.tsx';
import { errorWords } from './states.tsx';

/**
 * Something that the service is asked to do: what came of it is said, and what it changed is read again. `quiet`: whoever asks says
 * itself why it failed; of some failures, or of all. While one is under way, another is not begun.
 */
export function useAction<V, R>(
  act: (input: V) => Promise<R>,
  options: {
    said?: (input: V, result: R) => string;
    kinds: readonly string[];
    quiet?: boolean | ((error: Error) => boolean);
  },
) {
  const queries = useQueryClient();
  const text = useText();
  const look = { withBorder: true, closeButtonProps: { 'aria-label': text.common.close } };
  const busy = useRef(false);
  const mutation = useMutation({
    mutationFn: act,
    onSuccess: (result, input) => {
      const said = options.said?.(input, result);
      if (said !== undefined) notifications.show({ ...look, message: said, color: 'petrol' });
    },
    onError: (error) => {
      if (typeof options.quiet === 'function' ? options.quiet(error) : options.quiet) return;
      notifications.show({
        ...look,
        title: text.errors.title,
        message: errorWords(error, text),
        color: 'red',
      });
    },
    onSettled: async () => {
      await Promise.all(options.kinds.map((kind) => queries.invalidateQueries({ queryKey: [kind] })));
      busy.current = false;
    },
  });
  // The second click of a double click comes before anything is drawn again.
  const mutate: typeof mutation.mutate = (...given) => {
    if (busy.current) return;
    busy.current = true;
    mutation.mutate(...given);
  };
  return { ...mutation, mutate };
}
