/** Installing Debian packages without letting Debian start their services. */
import { spawn } from 'node:child_process';
import { existsSync, renameSync, rmSync, writeFileSync } from 'node:fs';

const aptGet = '/usr/bin/apt-get';
/** invoke-rc.d asks this script before it starts a service; exit code 101 means "no". */
const policyFile = '/usr/sbin/policy-rc.d';
const savedPolicyFile = `${policyFile}.before-tests`;

/** Installs packages. Resolves with null, or with the reason why it could not; never throws. */
export async function installPackages(packages: readonly string[]): Promise<string | null> {
  if (!existsSync(aptGet)) return 'there is no apt-get here; install it by hand';
  if (process.getuid?.() !== 0) return `only root can install it: sudo apt-get install ${packages.join(' ')}`;
  console.log(`test support: installing ${packages.join(', ')} with apt-get`);
  const restorePolicy = forbidServiceStarts();
  try {
    await apt(['update', '-q']);
    await apt(['install', '-q', '-y', '--no-install-recommends', ...packages]);
    return null;
  } catch (error) {
    return (error as Error).message;
  } finally {
    restorePolicy();
  }
}

function forbidServiceStarts(): () => void {
  const hadPolicy = existsSync(policyFile);
  if (hadPolicy) renameSync(policyFile, savedPolicyFile);
  writeFileSync(policyFile, '#!/bin/sh\nexit 101\n', { mode: 0o755 });
  return () => {
    if (hadPolicy) renameSync(savedPolicyFile, policyFile);
    else rmSync(policyFile, { force: true });
  };
}

async function apt(args: readonly string[]): Promise<void> {
  console.log(`test support: apt-get ${args.join(' ')}`);
  const child = spawn(aptGet, args, {
    stdio: ['ignore', 'ignore', 'pipe'],
    env: { ...process.env, DEBIAN_FRONTEND: 'noninteractive', RUNLEVEL: '1' },
  });
  let complaints = '';
  child.stderr.on('data', (chunk: Buffer) => {
    complaints = (complaints + chunk.toString()).slice(-2_000);
  });
  const code = await new Promise<number | null>((resolve, reject) => {
    child.once('error', reject);
    child.once('close', resolve);
  });
  if (code !== 0) throw new Error(`apt-get ${args[0]} failed: ${complaints.trim().split('\n').at(-1) ?? code}`);
}
