/** On-call schedules as the API has them. */
import type { Kept, TimeWindow } from './types.ts';

export interface ScheduleLayer {
  /** In the order of their turns. */
  contacts: string[];
  every: number;
  unit: 'day' | 'week';
  /** `09:00` */
  hand_over: string;
  /** Where turns are weeks. */
  weekday?: string;
  /** `2026-01-05` */
  starts: string;
  only?: TimeWindow[];
}

export interface ScheduleOverride {
  /** Null: nobody is on call. */
  contact: string | null;
  starts_at: string;
  ends_at: string;
}

export interface Schedule extends Kept {
  name: string;
  timezone: string;
  hand_over_card: boolean;
  layers: ScheduleLayer[];
  overrides: ScheduleOverride[];
  on_call: string[];
  next_hand_over_at: string | null;
}

export interface Shift {
  contact: string;
  starts_at: string;
  ends_at: string;
}

export interface Shifts {
  from: string;
  to: string;
  on_call: string[];
  items: Shift[];
}
