import { createContext, useContext } from 'react';
import { mayDo } from './session.ts';
import type { Me, Role } from './types.ts';

export const MeContext = createContext<Me | null>(null);

/** Who is signed in. */
export function useMe(): Me {
  const me = useContext(MeContext);
  if (me === null) throw new Error('nobody is signed in here');
  return me;
}

/** Whether who is signed in may do what needs this role. The service checks it again. */
export function useMay(needs: Role): boolean {
  return mayDo(useMe().role, needs);
}
