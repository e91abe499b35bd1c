/** What the page believes of the API is what the schemas of the server say: a difference does not compile. */
import type { z } from 'zod';
import type { backtestAnswer } from '../../../src/backtest/answer.ts';
import type { streamView } from '../../../src/gauges.ts';
import type { AuditItem } from '../../../src/groups/audit.ts';
import type { keptOf } from '../../../src/groups/crud.ts';
import type { DailyMessageBody } from '../../../src/groups/daily-fields.ts';
import type {
  alertGroupSchema,
  contactSchema,
  heartbeatSchema,
  robotSchema,
  silenceSchema,
  sourceSchema,
} from '../../../src/groups/kinds.ts';
import type { matcherTexts } from '../../../src/groups/matchers.ts';
import type { groupPreviewAnswer, silencePreviewAnswer } from '../../../src/groups/preview-answer.ts';
import type { SilenceMoment } from '../../../src/groups/recurrence.ts';
import type { VersionItem } from '../../../src/groups/versions.ts';
import type { AlertDetail } from '../../../src/incidents/alert.ts';
import type { DestinationItem } from '../../../src/incidents/destinations.ts';
import type { Explanation } from '../../../src/incidents/explain.ts';
import type { PersonExplanation } from '../../../src/incidents/explain-query.ts';
import type { IncidentDetail } from '../../../src/incidents/incident.ts';
import type { incidentItem } from '../../../src/incidents/incident-row.ts';
import type { NotificationItem } from '../../../src/incidents/notification-row.ts';
import type { NotificationDetail } from '../../../src/incidents/notifications.ts';
import type { StatusBody } from '../../../src/incidents/status.ts';
import type { testAnswer } from '../../../src/incidents/test-message.ts';
import type { noiseAnswer } from '../../../src/noise/answer.ts';
import type { PeerItem } from '../../../src/peers/view.ts';
import type { Me, WaysIn } from '../../../src/people/me-routes.ts';
import type { TokenView } from '../../../src/people/token-routes.ts';
import type { UserView } from '../../../src/people/users.ts';
import type { ConsistencyAnswer } from '../../../src/polls/answer.ts';
import type { AlertGroupBody, GroupPreview } from '../../../src/web/client/alert-group-types.ts';
import type { Backtest } from '../../../src/web/client/backtest-types.ts';
import type { Consistency } from '../../../src/web/client/consistency-types.ts';
import type { NoiseReport } from '../../../src/web/client/noise-types.ts';
import type { Peer } from '../../../src/web/client/peer-types.ts';
import type * as page from '../../../src/web/client/types.ts';

/** A body as it is answered. */
type Kept<Body> = Body & ReturnType<typeof keptOf>;

/** What JSON makes of it. */
type Sent<T> = T extends Date ? string : T extends object ? { [K in keyof T]: Sent<T[K]> } : T;

type SilenceBody = z.output<typeof silenceSchema>;

/** What is stored has both ends and somebody who made it; its matchers are answered as texts. */
type ReadableSilence = Omit<SilenceBody, 'duration' | 'matchers'> &
  Required<Pick<SilenceBody, 'starts_at' | 'ends_at' | 'created_by'>> & { matchers: ReturnType<typeof matcherTexts> };

describe('the types of the page', () => {
  it('take what the server sends', () => {
    expectTypeOf<z.infer<typeof incidentItem>>().toExtend<page.Incident>();
    expectTypeOf<IncidentDetail>().toExtend<page.IncidentDetail>();
    expectTypeOf<AlertDetail>().toExtend<page.Alert>();
    expectTypeOf<Explanation>().toExtend<page.Explanation>();
    expectTypeOf<PersonExplanation>().toExtend<page.PersonExplanation>();
    expectTypeOf<DestinationItem>().toExtend<page.DestinationHealth>();
    expectTypeOf<Kept<z.output<typeof contactSchema>>>().toExtend<page.Contact>();
    expectTypeOf<Kept<z.output<typeof robotSchema>>>().toExtend<page.Robot>();
    expectTypeOf<Kept<z.output<typeof heartbeatSchema>>>().toExtend<page.Heartbeat>();
    expectTypeOf<Kept<PeerItem>>().toExtend<Peer>();
    expectTypeOf<Kept<DailyMessageBody> & { next_at: string }>().toExtend<page.DailyMessage>();
    expectTypeOf<ReturnType<typeof keptOf>>().toExtend<page.Kept>();
    expectTypeOf<Kept<ReadableSilence & SilenceMoment & { id: string }>>().toExtend<page.Silence>();
    expectTypeOf<VersionItem>().toExtend<page.Version>();
    expectTypeOf<StatusBody>().toExtend<page.Status>();
    expectTypeOf<Sent<ReturnType<typeof streamView>>>().toExtend<page.HeartbeatStream>();
    expectTypeOf<WaysIn>().toExtend<page.SignInWays>();
    expectTypeOf<NotificationItem>().toExtend<page.Notification>();
    expectTypeOf<z.infer<typeof testAnswer>['results'][number]>().toExtend<page.TestResult>();
    expectTypeOf<z.infer<typeof alertGroupSchema>>().toExtend<AlertGroupBody>();
    expectTypeOf<z.infer<typeof groupPreviewAnswer>>().toExtend<GroupPreview>();
    expectTypeOf<z.infer<typeof backtestAnswer>>().toExtend<Backtest>();
    // Nobody without a role is told who they are.
    expectTypeOf<Me & { role: page.Role }>().toExtend<page.Me>();
    expectTypeOf<UserView>().toExtend<page.User>();
    expectTypeOf<TokenView>().toExtend<page.Token>();
    expectTypeOf<AuditItem>().toExtend<page.AuditEntry>();
    expectTypeOf<NotificationDetail>().toExtend<page.NotificationDetail>();
    expectTypeOf<z.infer<typeof silencePreviewAnswer>>().toExtend<page.SilencePreview>();
    expectTypeOf<z.infer<typeof noiseAnswer>>().toExtend<NoiseReport>();
    expectTypeOf<ConsistencyAnswer>().toExtend<Consistency>();
    expectTypeOf<Kept<z.output<typeof sourceSchema>>>().toExtend<Omit<page.Source, 'token_count' | 'activity'>>();
  });
});
