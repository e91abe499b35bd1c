/** Every alert group, in the order in which they are matched. */
import { Button, Group } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { Link } from 'wouter';
import type { AlertGroup } from '../../client/alert-groups.ts';
import { useMay } from '../../client/me.tsx';
import { allQuery } from '../../client/objects.ts';
import { PageHead } from '../../parts/page-head.tsx';
import { Read } from '../../parts/read.tsx';
import { Section } from '../../parts/section.tsx';
import { Loading } from '../../parts/states.tsx';
import { useText } from '../../text/index.tsx';
import classes from './group-card.module.css';
import { GroupCard } from './group-card.tsx';
import { OrderBar } from './order-bar.tsx';
import { SortableGroups } from './sortable-groups.tsx';
import { useOrder } from './use-order.ts';

export default function AlertGroupsPage() {
  const { alertGroups: words } = useText();
  const editor = useMay('editor');
  const query = useQuery(allQuery<AlertGroup>('alert-groups'));
  return (
    <>
      <PageHead title={words.title} lead={words.lead}>
        {editor && (
          <Group gap="sm">
            <Button component={Link} href="/backtest" variant="default">
              {words.backtest}
            </Button>
            <Button component={Link} href="/alert-groups/new">
              {words.create}
            </Button>
          </Group>
        )}
      </PageHead>
      <Read query={query}>{(groups) => <Groups groups={groups} />}</Read>
    </>
  );
}

/** What is unlocked keeps its place among those of the file. */
const isFixed = (group: AlertGroup) => group.managed || group.unlocked;

function Groups({ groups }: { groups: readonly AlertGroup[] }) {
  const { alertGroups: words } = useText();
  const editor = useMay('editor');
  const order = useOrder();
  const made = groups.filter((group) => group.builtin === null);
  const fixed = made.filter(isFixed);
  const free = inOrder(
    made.filter((group) => !isFixed(group)),
    order.names,
  );
  // Nothing can be moved before it is known from where.
  if (editor && !order.ready && order.error === null) return <Loading />;
  return (
    <>
      {fixed.length > 0 && (
        <Section title={words.fixed} hint={words.fixedHint}>
          <Plain label={words.fixed} groups={fixed} offset={0} />
        </Section>
      )}
      <Section title={words.free} hint={editor ? words.freeHint : words.freeReadHint}>
        {free.length === 0 && words.none}
        {editor && order.ready ? (
          <SortableGroups groups={free} offset={fixed.length} onMove={order.move} />
        ) : (
          <Plain label={words.free} groups={free} offset={fixed.length} />
        )}
        <OrderBar order={order} groups={free} offset={fixed.length} />
      </Section>
      <Section title={words.builtin} hint={words.builtinHint}>
        <Plain label={words.builtin} groups={groups.filter((group) => group.builtin !== null)} />
      </Section>
    </>
  );
}

/** What the order does not name was made just now, and comes last. */
function inOrder(groups: readonly AlertGroup[], names: readonly string[]): AlertGroup[] {
  const place = ({ name }: AlertGroup) => (names.includes(name) ? names.indexOf(name) : names.length);
  return [...groups].sort((a, b) => place(a) - place(b));
}

function Plain({ label, groups, offset }: { label: string; groups: readonly AlertGroup[]; offset?: number }) {
  return (
    <ol className={classes.list} aria-label={label}>
      {groups.map((group, i) => (
        <li key={group.name}>
          <GroupCard group={group} {...(offset === undefined ? {} : { place: offset + i + 1 })} />
        </li>
      ))}
    </ol>
  );
}
