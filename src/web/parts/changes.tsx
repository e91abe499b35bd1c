/** Changed fields: what was there, and what is there now. */
import type { FieldChange } from '../client/types.ts';
import { useText } from '../text/index.tsx';
import classes from './changes.module.css';
import { Brief, Value } from './value.tsx';

export function Changes({ changes }: { changes: readonly FieldChange[] }) {
  const { edit: words } = useText();
  const shown = changes
    .map((change) => ({
      ...change,
      before: plain(change.before, words.nothing),
      after: plain(change.after, words.nothing),
    }))
    .filter(({ before, after, secret }) => secret === true || before !== after);
  if (shown.length === 0) return null;
  return (
    <dl className={classes.changes}>
      {shown.map(({ path, before, after, secret }) => (
        <div key={path}>
          <dt>
            <Brief max={120}>{path}</Brief>
          </dt>
          <dd>
            {secret === true ? (
              words.secretChanged
            ) : (
              <>
                {before !== words.nothing && (
                  <>
                    <del>
                      <Value>{before}</Value>
                    </del>
                    <span aria-hidden="true"> → </span>
                  </>
                )}
                <ins>
                  <Value>{after}</Value>
                </ins>
              </>
            )}
          </dd>
        </div>
      ))}
    </dl>
  );
}

/** Lists of names as people write them; what has parts of its own as JSON. */
function plain(value: unknown, nothing: string): string {
  if (value === null || value === undefined || value === '') return nothing;
  if (Array.isArray(value) && value.every((one) => typeof one !== 'object'))
    return value.length === 0 ? nothing : value.join(', ');
  return typeof value === 'object' ? JSON.stringify(value) : String(value);
}
