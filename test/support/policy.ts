import type { KeptSilence, Policy, Silence } from '../../src/alert/config.ts';

/** An alert group's policy where nothing else is said; to be spread into what a test needs. */
export const usualPolicy: Policy = {
  groupBy: ['alertname'],
  groupWaitMs: 30_000,
  groupIntervalMs: 300_000,
  repeatIntervalMs: 14_400_000,
  sendResolved: true,
  forMs: 0,
  keepFiringForMs: 0,
  flapping: null,
  storm: null,
  quietTimes: null,
  muteTimes: null,
  activeTimes: null,
};

/** A silence whose end concerns nobody. */
export function nobodys(silence: Silence): KeptSilence {
  return { ...silence, notify: [], remindMs: 0, updatedAt: silence.startsAt };
}
