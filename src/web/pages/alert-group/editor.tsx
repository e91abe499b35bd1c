/** The form of an alert group, and beside it what the draft does. */
import type { ReactNode } from 'react';
import type { AlertGroup } from '../../client/alert-groups.ts';
import { useSpare } from '../../client/status.ts';
import { EditForm } from '../../parts/edit-form.tsx';
import { RemoveButton } from '../../parts/remove-button.tsx';
import { Section } from '../../parts/section.tsx';
import { useText } from '../../text/index.tsx';
import { BacktestButton } from '../backtests/backtest-button.tsx';
import { Beside } from './beside.tsx';
import { bodyOfDraft } from './draft.ts';
import { Fields } from './fields.tsx';
import classes from './layout.module.css';
import { Preview } from './preview.tsx';
import type { GroupEditor } from './use-editor.ts';
import { usePreview } from './use-preview.ts';

/** @param children what is below the form of a known one */
export function Editor({ editor, children }: { editor: GroupEditor; children?: ReactNode }) {
  const { alertGroup: words } = useText();
  const { base, draft, dirty } = editor;
  const body = bodyOfDraft(draft);
  const spare = useSpare(base?.builtin ?? null);
  // Also what has no name yet does something.
  const tried = { draft: { ...body, name: body.name || words.newTitle }, ...(base === null ? {} : { key: base.name }) };
  const previewed = usePreview(tried);
  return (
    <div className={classes.columns}>
      <div>
        <Section title={words.fields}>
          <EditForm<AlertGroup>
            key={base?.version ?? 0}
            kind="alert-groups"
            original={base === null ? null : { key: base.name, stored: base }}
            draft={body}
            dirty={dirty}
            onSaved={editor.saved}
            onCancel={editor.cancel}
            beside={
              <>
                <Remove editor={editor} />
                <BacktestButton trial={{ alert_group: tried }} />
              </>
            }
          >
            <Fields editor={editor} previewed={previewed} />
          </EditForm>
        </Section>
      </div>
      <Beside>
        <Preview previewed={previewed} spare={spare} />
      </Beside>
      <div>{children}</div>
    </div>
  );
}

function Remove({ editor: { base, leave } }: { editor: GroupEditor }) {
  const { alertGroup: words } = useText();
  if (base === null || base.builtin !== null) return null;
  const at = { kind: 'alert-groups', key: base.name, version: base.version } as const;
  return <RemoveButton base={at} hint={words.removeHint} onRemoved={leave} />;
}
