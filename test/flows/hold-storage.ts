import type { Flow } from './flow.ts';

/** Holds a lock that every report has to wait for. Resolves, once it holds, with what lets go of it. */
export async function holdStorage(flow: Flow): Promise<() => Promise<void>> {
  let letGo = () => {};
  const held = new Promise<void>((resolve) => {
    letGo = resolve;
  });
  let transaction: Promise<void> = Promise.resolve();
  await new Promise<void>((holds) => {
    transaction = flow.s.service.db.transaction(async (tx) => {
      await tx.query('lock table reporter in access exclusive mode');
      holds();
      await held;
    });
  });
  return () => {
    letGo();
    return transaction;
  };
}
