/** One incident of the list: what, how bad, since when, who is on it, and what can be done. */
import { Button, UnstyledButton } from '@mantine/core';
import { Link } from 'wouter';
import type { Incident } from '../../client/types.ts';
import { Badge, InhibitedBadge, SeverityBadge, SilencedBadge, severityOf } from '../../parts/badge.tsx';
import { ExpandButton } from '../../parts/expand-button.tsx';
import { Icon } from '../../parts/icons.tsx';
import { LabelChips } from '../../parts/labels.tsx';
import { Ago } from '../../parts/time.tsx';
import { titleOf } from '../../parts/title.ts';
import { Brief } from '../../parts/value.tsx';
import { useText } from '../../text/index.tsx';
import { IncidentAlerts } from './incident-alerts.tsx';
import classes from './incident-card.module.css';

interface Props {
  incident: Incident;
  current: boolean;
  expanded: boolean;
  onExpand: () => void;
  /** Undefined: who is signed in may not. */
  onAcknowledge: (() => void) | undefined;
  onSilence: (() => void) | undefined;
  onPick: (matcher: string) => void;
  onPickGroup: (name: string) => void;
}

export function IncidentCard(props: Props) {
  const { incident, current, expanded, onExpand, onAcknowledge, onSilence, onPick, onPickGroup } = props;
  const text = useText();
  const { now: words } = text;
  const { level } = severityOf(incident, text);
  const panel = `alerts-of-${incident.id}`;
  return (
    <article className={classes.card} data-level={level} data-current={current} data-state={incident.state}>
      <div className={classes.row}>
        <ExpandButton expanded={expanded} onExpand={onExpand} panel={panel} words={[words.expand, words.collapse]} />
        <div className={classes.body}>
          <div className={classes.head}>
            <SeverityBadge incident={incident} />
            <Link href={`/incidents/${incident.id}`} className={classes.title}>
              <Brief max={160}>{titleOf(incident)}</Brief>
            </Link>
            <Numbers incident={incident} />
          </div>
          {incident.summary !== null && (
            <div className={classes.summary}>
              <Brief max={220}>{text.alert.own(incident.summary)}</Brief>
            </div>
          )}
          <div className={classes.facts}>
            <LabelChips labels={incident.group_labels} without={['alertname']} max={6} onPick={onPick} />
            <UnstyledButton
              className={classes.group}
              title={words.onlyGroup(incident.group)}
              onClick={() => onPickGroup(incident.group)}
            >
              <Brief max={60}>{incident.group}</Brief>
            </UnstyledButton>
            <Ago at={incident.opened_at} />
            <State incident={incident} />
          </div>
        </div>
        <div className={classes.actions}>
          {onAcknowledge !== undefined && incident.state !== 'closed' && (
            <Button
              size="compact-sm"
              variant={incident.state === 'acknowledged' ? 'default' : 'light'}
              onClick={onAcknowledge}
              leftSection={<Icon name={incident.state === 'acknowledged' ? 'undo' : 'check'} size={14} />}
            >
              {incident.state === 'acknowledged' ? words.takeBack : words.acknowledge}
            </Button>
          )}
          {onSilence !== undefined && incident.state !== 'closed' && incident.lane !== 'watchdog' && (
            <Button
              size="compact-sm"
              variant="default"
              onClick={onSilence}
              leftSection={<Icon name="mute" size={14} />}
            >
              {words.silence}
            </Button>
          )}
        </div>
      </div>
      <div id={panel}>{expanded && <IncidentAlerts id={incident.id} total={incident.alerts.total} />}</div>
    </article>
  );
}

function Numbers({ incident: { alerts, group, last_flush_at, state } }: { incident: Incident }) {
  const { now: words } = useText();
  const burning = alerts.firing + alerts.stale + alerts.undecided;
  return (
    <span className={classes.numbers}>
      <span>{burning === 0 ? words.noneFires(alerts.total) : words.alerts(burning, alerts.total)}</span>
      {last_flush_at !== null && alerts.fresh > 0 && (
        <span className={classes.fresh} title={words.deltaHint}>
          {words.fresh(alerts.fresh)}
        </span>
      )}
      {alerts.ended > 0 && (
        <span className={classes.ended} title={words.deltaHint}>
          {words.ended(alerts.ended)}
        </span>
      )}
      {last_flush_at === null && state !== 'closed' && (
        <span>{group === 'unrouted' ? words.unrouted : words.notTold}</span>
      )}
    </span>
  );
}

function State({ incident: { state, acknowledged_by, silenced, inhibited, alerts } }: { incident: Incident }) {
  const text = useText();
  const { now: words } = text;
  return (
    <>
      {state === 'acknowledged' && (
        <Badge level="info">
          <Brief max={40}>{words.acknowledgedBy(acknowledged_by ?? '')}</Brief>
        </Badge>
      )}
      {state === 'closed' && <Badge level="none">{text.incidentState.closed}</Badge>}
      <SilencedBadge silenced={silenced} firing={alerts.firing} />
      <InhibitedBadge inhibited={inhibited} firing={alerts.firing} />
    </>
  );
}
