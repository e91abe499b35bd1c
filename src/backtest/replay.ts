/**
 * Runs a history through a configuration with a virtual clock: the same decisions as those of the running service, in the
 * order in which it makes them, with providers that accept everything at once.
 */
import { createTurns } from '../turns.ts';
import type { Sent } from './deliver.ts';
import { createEngine, type Engine, type Pauses } from './engine.ts';
import type { Acknowledgement, History } from './history.ts';
import { type Configuration, never } from './world.ts';

/** What to do with what a replay finds. */
export interface ReplayOptions {
  /** Until then time goes on. */
  to: Date;
  onSent: (sent: Sent) => void;
  /** Called now and then with the moment that the replay has come to. */
  onProgress?: (at: Date) => void;
}

/** What a replay found beside messages. */
export interface Replay {
  /** Incidents that were opened, by when. */
  incidents: number;
}

/** Replays a history. Others get their turn in between. @throws Error when an instant never comes to rest */
export async function replay(
  history: History,
  configuration: Configuration,
  { to, onSent, onProgress }: ReplayOptions,
): Promise<Replay> {
  const engine = createEngine(history, configuration, onSent);
  const turns = createTurns();
  for (const now of run(engine, history, to)) {
    const turn = turns();
    if (turn === undefined) continue;
    onProgress?.(now);
    await turn;
  }
  return { incidents: engine.opened() };
}

function* run(engine: Engine, { changes, acknowledgements }: History, to: Date): Pauses {
  let change = 0;
  let acknowledged = 0;
  for (;;) {
    const heardAt = changes.heardAt[change] ?? never;
    const actedAt = acknowledgements[acknowledged]?.at.getTime() ?? never;
    const at = Math.min(engine.next(), heardAt, actedAt);
    if (at > to.getTime()) return;
    const now = new Date(at);
    // What waited for this moment was due before anything came at it.
    yield* engine.settle(now);
    const first = change;
    while (changes.heardAt[change] === at) change++;
    yield* engine.hear(first, change, now);
    for (; acknowledgements[acknowledged]?.at.getTime() === at; acknowledged++)
      engine.acknowledge(acknowledgements[acknowledged] as Acknowledgement, now);
    yield* engine.settle(now);
  }
}
