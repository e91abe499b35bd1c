/** One thing that somebody did: in a line, and on demand with all that is known. */
import { Button, Group } from '@mantine/core';
import { Link } from 'wouter';
import type { AuditEntry } from '../../client/types.ts';
import { Changes } from '../../parts/changes.tsx';
import { ExpandButton } from '../../parts/expand-button.tsx';
import { Fact, Facts } from '../../parts/section.tsx';
import { Ago, absolute } from '../../parts/time.tsx';
import { Brief, Value } from '../../parts/value.tsx';
import { useText, wordFor } from '../../text/index.tsx';
import classes from './entry.module.css';
import { isAboutSelf, objectName, objectPath } from './object.ts';
import { type AuditFilter, noFilter } from './use-audit-filter.ts';

interface Props {
  entry: AuditEntry;
  expanded: boolean;
  onExpand: () => void;
  onFilter: (filter: AuditFilter) => void;
}

export function Entry({ entry, expanded, onExpand, onFilter }: Props) {
  const { audit: words, edit } = useText();
  const panel = `entry-${entry.id}`;
  return (
    <article className={classes.entry}>
      <ExpandButton expanded={expanded} onExpand={onExpand} panel={panel} words={[words.show, words.hide]} />
      <div className={classes.head}>
        <strong>
          <Brief max={80}>{entry.who}</Brief>
        </strong>
        <span>{wordFor(words.actions, entry.action)}</span>
        {!isAboutSelf(entry) && <What entry={entry} />}
        {entry.version !== null && <span className={classes.quiet}>{edit.version(entry.version)}</span>}
        <span className={classes.quiet}>
          <Ago at={entry.at} />
        </span>
      </div>
      {entry.comment !== null && !expanded && (
        <div className={classes.comment}>
          <Brief max={200}>{entry.comment}</Brief>
        </div>
      )}
      <div id={panel} className={classes.panel}>
        {expanded && <Inside entry={entry} onFilter={onFilter} />}
      </div>
    </article>
  );
}

function What({ entry }: { entry: AuditEntry }) {
  const { audit: words } = useText();
  const path = objectPath(entry);
  const kind = wordFor(words.kinds, entry.kind);
  const name = objectName(entry);
  const shown = name === '' ? kind : <Brief max={100}>{name}</Brief>;
  return (
    <span>
      {name !== '' && `${kind} `}
      {path === null ? shown : <Link href={path}>{shown}</Link>}
    </span>
  );
}

function Inside({ entry, onFilter }: Pick<Props, 'entry' | 'onFilter'>) {
  const text = useText();
  const { audit: words } = text;
  const { who, kind, key } = entry;
  return (
    <>
      <Facts>
        <Fact name={words.at}>{absolute(entry.at, text)}</Fact>
        <Fact name={words.via}>{wordFor(words.vias, entry.via)}</Fact>
        {entry.address !== null && (
          <Fact name={words.address}>
            <Brief max={60}>{entry.address}</Brief>
          </Fact>
        )}
        {entry.comment !== null && (
          <Fact name={words.comment}>
            <Value>{entry.comment}</Value>
          </Fact>
        )}
      </Facts>
      <div className={classes.changes}>
        <Changes changes={entry.changes} />
      </div>
      <Group gap="xs" mt={6}>
        <Button size="compact-xs" variant="default" onClick={() => onFilter({ ...noFilter, who })}>
          <Brief max={80}>{words.onlyWho(who)}</Brief>
        </Button>
        {key !== '' && !isAboutSelf(entry) && (
          <Button size="compact-xs" variant="default" onClick={() => onFilter({ ...noFilter, kind, key })}>
            {words.onlyThis}
          </Button>
        )}
      </Group>
    </>
  );
}
