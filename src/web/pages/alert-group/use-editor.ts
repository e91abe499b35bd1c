import { useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { useLocation } from 'wouter';
import type { AlertGroup, Policy } from '../../client/alert-groups.ts';
import { objectQuery } from '../../client/objects.ts';
import { addressOf } from '../../parts/address.ts';
import { type Draft, draftOf, emptyDraft, sameDraft } from './draft.ts';

export interface GroupEditor {
  /** As it was read when the draft was begun; null: a new one. */
  base: AlertGroup | null;
  draft: Draft;
  dirty: boolean;
  /** What another page proposed, as long as something is not saved; null: nothing. */
  proposed: Partial<Policy> | null;
  change: (part: Partial<Draft>) => void;
  saved: (group: AlertGroup) => void;
  /** Drops the draft for what is saved now; where nothing is typed, leaves. */
  cancel: () => void;
  leave: () => void;
}

/**
 * A newer version takes the place of what was read while nothing has been typed.
 * @param proposal is typed in to begin with
 */
export function useEditor(stored: AlertGroup | null, proposal: Partial<Policy> | null = null): GroupEditor {
  const queries = useQueryClient();
  const [, navigate] = useLocation();
  const [base, setBase] = useState(stored);
  const [draft, setDraft] = useState(stored === null ? emptyDraft : withPolicy(draftOf(stored), proposal));
  const dirty = !sameDraft(draft, base === null ? emptyDraft : draftOf(base));
  const adopt = (group: AlertGroup) => {
    setBase(group);
    setDraft(draftOf(group));
  };
  const isNewer = stored !== null && base !== null && stored.version > base.version;
  if (isNewer && !dirty) adopt(stored);
  const leave = () => navigate('/alert-groups');
  return {
    base,
    draft,
    dirty,
    proposed: dirty ? proposal : null,
    change: (part) => setDraft((before) => ({ ...before, ...part })),
    saved(group) {
      queries.setQueryData(objectQuery<AlertGroup>('alert-groups', group.name).queryKey, group);
      if (base?.name === group.name) adopt(group);
      else navigate(addressOf('/alert-groups', group.name), { replace: true });
    },
    cancel() {
      if (stored === null || base === null || (!dirty && !isNewer)) leave();
      else adopt(stored);
    },
    leave,
  };
}

function withPolicy(draft: Draft, policy: Partial<Policy> | null): Draft {
  return { ...draft, policy: { ...draft.policy, ...policy } };
}
