/** Every route that shows and steers what happens. */
import type { AnyRoute } from '../http/route.ts';
import { acknowledgeRoutes } from './acknowledge.ts';
import { alertRoutes } from './alert.ts';
import { alertListRoutes } from './alerts.ts';
import type { IncidentDeps } from './deps.ts';
import { destinationRoutes } from './destinations.ts';
import { explainRoutes } from './explain.ts';
import { explainIncidentRoutes } from './explain-incident.ts';
import { explainQueryRoutes } from './explain-query.ts';
import { incidentReadRoutes } from './incidents.ts';
import { notificationReadRoutes } from './notifications.ts';
import { quarantineRoutes } from './quarantine.ts';
import { retryRoutes } from './retry.ts';
import { statusRoutes } from './status.ts';
import { testRoutes } from './test-message.ts';

/** The resources incidents, alerts, notifications, destinations, quarantine and status. */
export function incidentRoutes(deps: IncidentDeps): AnyRoute[] {
  return [
    incidentReadRoutes,
    acknowledgeRoutes,
    alertListRoutes,
    alertRoutes,
    explainRoutes,
    explainIncidentRoutes,
    explainQueryRoutes,
    notificationReadRoutes,
    retryRoutes,
    testRoutes,
    destinationRoutes,
    quarantineRoutes,
    statusRoutes,
  ].flatMap((make) => make(deps));
}
