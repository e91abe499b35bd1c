/** What the page believes of the API is what the schemas of the server say: a difference does not compile. */
import type { z } from 'zod';
import type { AuditItem } from '../../../src/groups/audit.ts';
import type { AlertDetail } from '../../../src/incidents/alert.ts';
import type { Explanation } from '../../../src/incidents/explain.ts';
import type { IncidentDetail } from '../../../src/incidents/incident.ts';
import type { incidentItem } from '../../../src/incidents/incident-row.ts';
import type { NotificationItem } from '../../../src/incidents/notification-row.ts';
import type { NotificationDetail } from '../../../src/incidents/notifications.ts';
import type { Me } from '../../../src/people/me-routes.ts';
import type { TokenView } from '../../../src/people/token-routes.ts';
import type { UserView } from '../../../src/people/users.ts';
import type * as page from '../../../src/web/client/types.ts';

describe('the types of the page', () => {
  it('take what the server sends', () => {
    expectTypeOf<z.infer<typeof incidentItem>>().toExtend<page.Incident>();
    expectTypeOf<IncidentDetail>().toExtend<page.IncidentDetail>();
    expectTypeOf<AlertDetail>().toExtend<page.Alert>();
    expectTypeOf<Explanation>().toExtend<page.Explanation>();
    expectTypeOf<NotificationItem>().toExtend<page.Notification>();
    // Nobody without a role is told who they are.
    expectTypeOf<Me & { role: page.Role }>().toExtend<page.Me>();
    expectTypeOf<UserView>().toExtend<page.User>();
    expectTypeOf<TokenView>().toExtend<page.Token>();
    expectTypeOf<AuditItem>().toExtend<page.AuditEntry>();
    expectTypeOf<NotificationDetail>().toExtend<page.NotificationDetail>();
  });
});
