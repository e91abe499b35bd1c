/** Who is let in. Whoever is not signed in sees the sign-in at the address where they wanted to be, and is there afterwards. */
import { Modal } from '@mantine/core';
import { type QueryClient, useQuery, useQueryClient } from '@tanstack/react-query';
import { useEffect, useState } from 'react';
import { useLocation } from 'wouter';
import { forgetCredential, onSignedOut } from './client/credential.ts';
import { onLeft } from './client/leaving.ts';
import { startLive } from './client/live.ts';
import { MeContext } from './client/me.tsx';
import { takeTarget, whoIsSignedIn } from './client/session.ts';
import type { Me } from './client/types.ts';
import { SignInPage } from './pages/sign-in/page.tsx';
import { Failure, Loading } from './parts/states.tsx';
import { Routes } from './routes.tsx';
import { Shell } from './shell.tsx';
import { useText } from './text/index.tsx';

/** `ended`: the service does not know them any more. What they typed waits behind the sign-in until they are back. */
type Session = Me & { ended?: boolean };

const key = ['me'];
const ended = (before: Session): Session => ({ ...before, ended: true });
const isSame = (a: Me, b: Me) => a.account === b.account && a.name === b.name;

export function Gate() {
  const { session, turn, error, retry, takeIn } = useSession();
  const [, navigate] = useLocation();
  const signedIn = session !== undefined && session !== null && session.ended !== true;
  const queries = useQueryClient();
  useEffect(() => (signedIn ? startLive(queries) : undefined), [signedIn, queries]);
  useEffect(() => {
    const target = signedIn ? takeTarget() : null;
    if (target !== null) navigate(target, { replace: true });
  }, [signedIn, navigate]);

  if (session === undefined) return error === null ? <Loading /> : <Failure error={error} onRetry={retry} />;
  if (session === null) return <SignInPage onSignedIn={takeIn} />;
  return (
    <MeContext.Provider value={session}>
      <div inert={!signedIn}>
        <Shell key={turn}>
          <Routes />
        </Shell>
      </div>
      {!signedIn && <SignInAgain onSignedIn={takeIn} />}
    </MeContext.Provider>
  );
}

/** Whoever sits down here next must not see what this one was shown, nor a token that was shown once. */
function forgetAll(queries: QueryClient): void {
  queries.removeQueries({ predicate: ({ queryKey }) => queryKey[0] !== key[0] });
  queries.getMutationCache().clear();
}

/** Undefined: it is not known yet. Null: nobody is signed in. `turn` is another one for each person who uses the page after another. */
function useSession() {
  const queries = useQueryClient();
  const [turn, setTurn] = useState(0);
  const known = (who: Me): Session => {
    const before = queries.getQueryData<Session | null>(key);
    if (before && !isSame(before, who)) {
      forgetAll(queries);
      setTurn((n) => n + 1);
    }
    return who;
  };
  const me = useQuery({
    queryKey: key,
    queryFn: async (): Promise<Session | null> => {
      const who = await whoIsSignedIn();
      if (who !== null) return known(who);
      const before = queries.getQueryData<Session | null>(key);
      return before ? ended(before) : null;
    },
    // Whoever has signed in again in another tab goes on here.
    staleTime: ({ state }) => (state.data && !state.data.ended ? 5 * 60_000 : 0),
  });
  useEffect(
    () => onSignedOut(() => queries.setQueryData<Session | null>(key, (before) => before && ended(before))),
    [queries],
  );
  useEffect(
    () =>
      onLeft(() => {
        forgetCredential();
        queries.setQueryData<Session | null>(key, null);
        forgetAll(queries);
      }),
    [queries],
  );
  return {
    ...{ session: me.data, turn, error: me.error, retry: me.refetch },
    takeIn: (who: Me) => queries.setQueryData<Session | null>(key, known(who)),
  };
}

/** Above the page, which stays as it is: nobody sees it meanwhile. */
function SignInAgain({ onSignedIn }: { onSignedIn: (who: Me) => void }) {
  const { signIn } = useText();
  return (
    <Modal
      opened
      fullScreen
      aria-label={signIn.title}
      withCloseButton={false}
      closeOnEscape={false}
      onClose={() => {}}
      zIndex={1_000}
      transitionProps={{ duration: 0 }}
    >
      <SignInPage again onSignedIn={onSignedIn} />
    </Modal>
  );
}
