/** The alerts of an incident, within the list. */
import { useQuery } from '@tanstack/react-query';
import { Link } from 'wouter';
import { incidentQuery } from '../../client/incidents.ts';
import { AlertLine } from '../../parts/alert-line.tsx';
import { byWeight } from '../../parts/badge.tsx';
import { Failure, Loading } from '../../parts/states.tsx';
import { useText } from '../../text/index.tsx';
import classes from './incident-card.module.css';

/** The page of the incident has the others. */
const shownHere = 20;

export function IncidentAlerts({ id, total }: { id: string; total: number }) {
  const { now: words } = useText();
  const { data, error, refetch } = useQuery(incidentQuery(id));
  if (error !== null) return <Failure error={error} onRetry={() => refetch()} />;
  if (data === undefined) return <Loading />;
  const here = byWeight(data.members.filter((member) => member.left_at === null)).slice(0, shownHere);
  return (
    <div className={classes.alerts}>
      {here.map((member) => (
        <AlertLine key={member.fingerprint} alert={member} without={Object.keys(data.group_labels)} />
      ))}
      {total > here.length && <Link href={`/incidents/${id}`}>{words.moreAlerts(total - here.length)}</Link>}
    </div>
  );
}
