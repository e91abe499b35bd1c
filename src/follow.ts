/** Carries edits on to open alerts, whichever replica they came from. */
import type { Snapshots } from './groups/snapshot.ts';
import { createRunner } from './pipeline/runner.ts';

/** What {@link createFollower} needs. */
export interface FollowParts {
  snapshots: Pick<Snapshots, 'current' | 'fresh'>;
  /** Routes open alerts anew and decides them. */
  applyEdit: () => Promise<void>;
  /** Whether this process is told of every edit; if not, it has to look. */
  told: () => boolean;
}

export interface Follower {
  /** There may be an edit: reads it and carries it on. */
  look(): Promise<void>;
  /** Called every two seconds; looks when nobody would tell, and now and then all the same. */
  tick(): Promise<void>;
}

/** Reports that were stored by the old routes meanwhile are routed anew so long after an edit. */
const onceMoreAfterMs = 10_000;
const lookEveryMs = 10_000;

export function createFollower({ snapshots, applyEdit, told }: FollowParts): Follower {
  let carriedOn = snapshots.current().version;
  let onceMoreAt = Number.POSITIVE_INFINITY;
  let lookedAt = performance.now();

  const look = createRunner(async () => {
    lookedAt = performance.now();
    const { version: newest } = await snapshots.fresh();
    const edited = newest !== carriedOn;
    if (!edited && performance.now() < onceMoreAt) return;
    await applyEdit();
    onceMoreAt = edited ? performance.now() + onceMoreAfterMs : Number.POSITIVE_INFINITY;
    carriedOn = newest;
  });

  async function tick(): Promise<void> {
    const dueAt = Math.min(onceMoreAt, lookedAt + lookEveryMs);
    if (!told() || performance.now() >= dueAt) await look();
  }

  return { look, tick };
}
