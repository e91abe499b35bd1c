/** Whom alert groups tell, as far as it says so by name. */
import type { Schedule } from './schedule-types.ts';

/** A schedule, as far as it says who is on call by it at some time. */
export type Staffing = Pick<Schedule, 'name' | 'layers' | 'overrides'>;

/** An alert group, as far as it says whom it tells. */
export interface Telling {
  name: string;
  members: string[];
  schedules: string[];
  robots: string[];
  escalation: Pick<Telling, 'members' | 'schedules' | 'robots'>[];
}
