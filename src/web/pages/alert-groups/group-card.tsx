/** One alert group as the list shows it. */
import type { ReactNode } from 'react';
import { Link } from 'wouter';
import type { AlertGroup } from '../../client/alert-groups.ts';
import { useSpare } from '../../client/status.ts';
import { addressOf } from '../../parts/address.ts';
import { Badge } from '../../parts/badge.tsx';
import { EscalationWords } from '../../parts/escalation-words.tsx';
import { Icon, type IconName } from '../../parts/icons.tsx';
import { ManagedBadge } from '../../parts/managed.tsx';
import { MatcherChips } from '../../parts/matcher-chips.tsx';
import { PolicyWords } from '../../parts/policy-words.tsx';
import { Brief } from '../../parts/value.tsx';
import { useText, wordFor } from '../../text/index.tsx';
import classes from './group-card.module.css';

interface Props {
  group: AlertGroup;
  /** In match order, from 1; none for built-in ones. */
  place?: number;
  /** What moves it. */
  before?: ReactNode;
  after?: ReactNode;
}

export function GroupCard({ group, place, before, after }: Props) {
  const { alertGroups: words } = useText();
  return (
    <article className={classes.card} aria-label={group.name.slice(0, 100)}>
      {before}
      {place !== undefined && (
        <span className={classes.place} title={words.place(place)}>
          {place}
        </span>
      )}
      <div className={classes.body}>
        <div className={classes.head}>
          <Link href={addressOf('/alert-groups', group.name)} className={classes.name}>
            <Brief max={100}>{group.name}</Brief>
          </Link>
          <ManagedBadge object={group} />
          {group.continue && (
            <Badge level="warning" title={words.continuesHint}>
              {words.continues}
            </Badge>
          )}
        </div>
        <Taken group={group} />
        <Told group={group} />
        <div className={classes.quiet}>
          <PolicyWords policy={group.policy} />
        </div>
        {group.escalation.length > 0 && (
          <div className={classes.quiet}>
            <EscalationWords steps={group.escalation} />
          </div>
        )}
      </div>
      {after}
    </article>
  );
}

function Taken({ group: { builtin, matchers } }: { group: AlertGroup }) {
  const { alertGroups: words } = useText();
  if (builtin !== null) return <div className={classes.quiet}>{words.builtins[builtin]}</div>;
  if (matchers.length > 0) return <MatcherChips matchers={matchers} />;
  return <div>{words.matchesAll}</div>;
}

/** The members with their channels, and the rooms. */
function Told({ group: { builtin, members, schedules, channels, robots } }: { group: AlertGroup }) {
  const { alertGroups: words, channels: names, tag } = useText();
  const spare = useSpare(builtin);
  const reached = members.length + schedules.length > 0 && channels.length > 0;
  if (!reached && robots.length === 0)
    return (
      <div className={classes.told}>
        {spare ? words.emergency : <span className={classes.nobody}>{words.nobody}</span>}
      </div>
    );
  return (
    <div className={classes.told}>
      {members.length > 0 && (
        <Names icon="people" label={words.members} names={members}>
          {' · '}
          {new Intl.ListFormat(tag).format(channels.map((channel) => wordFor(names, channel)))}
        </Names>
      )}
      {schedules.length > 0 && <Names icon="clock" label={words.schedules} names={schedules} />}
      {robots.length > 0 && <Names icon="send" label={words.rooms} names={robots} />}
    </div>
  );
}

const namesShown = 6;

function Names({
  icon,
  label,
  names,
  children,
}: {
  icon: IconName;
  label: string;
  names: readonly string[];
  children?: ReactNode;
}) {
  const { alertGroups: words } = useText();
  return (
    <span className={classes.names} title={label}>
      <Icon name={icon} size={14} />
      <span>
        {names.slice(0, namesShown).map((name, i) => (
          <span key={name}>
            {i > 0 && ', '}
            <Brief max={40}>{name}</Brief>
          </span>
        ))}
        {names.length > namesShown && ` ${words.more(names.length - namesShown)}`}
        {children}
      </span>
    </span>
  );
}
