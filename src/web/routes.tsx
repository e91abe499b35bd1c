/** Every page: one line each. Its code is loaded when somebody goes there. */
import { type ComponentType, type LazyExoticComponent, lazy, Suspense } from 'react';
import { Route, Switch, useLocation } from 'wouter';
import { useMay } from './client/me.tsx';
import type { Role } from './client/types.ts';
import type { IconName } from './parts/icons.tsx';
import { BeyondRole, Loading, NotFound } from './parts/states.tsx';
import { Stumble } from './parts/stumble.tsx';
import type { Text } from './text/index.tsx';

/** A page that has an `icon` is in the navigation, under its word of `text.nav`; for whoever has at least its `role`. */
export interface PageRoute {
  path: string;
  name: keyof Text['nav'];
  icon?: IconName;
  role?: Role;
  page: LazyExoticComponent<ComponentType>;
}

export const pageRoutes: readonly PageRoute[] = [
  { path: '/', name: 'now', icon: 'pulse', page: lazy(() => import('./pages/now/page.tsx')) },
  { path: '/heartbeats', name: 'heartbeats', icon: 'heart', page: lazy(() => import('./pages/heartbeats/page.tsx')) },
  { path: '/deliveries', name: 'deliveries', icon: 'send', page: lazy(() => import('./pages/deliveries/page.tsx')) },
  { path: '/explain', name: 'explain', icon: 'question', page: lazy(() => import('./pages/explain/page.tsx')) },
  { path: '/noise', name: 'noise', icon: 'speaker', page: lazy(() => import('./pages/noise/page.tsx')) },
  {
    path: '/consistency',
    name: 'consistency',
    icon: 'check',
    page: lazy(() => import('./pages/consistency/page.tsx')),
  },
  { path: '/schedules', name: 'schedules', icon: 'clock', page: lazy(() => import('./pages/schedules/page.tsx')) },
  // `/schedules/new` too.
  { path: '/schedules/:name', name: 'schedules', page: lazy(() => import('./pages/schedules/one.tsx')) },
  { path: '/silences', name: 'silences', icon: 'mute', page: lazy(() => import('./pages/silences/page.tsx')) },
  { path: '/silences/new', name: 'newSilence', page: lazy(() => import('./pages/silences/new.tsx')) },
  { path: '/silences/:id', name: 'silence', page: lazy(() => import('./pages/silences/one.tsx')) },
  { path: '/time-intervals', name: 'timeIntervals', page: lazy(() => import('./pages/time-intervals/page.tsx')) },
  // `/time-intervals/new` too.
  { path: '/time-intervals/:name', name: 'timeInterval', page: lazy(() => import('./pages/time-intervals/one.tsx')) },
  { path: '/inhibition-rules', name: 'inhibitionRules', page: lazy(() => import('./pages/inhibition-rules/page.tsx')) },
  // `/inhibition-rules/new` too.
  {
    path: '/inhibition-rules/:name',
    name: 'inhibitionRule',
    page: lazy(() => import('./pages/inhibition-rules/one.tsx')),
  },
  { path: '/daily-messages', name: 'dailyMessages', page: lazy(() => import('./pages/daily-messages/page.tsx')) },
  // `/daily-messages/new` too.
  { path: '/daily-messages/:name', name: 'dailyMessage', page: lazy(() => import('./pages/daily-messages/one.tsx')) },
  { path: '/first-run', name: 'firstRun', page: lazy(() => import('./pages/first-run/page.tsx')) },
  {
    path: '/alert-groups',
    name: 'alertGroups',
    icon: 'group',
    page: lazy(() => import('./pages/alert-groups/page.tsx')),
  },
  // `/alert-groups/new` too.
  { path: '/alert-groups/:name', name: 'alertGroup', page: lazy(() => import('./pages/alert-group/page.tsx')) },
  { path: '/backtest', name: 'backtest', role: 'editor', page: lazy(() => import('./pages/backtests/page.tsx')) },
  { path: '/people', name: 'people', icon: 'people', page: lazy(() => import('./pages/people/page.tsx')) },
  { path: '/sources', name: 'sources', icon: 'source', page: lazy(() => import('./pages/sources/page.tsx')) },
  { path: '/peers', name: 'peers', icon: 'peers', page: lazy(() => import('./pages/peers/page.tsx')) },
  // `…/new` too.
  { path: '/people/contacts/:name', name: 'people', page: lazy(() => import('./pages/people/contact.tsx')) },
  { path: '/people/robots/:name', name: 'people', page: lazy(() => import('./pages/people/room.tsx')) },
  { path: '/heartbeats/:name', name: 'heartbeats', page: lazy(() => import('./pages/heartbeats/one.tsx')) },
  { path: '/sources/:name', name: 'sources', page: lazy(() => import('./pages/sources/one.tsx')) },
  { path: '/peers/:name', name: 'peers', page: lazy(() => import('./pages/peers/one.tsx')) },
  { path: '/audit', name: 'audit', icon: 'audit', role: 'admin', page: lazy(() => import('./pages/audit/page.tsx')) },
  { path: '/users', name: 'users', icon: 'key', role: 'admin', page: lazy(() => import('./pages/users/page.tsx')) },
  { path: '/account', name: 'account', page: lazy(() => import('./pages/account/page.tsx')) },
  { path: '/incidents/:id', name: 'incident', page: lazy(() => import('./pages/incident/page.tsx')) },
  { path: '/alerts/:fingerprint', name: 'alert', page: lazy(() => import('./pages/alert/page.tsx')) },
];

export function Routes() {
  const [location] = useLocation();
  return (
    <Stumble key={location}>
      <Suspense fallback={<Loading />}>
        <Switch>
          {pageRoutes.map((route) => (
            <Route key={route.path} path={route.path}>
              <Admitted route={route} />
            </Route>
          ))}
          <Route>
            <NotFound />
          </Route>
        </Switch>
      </Suspense>
    </Stumble>
  );
}

/** The page, or the plain word that it is for others. */
function Admitted({ route: { page: Page, role = 'viewer' } }: { route: PageRoute }) {
  return useMay(role) ? <Page /> : <BeyondRole needs={role} />;
}
