/** Which alerts a draft gains, keeps and loses, and which an earlier alert group takes. */
import { Button, Tabs, Text } from '@mantine/core';
import { useState } from 'react';
import type { Change, GroupPreview, PreviewedAlert } from '../../client/alert-groups.ts';
import { alertUrl } from '../../parts/alert-url.ts';
import { AlertSeverity, AlertStateBadge, Badge } from '../../parts/badge.tsx';
import { LabelChips } from '../../parts/labels.tsx';
import { Ago } from '../../parts/time.tsx';
import { nameOf } from '../../parts/title.ts';
import { Brief, OutLink } from '../../parts/value.tsx';
import { useText } from '../../text/index.tsx';
import classes from './preview.module.css';

const changes: readonly Change[] = ['gains', 'keeps', 'loses', 'shadowed'];

/** What is saved already changes nothing. */
const changesAsSaved: readonly Change[] = ['keeps', 'shadowed'];

/** Until somebody chooses, what changes is shown before what stays. */
const interesting: readonly Change[] = ['gains', 'loses', 'keeps', 'shadowed'];

export function PreviewedAlerts({ preview: { counts, alerts }, asSaved }: { preview: GroupPreview; asSaved: boolean }) {
  const { preview: words } = useText().alertGroup;
  const [chosen, setChosen] = useState<Change | null>(null);
  const totalOf = (change: Change) => counts[change].open + counts[change].ended;
  const shown = chosen ?? interesting.find((change) => totalOf(change) > 0) ?? (asSaved ? 'keeps' : 'gains');
  const tabs = asSaved ? changesAsSaved : changes;
  return (
    <Tabs value={shown} onChange={(value) => setChosen(value as Change)} keepMounted={false}>
      <Tabs.List grow aria-label={words.alerts}>
        {tabs.map((change) => (
          <Tabs.Tab key={change} value={change} className={classes.tab}>
            <span className={classes.change}>{asSaved && change === 'keeps' ? words.gets : words.changes[change]}</span>
            <b data-none={totalOf(change) === 0}>{words.open(counts[change].open)}</b>
            <span>{words.ended(counts[change].ended)}</span>
          </Tabs.Tab>
        ))}
      </Tabs.List>
      {tabs.map((change) => (
        <Tabs.Panel key={change} value={change} pt="xs">
          <AlertList
            alerts={alerts.filter((alert) => alert.change === change)}
            total={totalOf(change)}
            hint={asSaved && change === 'keeps' ? words.getsHint : words.changeHints[change]}
          />
        </Tabs.Panel>
      ))}
    </Tabs>
  );
}

/** So many before somebody asks for the rest. */
const fewShown = 8;

function AlertList({ alerts, total, hint }: { alerts: readonly PreviewedAlert[]; total: number; hint: string }) {
  const { preview: words } = useText().alertGroup;
  const [all, setAll] = useState(false);
  const shown = all ? alerts : alerts.slice(0, fewShown);
  return (
    <>
      <Text size="xs" c="var(--mm-quiet)">
        {hint} {total === 0 && words.noneOf} {total > alerts.length && words.firstOf(alerts.length, total)}
      </Text>
      <ul className={classes.alerts} aria-label={words.alerts}>
        {shown.map((alert) => (
          <li key={alert.fingerprint}>
            <Line alert={alert} />
          </li>
        ))}
      </ul>
      {alerts.length > shown.length && (
        <Button size="compact-sm" variant="subtle" onClick={() => setAll(true)}>
          {words.showAll(alerts.length - shown.length)}
        </Button>
      )}
    </>
  );
}

function Line({ alert }: { alert: PreviewedAlert }) {
  const { preview: words } = useText().alertGroup;
  const { labels, state, silenced, since, ended_at: endedAt, today, after } = alert;
  return (
    <>
      <div className={classes.line}>
        <AlertStateBadge state={state} />
        <AlertSeverity labels={labels} />
        {/* In a window of its own: what is being typed here stays. */}
        <OutLink href={alertUrl(alert.fingerprint)}>
          <Brief max={80}>{nameOf(labels)}</Brief>
        </OutLink>
        {silenced && <Badge level="none">{words.silenced}</Badge>}
        <span className={classes.quiet}>
          <Ago at={endedAt ?? since} />
        </span>
      </div>
      <LabelChips labels={labels} without={['alertname', 'severity']} max={8} />
      <div className={classes.quiet}>
        {String(today) === String(after) ? (
          <>
            {words.stays} <Names names={after} />
          </>
        ) : (
          <>
            {words.today} <Names names={today} />
            {' → '}
            {words.after} <Names names={after} />
          </>
        )}
      </div>
    </>
  );
}

function Names({ names }: { names: readonly string[] }) {
  const { preview: words } = useText().alertGroup;
  return <Brief max={120}>{names.length === 0 ? words.nobody : names.join(', ')}</Brief>;
}
