/** What is around every page: the navigation, whether the page is live, and the menus. */
import { AppShell, Burger, Group, NavLink, Text, UnstyledButton } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { useQuery } from '@tanstack/react-query';
import { type ReactNode, useEffect } from 'react';
import { Link, useLocation } from 'wouter';
import { useMay } from './client/me.tsx';
import { statusQuery } from './client/status.ts';
import { Icon } from './parts/icons.tsx';
import { useKeys } from './parts/keys.tsx';
import { KeysDialog } from './parts/keys-dialog.tsx';
import { LiveBadge } from './parts/live-badge.tsx';
import { Notice } from './parts/notice.tsx';
import { ShellMenu } from './parts/shell-menu.tsx';
import { type PageRoute, pageRoutes } from './routes.tsx';
import classes from './shell.module.css';
import { useText, wordFor } from './text/index.tsx';

export function Shell({ children }: { children: ReactNode }) {
  const text = useText();
  const [location] = useLocation();
  const [menu, { toggle, close }] = useDisclosure();
  const [keys, keysDialog] = useDisclosure();
  useKeys({ '?': keysDialog.open });
  // biome-ignore lint/correctness/useExhaustiveDependencies: a new address closes the menu
  useEffect(close, [location]);
  return (
    <AppShell
      header={{ height: 48 }}
      navbar={{ width: 196, breakpoint: 'sm', collapsed: { mobile: !menu } }}
      padding={{ base: 'xs', sm: 'md' }}
    >
      <button type="button" className={classes.skip} onClick={() => document.getElementById('content')?.focus()}>
        {text.common.skip}
      </button>
      <AppShell.Header className={classes.bar}>
        <Group h="100%" px="sm" justify="space-between" wrap="nowrap" gap="xs">
          <Group gap="xs" wrap="nowrap">
            <Burger
              opened={menu}
              onClick={toggle}
              hiddenFrom="sm"
              size="sm"
              aria-label={text.common.menu}
              aria-expanded={menu}
            />
            <Link href="/" className={classes.brand}>
              {text.common.name}
            </Link>
          </Group>
          <Group gap="xs" wrap="nowrap">
            <LiveBadge />
            <UnstyledButton
              className={classes.icon}
              onClick={keysDialog.open}
              aria-label={text.shell.keys}
              title={text.shell.keys}
              visibleFrom="sm"
            >
              <Icon name="keyboard" size={18} />
            </UnstyledButton>
            <ShellMenu />
          </Group>
        </Group>
      </AppShell.Header>
      <AppShell.Navbar className={classes.nav} data-open={menu} p="xs" aria-label={text.nav.main}>
        {pageRoutes.map((route) => (
          <PageLink key={route.path} route={route} />
        ))}
        <SiteFoot />
      </AppShell.Navbar>
      <AppShell.Main id="content" tabIndex={-1} className={classes.main}>
        <MuteChannels />
        {children}
      </AppShell.Main>
      <KeysDialog opened={keys} onClose={keysDialog.close} />
    </AppShell>
  );
}

function PageLink({ route: { path, name, icon, role = 'viewer' } }: { route: PageRoute }) {
  const { nav } = useText();
  const [location] = useLocation();
  const may = useMay(role);
  // What is below a page belongs to it: `/people/contacts/li.wei`.
  const here = location === path || (path !== '/' && location.startsWith(`${path}/`));
  if (icon === undefined || !may) return null;
  return (
    <NavLink
      component={Link}
      href={path}
      label={nav[name]}
      leftSection={<Icon name={icon} />}
      active={here}
      aria-current={here ? 'page' : undefined}
      className={classes.link}
    />
  );
}

function SiteFoot() {
  const { shell } = useText();
  const { data } = useQuery(statusQuery);
  if (data === undefined) return null;
  return (
    <Text size="xs" c="var(--mm-quiet)" mt="auto" px="xs">
      <bdi>{shell.site(data.site)}</bdi> · {data.version}
    </Text>
  );
}

/** Says plainly when messages reach nobody. */
function MuteChannels() {
  const { shell, channels, tag } = useText();
  const { data } = useQuery(statusQuery);
  const mute = (data?.channels ?? []).filter((channel) => channel.in_outbox > 0);
  if (mute.length === 0) return null;
  const names = new Intl.ListFormat(tag).format(mute.map(({ name }) => wordFor(channels, name)));
  return (
    <Notice>
      {shell.mute(names, mute.length)} <Link href="/first-run">{shell.configure}</Link>
    </Notice>
  );
}
