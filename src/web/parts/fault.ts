/** What the service finds wrong with what was sent, field by field. */
import { createContext, useContext } from 'react';
import type { Fault } from '../client/request.ts';

export const FaultContext = createContext<readonly Fault[]>([]);

/** What is wrong with the field `path` of the body (`policy.group_wait`) or with a part of it (`matchers[1]`). */
export function useFault(path: string): string | undefined {
  const own = useContext(FaultContext).filter((fault) => fault.in === 'body' && belongs(fault.path, path));
  return own.length === 0 ? undefined : own.map((fault) => fault.message).join('; ');
}

function belongs(at: string, path: string): boolean {
  return at === path || at.startsWith(`${path}.`) || at.startsWith(`${path}[`);
}
