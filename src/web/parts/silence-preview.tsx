/** What a silence hides now: how much, what of it is critical, which alerts and incidents, and what it never hides. */
import { Alert, Button } from '@mantine/core';
import { useDebouncedValue } from '@mantine/hooks';
import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { Link } from 'wouter';
import { ApiError } from '../client/request.ts';
import { previewQuery } from '../client/silences.ts';
import type { HiddenAlert, HiddenIncident, SilencePreview } from '../client/types.ts';
import { useText } from '../text/index.tsx';
import { AlertSeverity, Badge } from './badge.tsx';
import { LabelChips } from './labels.tsx';
import classes from './silence-preview.module.css';
import { errorWords } from './states.tsx';
import { Ago } from './time.tsx';
import { nameOf, titleOf } from './title.ts';
import { Brief } from './value.tsx';

/** Asks once somebody pauses while they write. `key`: id of the silence that is edited. */
export function useSilencePreview(sets: readonly string[][], key?: string) {
  const typed = JSON.stringify(sets);
  const [settled] = useDebouncedValue(typed, 300);
  const asked = JSON.parse(settled) as string[][];
  const preview = useQuery({
    ...previewQuery(asked, key),
    enabled: asked.length > 0,
    placeholderData: keepPreviousData,
  });
  const old = typed !== settled || preview.isPlaceholderData;
  return { data: sets.length > 0 ? preview.data : undefined, error: preview.error, old };
}

interface Props {
  preview: ReturnType<typeof useSilencePreview>;
  /** So many alerts and incidents are named before somebody asks for more. */
  named: number;
}

export function SilencePreviewView({ preview: { data, error, old }, named }: Props) {
  if (error !== null) return <Unasked error={error} />;
  if (data === undefined) return null;
  return (
    <div className={classes.preview} aria-busy={old}>
      <Counts preview={data} />
      <Incidents preview={data} named={named} />
      <Alerts preview={data} named={named} />
    </div>
  );
}

/** What is no matcher is said where it hides nothing. */
function Unasked({ error }: { error: Error }) {
  const text = useText();
  const faults = error instanceof ApiError ? error.faults : [];
  return (
    <Alert color="red" role="alert">
      <Brief max={400}>
        {faults.length > 0 ? faults.map(({ message }) => message).join('; ') : errorWords(error, text)}
      </Brief>
    </Alert>
  );
}

function Counts({ preview: { alerts, capped, watchdog_untouched: untouched } }: { preview: SilencePreview }) {
  const { silence: words } = useText();
  return (
    <div>
      <div role="status" className={classes.head}>
        {alerts.total === 0 ? words.previewNone : words.preview(alerts.total, alerts.critical)}
      </div>
      {alerts.already_silenced > 0 && <div>{words.already(alerts.already_silenced)}</div>}
      {capped && <div>{words.capped}</div>}
      {untouched > 0 && <div>{words.untouched(untouched)}</div>}
    </div>
  );
}

function Incidents({ preview: { incidents }, named }: { preview: SilencePreview; named: number }) {
  const { silence: words } = useText();
  const [shown, more] = useShown(incidents.items, named);
  if (incidents.total === 0) return null;
  return (
    <div>
      <div>{words.incidents(incidents.total, incidents.wholly)}</div>
      <ul className={classes.list} aria-label={words.incidentsList}>
        {shown.map((incident) => (
          <li key={incident.id}>
            <IncidentLine incident={incident} />
          </li>
        ))}
      </ul>
      {more}
    </div>
  );
}

function IncidentLine({ incident }: { incident: HiddenIncident }) {
  const { silence: words, severity } = useText();
  const { id, group, critical, hidden, firing } = incident;
  return (
    <>
      {critical && <Badge level="critical">{severity.critical}</Badge>}
      <Link href={`/incidents/${id}`}>
        <Brief max={80}>{titleOf(incident)}</Brief>
      </Link>
      <span className={classes.quiet}>
        <Brief max={60}>{group}</Brief> · {hidden >= firing ? words.wholly : words.partly(hidden, firing)}
      </span>
    </>
  );
}

function Alerts({ preview: { alerts }, named }: { preview: SilencePreview; named: number }) {
  const { silence: words } = useText();
  const worstFirst = alerts.items.toSorted((a, b) => Number(b.critical) - Number(a.critical));
  const [shown, more] = useShown(worstFirst, named);
  if (alerts.items.length === 0) return null;
  const unnamed = alerts.total - alerts.items.length;
  return (
    <div>
      <ul className={classes.list} aria-label={words.alertsList}>
        {shown.map((alert) => (
          <li key={alert.fingerprint}>
            <AlertHidden alert={alert} />
          </li>
        ))}
      </ul>
      {more}
      {shown.length === alerts.items.length && unnamed > 0 && (
        <span className={classes.quiet}>{words.unnamed(unnamed)}</span>
      )}
    </div>
  );
}

function AlertHidden({ alert: { fingerprint, labels, since, silenced } }: { alert: HiddenAlert }) {
  const { silence: words } = useText();
  return (
    <>
      <AlertSeverity labels={labels} />
      <Link href={`/alerts/${encodeURIComponent(fingerprint)}`}>
        <Brief max={80}>{nameOf(labels)}</Brief>
      </Link>
      <span className={classes.quiet}>
        <Ago at={since} />
        {silenced && ` · ${words.alreadyOne}`}
      </span>
      <LabelChips labels={labels} without={['alertname', 'severity']} max={6} />
    </>
  );
}

/** The first of them, and the button that shows the others. */
function useShown<T>(items: readonly T[], named: number) {
  const { silence: words } = useText();
  const [all, setAll] = useState(false);
  const left = items.length - named;
  const more =
    left > 0 && !all ? (
      <Button size="compact-xs" variant="subtle" onClick={() => setAll(true)}>
        {words.showMore(left)}
      </Button>
    ) : null;
  return [all ? items : items.slice(0, named), more] as const;
}
