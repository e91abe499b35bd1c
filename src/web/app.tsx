/** The page as a whole: what is around every route, and who is let in. */
import { MantineProvider } from '@mantine/core';
import { Notifications } from '@mantine/notifications';
import { QueryClient, QueryClientProvider, useQuery, useQueryClient } from '@tanstack/react-query';
import { useEffect, useState } from 'react';
import { Router, useLocation } from 'wouter';
import { onSignedOut } from './client/credential.ts';
import { startLive } from './client/live.ts';
import { MeContext } from './client/me.tsx';
import { ApiError } from './client/request.ts';
import { takeTarget, whoIsSignedIn } from './client/session.ts';
import { SignInPage } from './pages/sign-in/page.tsx';
import { Failure, Loading } from './parts/states.tsx';
import { Routes } from './routes.tsx';
import { Shell } from './shell.tsx';
import { type Language, type Text, TextProvider } from './text/index.tsx';
import { readable, theme } from './theme.ts';

const client = new QueryClient({
  defaultOptions: {
    queries: {
      staleTime: 10_000,
      retry: (count, error) => count < 2 && error instanceof ApiError && (error.status === 0 || error.status >= 500),
    },
  },
});

/** The path under which a reverse proxy has put the service; empty at the root. */
const base = new URL(document.baseURI).pathname.replace(/\/+$/, '');

export function App({ first, nonce }: { first: { language: Language; text: Text }; nonce: string }) {
  return (
    <MantineProvider
      theme={theme}
      cssVariablesResolver={readable}
      defaultColorScheme="auto"
      getStyleNonce={() => nonce}
    >
      <TextProvider first={first}>
        <QueryClientProvider client={client}>
          <Router base={base}>
            <Gate />
          </Router>
          <Notifications position="bottom-right" autoClose={5_000} />
        </QueryClientProvider>
      </TextProvider>
    </MantineProvider>
  );
}

/** Whoever is not signed in sees the sign-in at the address where they wanted to be, and is there afterwards. */
function Gate() {
  const queries = useQueryClient();
  const [ended, setEnded] = useState(false);
  const [, navigate] = useLocation();
  const me = useQuery({ queryKey: ['me'], queryFn: whoIsSignedIn, staleTime: 5 * 60_000 });
  const signedIn = me.data !== undefined && me.data !== null;

  useEffect(
    () =>
      onSignedOut(() => {
        if (!queries.getQueryData(['me'])) return;
        setEnded(true);
        queries.setQueryData(['me'], null);
      }),
    [queries],
  );
  useEffect(() => (signedIn ? startLive(queries) : undefined), [signedIn, queries]);
  useEffect(() => {
    const target = signedIn ? takeTarget() : null;
    if (target !== null) navigate(target, { replace: true });
  }, [signedIn, navigate]);

  if (me.isPending) return <Loading />;
  if (me.data === undefined) return <Failure error={me.error} onRetry={() => me.refetch()} />;
  if (me.data === null) return <SignInPage ended={ended} />;
  return (
    <MeContext.Provider value={me.data}>
      <Shell>
        <Routes />
      </Shell>
    </MeContext.Provider>
  );
}
