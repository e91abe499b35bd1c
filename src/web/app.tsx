/** The page as a whole, and what all of it uses. */
import { MantineProvider } from '@mantine/core';
import { Notifications } from '@mantine/notifications';
import { QueryClient, QueryClientProvider } from '@tanstack/react-query';
import { Router } from 'wouter';
import { ApiError } from './client/request.ts';
import { Gate } from './gate.tsx';
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
