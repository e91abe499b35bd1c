import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { type Order, orderQuery, saveOrder } from '../../client/alert-groups.ts';
import { useAction } from '../../parts/use-action.ts';
import { useText } from '../../text/index.tsx';
import { same } from './moves.ts';

/** The order of the page-made alert groups, as it is saved and as somebody has it in hand. */
export function useOrder() {
  const { alertGroups: words } = useText();
  const saved = useQuery(orderQuery);
  const [draft, setDraft] = useState<{ base: Order; names: string[]; last: string } | null>(null);
  const saving = useAction(
    ({ base, names, comment }: { base: Order; names: string[]; comment: string }) =>
      saveOrder({ names, etag: base.etag }, comment),
    { kinds: ['config', 'incidents'], said: () => words.orderSaved, quiet: true },
  );
  const drop = () => {
    saving.reset();
    setDraft(null);
    void saved.refetch();
  };
  return {
    /** It is known, so it can be changed. */
    ready: saved.data !== undefined,
    /** As they are shown. */
    names: draft?.names ?? saved.data?.names ?? [],
    /** Null: nothing is moved. */
    draft: draft !== null && same(draft.names, draft.base.names) ? null : draft,
    error: saved.error ?? saving.error,
    saving: saving.isPending,
    /** @param last the one that was moved just now */
    move(names: string[], last: string) {
      const base = draft?.base ?? saved.data;
      if (base !== undefined) setDraft({ base, names, last });
    },
    save: (comment: string) => draft !== null && saving.mutate({ ...draft, comment }, { onSuccess: drop }),
    drop,
  };
}
