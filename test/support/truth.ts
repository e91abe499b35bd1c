import type { AlertTruth } from '../../src/alert/alert.ts';

/** An alert that no policy holds back, keeps or finds flapping; to be spread into the truth of one. */
export const plainly: Pick<AlertTruth, 'pendingUntil' | 'continues' | 'keptUntil' | 'flappingUntil'> = {
  pendingUntil: null,
  continues: 1,
  keptUntil: null,
  flappingUntil: null,
};
