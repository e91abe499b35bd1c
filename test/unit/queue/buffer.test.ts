import type { NudgeJob } from '../../../src/queue/backend.ts';
import { createNudgeBuffer, HORIZON_MS } from '../../../src/queue/buffer.ts';
import { eventually } from '../../support/wait.ts';

const now = new Date('2026-02-03T04:05:06.000Z');
const later = (ms: number): Date => new Date(now.getTime() + ms);

function open(add?: (jobs: readonly NudgeJob[]) => Promise<void>, clock = () => now) {
  const batches: NudgeJob[][] = [];
  const logged: string[] = [];
  const buffer = createNudgeBuffer({
    add:
      add ??
      (async (jobs) => {
        batches.push([...jobs]);
      }),
    now: clock,
    log: (_level, message) => logged.push(message),
  });
  return { buffer, batches, logged };
}

describe('the nudge buffer', () => {
  it('adds the nudges of one turn in one batch, the same row and second once', async () => {
    const { buffer, batches } = open();
    buffer.nudge([
      { kind: 'decide', id: 'a', at: later(1_900) },
      { kind: 'decide', id: 'a', at: later(1_100) },
      { kind: 'deliver', id: 'a', at: later(1_100) },
    ]);
    buffer.nudge([{ kind: 'decide', id: 'a', at: later(2_000) }]);
    await eventually(() => buffer.counts().added === 3);
    expect(batches).toEqual([
      [
        { kind: 'decide', id: 'a', delayMs: 1_100, jobId: 'decide-a-1770091507' },
        { kind: 'deliver', id: 'a', delayMs: 1_100, jobId: 'deliver-a-1770091507' },
        { kind: 'decide', id: 'a', delayMs: 2_000, jobId: 'decide-a-1770091508' },
      ],
    ]);
  });

  it('does not add again what waits in the queue for its second', async () => {
    let present = now;
    const { buffer, batches } = open(undefined, () => present);
    const storm = { kind: 'decide', id: 'due', at: later(2_000) } as const;
    buffer.nudge([storm]);
    await eventually(() => buffer.counts().added === 1);
    buffer.nudge([storm, { ...storm, id: 'another' }]);
    await eventually(() => buffer.counts().added === 2);
    present = later(2_000);
    buffer.nudge([storm]);
    await eventually(() => buffer.counts().added === 3);
    expect(batches.flat().map(({ id }) => id)).toEqual(['due', 'another', 'due']);
  });

  it('adds again what the backend did not take', async () => {
    let away = true;
    const { buffer } = open(async () => {
      if (away) throw new Error('away');
    });
    buffer.nudge([{ kind: 'decide', id: 'due', at: later(2_000) }]);
    await eventually(() => buffer.counts().failedAdds === 1);
    away = false;
    buffer.nudge([{ kind: 'decide', id: 'due', at: later(2_000) }]);
    await eventually(() => buffer.counts().added === 1);
  });

  it('gives a nudge for now no job id, so that one that is running does not swallow it', async () => {
    const { buffer, batches } = open();
    buffer.nudge([{ kind: 'decide', id: '7', at: later(-50) }]);
    await eventually(() => buffer.counts().added === 1);
    expect(batches).toEqual([[{ kind: 'decide', id: '7', delayMs: 0 }]]);
  });

  it('keeps colons out of job ids', async () => {
    const { buffer, batches } = open();
    buffer.nudge([{ kind: 'decide', id: 'a:b', at: later(1_000) }]);
    await eventually(() => buffer.counts().added === 1);
    expect(batches[0]?.[0]).toMatchObject({ id: 'a:b', jobId: 'decide-a_b-1770091507' });
  });

  it('leaves what is far in the future to the sweep', async () => {
    const { buffer, batches } = open();
    buffer.nudge([
      { kind: 'decide', id: 'far', at: later(HORIZON_MS + 1) },
      { kind: 'decide', id: 'near', at: later(HORIZON_MS) },
    ]);
    await eventually(() => buffer.counts().added === 1);
    expect(batches.flat().map(({ id }) => id)).toEqual(['near']);
  });

  it('counts and logs what the backend did not take, and goes on', async () => {
    let fail = true;
    const { buffer, logged } = open(async () => {
      if (fail) throw new Error('away');
    });
    buffer.nudge([{ kind: 'decide', id: 'a', at: now }]);
    await eventually(() => buffer.counts().failedAdds === 1);
    fail = false;
    buffer.nudge([{ kind: 'decide', id: 'b', at: now }]);
    await eventually(() => buffer.counts().added === 1);
    expect(buffer.counts()).toEqual({ added: 1, failedAdds: 1 });
    expect(logged).toHaveLength(1);
  });

  it('adds what is left when it stops, and nothing afterwards', async () => {
    const { buffer, batches } = open();
    buffer.nudge(Array.from({ length: 1_200 }, (_, i) => ({ kind: 'decide' as const, id: `i${i}`, at: now })));
    await buffer.stop();
    buffer.nudge([{ kind: 'decide', id: 'late', at: now }]);
    expect(batches.map((batch) => batch.length)).toEqual([500, 500, 200]);
    expect(buffer.counts()).toEqual({ added: 1_200, failedAdds: 0 });
  });
});
