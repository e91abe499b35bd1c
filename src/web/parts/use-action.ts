import { notifications } from '@mantine/notifications';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useText } from '../text/index.tsx';
import { errorWords } from './states.tsx';

/**
 * Something that the service is asked to do: what came of it is said, and what it changed is read again. `quiet`: whoever asks says
 * itself why it failed.
 */
export function useAction<V, R>(
  act: (input: V) => Promise<R>,
  options: { said?: (input: V, result: R) => string; kinds: readonly string[]; quiet?: boolean },
) {
  const queries = useQueryClient();
  const text = useText();
  return useMutation({
    mutationFn: act,
    onSuccess: (result, input) => {
      const said = options.said?.(input, result);
      if (said !== undefined) notifications.show({ message: said, color: 'petrol', withBorder: true });
    },
    onError: (error) => {
      if (options.quiet === true) return;
      notifications.show({
        title: text.errors.title,
        message: errorWords(error, text),
        color: 'red',
        withBorder: true,
      });
    },
    onSettled: () => Promise.all(options.kinds.map((kind) => queries.invalidateQueries({ queryKey: [kind] }))),
  });
}
