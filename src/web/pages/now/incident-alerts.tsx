/** The alerts of an incident, within the list. */
import { useQuery } from '@tanstack/react-query';
import { Link } from 'wouter';
import { incidentQuery } from '../../client/incidents.ts';
import type { IncidentDetail } from '../../client/types.ts';
import { AlertLine } from '../../parts/alert-line.tsx';
import { byWeight } from '../../parts/badge.tsx';
import { Read } from '../../parts/read.tsx';
import { useText } from '../../text/index.tsx';
import classes from './incident-card.module.css';

/** The page of the incident has the others. */
const shownHere = 20;

export function IncidentAlerts({ id, total }: { id: string; total: number }) {
  const query = useQuery(incidentQuery(id));
  return <Read query={query}>{(incident) => <Lines incident={incident} total={total} />}</Read>;
}

function Lines({ incident: { id, members, group_labels }, total }: { incident: IncidentDetail; total: number }) {
  const { now: words } = useText();
  const here = byWeight(members.filter((member) => member.left_at === null)).slice(0, shownHere);
  return (
    <div className={classes.alerts}>
      {here.map((member) => (
        <AlertLine key={member.fingerprint} alert={member} without={Object.keys(group_labels)} />
      ))}
      {total > here.length && <Link href={`/incidents/${id}`}>{words.moreAlerts(total - here.length)}</Link>}
    </div>
  );
}
