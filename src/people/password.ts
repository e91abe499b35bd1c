/** Passwords: argon2id, at the parameters that OWASP names, on threads beside the event loop. */
import { hash, verify } from '@node-rs/argon2';
import { z } from 'zod';
import { HttpProblem } from '../http/problem.ts';

/** A password that somebody chooses. */
export const newPassword = z
  .string()
  .min(12, 'must have at least 12 characters')
  .max(200, 'must have at most 200 characters');

/** Each takes 19 MiB for as long as it is computed or waits. */
const maxAtOnce = 16;
let atOnce = 0;

/** The hash of a password, in the PHC form. @throws HttpProblem 503 when too many are asked for at once */
export function hashPassword(password: string): Promise<string> {
  return limited(() => hash(password.normalize('NFKC')));
}

/** A hash that no password has: what an unknown name is compared with, so that it takes as long as a known one. */
let nobodysHash: Promise<string> | null = null;

/** Whether it is the password; takes the same time when there is none. @throws HttpProblem 503 */
export async function isPassword(password: string, hashed: string | null): Promise<boolean> {
  nobodysHash ??= hash(crypto.randomUUID());
  const against = hashed ?? (await nobodysHash);
  const same = await limited(() => verify(against, password.normalize('NFKC')));
  return same && hashed !== null;
}

async function limited<T>(work: () => Promise<T>): Promise<T> {
  if (atOnce >= maxAtOnce) {
    throw new HttpProblem(503, 'Too many people sign in at once; try again.', { headers: { 'Retry-After': '1' } });
  }
  atOnce += 1;
  try {
    return await work();
  } finally {
    atOnce -= 1;
  }
}
