/** One alert within an incident: its own labels, what it says, and where to look further. */
import { Link } from 'wouter';
import type { Member } from '../client/types.ts';
import { useText } from '../text/index.tsx';
import classes from './alert-line.module.css';
import { AlertSeverity, AlertStateBadge } from './badge.tsx';
import { LabelChips } from './labels.tsx';
import { Ago } from './time.tsx';
import { nameOf } from './title.ts';
import { Brief, OutLink, runbookOf, safeUrl, Value } from './value.tsx';

/** @param without labels that all alerts around it share */
export function AlertLine({ alert, without }: { alert: Member; without: readonly string[] }) {
  const { now: words, alert: alertWords, incident, alertState } = useText();
  const summary = alert.annotations['summary'] ?? alert.annotations['description'];
  const burns = alert.state === 'firing' || alert.episode === 0;
  const runbook = runbookOf(alert.annotations);
  return (
    <div className={classes.alert}>
      <div className={classes.line}>
        {!burns && <AlertStateBadge state={alert.state} />}
        <AlertSeverity labels={alert.labels} />
        <Link href={`/alerts/${encodeURIComponent(alert.fingerprint)}`} className={classes.name}>
          <Brief max={80}>{nameOf(alert.labels)}</Brief>
        </Link>
        <span className={classes.quiet}>
          {burns && `${alert.episode === 0 ? words.justReported : alertState.firing} · `}
          <Ago at={alert.ended_at ?? alert.since} />
        </span>
        {alert.left_at !== null && <span className={classes.quiet}>{incident.left}</span>}
        <span className={classes.links}>
          {safeUrl(alert.generator_url) !== null && (
            <OutLink href={alert.generator_url ?? ''} icon="pulse">
              {words.prometheus}
            </OutLink>
          )}
          {runbook !== null && (
            <OutLink href={runbook} icon="book">
              {words.runbook}
            </OutLink>
          )}
        </span>
      </div>
      {summary !== undefined && (
        <div className={classes.summary}>
          <Value>{alertWords.own(summary)}</Value>
        </div>
      )}
      <LabelChips labels={alert.labels} without={['alertname', 'severity', ...without]} max={16} />
    </div>
  );
}
