/** Says that what the form holds was proposed by another page, and is not saved. */
import { Changes } from '../../parts/changes.tsx';
import { Notice } from '../../parts/notice.tsx';
import { useText } from '../../text/index.tsx';
import type { GroupEditor } from './use-editor.ts';

export function Proposed({ editor: { base, draft, proposed } }: { editor: GroupEditor }) {
  const { noise: words } = useText();
  if (proposed === null || base === null) return null;
  const names = Object.keys(proposed) as (keyof typeof proposed)[];
  return (
    <div role="status">
      <Notice>
        {words.draft}
        <Changes
          changes={names.map((name) => ({
            path: `policy.${name}`,
            before: base.policy[name],
            after: draft.policy[name],
          }))}
        />
      </Notice>
    </div>
  );
}
