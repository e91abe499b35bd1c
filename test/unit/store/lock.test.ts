import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { DirectoryLocked, lockDirectory } from '../../../src/store/lock.ts';
import { removeFolder, temporaryFolder } from '../../support/folders.ts';

/** A process that listens on a lock's socket as a holder does; it can be stopped and killed. */
async function holdInOtherProcess(folder: string): Promise<ChildProcess> {
  const path = join(folder, 'lock-1');
  const code = `require('net').createServer(s=>s.end(String(process.pid))).listen(process.argv[1],()=>console.log('up'))`;
  const child = spawn(process.execPath, ['-e', code, path], { stdio: ['ignore', 'pipe', 'inherit'] });
  await once(child.stdout!, 'data');
  return child;
}

async function kill(child: ChildProcess): Promise<void> {
  child.kill('SIGKILL');
  await once(child, 'exit');
}

describe('the lock on the data directory', () => {
  let folder: string;

  beforeEach(() => {
    folder = temporaryFolder('lock');
  });

  afterEach(() => removeFolder(folder));

  it('has one holder at a time, and is free again when it is given back', async () => {
    const unlock = await lockDirectory(folder);
    await expect(lockDirectory(folder)).rejects.toThrow(DirectoryLocked);
    await unlock();
    const again = await lockDirectory(folder);
    await again();
  });

  it('names the pid of the process that holds it', async () => {
    const holder = await holdInOtherProcess(folder);
    await expect(lockDirectory(folder)).rejects.toThrow(`process ${holder.pid}`);
    await kill(holder);
  });

  it('is not stolen from a process that is stopped', async () => {
    const holder = await holdInOtherProcess(folder);
    holder.kill('SIGSTOP');
    const started = performance.now();
    await expect(lockDirectory(folder)).rejects.toThrow('in use by another process');
    expect(performance.now() - started).toBeLessThan(10_000);
    await kill(holder);
  });

  it('is taken over from a killed process by exactly one of many starters', async () => {
    const holder = await holdInOtherProcess(folder);
    await kill(holder);
    const results = await Promise.allSettled(Array.from({ length: 20 }, () => lockDirectory(folder)));
    const held = results.filter((result) => result.status === 'fulfilled');
    expect(held).toHaveLength(1);
    const refusals = results.flatMap((result) => (result.status === 'rejected' ? [result.reason] : []));
    expect(refusals.every((reason) => reason instanceof DirectoryLocked)).toBe(true);
    await held[0]?.value();
  });

  it('leaves one file behind, however often it was taken', async () => {
    for (let i = 0; i < 5; i++) await (await lockDirectory(folder))();
    expect(readdirSync(folder)).toEqual(['lock-5']);
  });

  it('works in a directory whose path is too long for a socket', async () => {
    const deep = temporaryFolder(`lock-${'x'.repeat(120)}`);
    const unlock = await lockDirectory(deep);
    await expect(lockDirectory(deep)).rejects.toThrow(DirectoryLocked);
    await unlock();
    removeFolder(deep);
  });
});
