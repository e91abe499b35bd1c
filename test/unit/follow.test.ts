import type { Snapshot } from '../../src/alert/config.ts';
import { createFollower } from '../../src/follow.ts';

/** A follower over a configuration that is edited by hand. */
function follow({ told }: { told: boolean }) {
  const seen = { version: 1, reads: 0, carried: 0 };
  const follower = createFollower({
    snapshots: {
      current: () => ({ version: 1 }) as Snapshot,
      fresh: async () => {
        seen.reads++;
        return { version: seen.version } as Snapshot;
      },
    },
    applyEdit: async () => {
      seen.carried++;
    },
    told: () => told,
  });
  return { follower, seen };
}

describe('following edits', () => {
  it('carries an edit on once, when it is told of it', async () => {
    const { follower, seen } = follow({ told: true });
    seen.version = 2;
    await follower.look();
    await follower.look();
    expect(seen).toMatchObject({ reads: 2, carried: 1 });
  });

  it('does not look by itself while it would be told', async () => {
    const { follower, seen } = follow({ told: true });
    await follower.tick();
    expect(seen.reads).toBe(0);
  });

  it('looks with every tick while it would not', async () => {
    const { follower, seen } = follow({ told: false });
    await follower.tick();
    seen.version = 2;
    await follower.tick();
    expect(seen).toMatchObject({ reads: 2, carried: 1 });
  });
});
