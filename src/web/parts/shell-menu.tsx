import { type MantineColorScheme, Menu, UnstyledButton, useMantineColorScheme } from '@mantine/core';
import { Link } from 'wouter';
import { useMay, useMe } from '../client/me.tsx';
import { signOut } from '../client/session.ts';
import classes from '../shell.module.css';
import { type Language, languages, useSpeech } from '../text/index.tsx';
import { Icon } from './icons.tsx';

const schemes = ['light', 'dark', 'auto'] as const;

/** Who is signed in, and how the page looks and speaks. */
export function ShellMenu() {
  const { text, language, speak } = useSpeech();
  const { colorScheme, setColorScheme } = useMantineColorScheme();
  const me = useMe();
  const editor = useMay('editor');
  return (
    <Menu position="bottom-end" width={220} withInitialFocusPlaceholder={false}>
      <Menu.Target>
        <UnstyledButton className={classes.icon} aria-label={text.shell.account} title={text.shell.account}>
          <Icon name="user" size={18} />
        </UnstyledButton>
      </Menu.Target>
      <Menu.Dropdown>
        <Menu.Label>
          <bdi>{text.shell.signedInAs(me.display_name || me.name, text.roles[me.role])}</bdi>
        </Menu.Label>
        <Menu.Divider />
        <Menu.Label>{text.shell.appearance}</Menu.Label>
        <Menu.RadioGroup value={colorScheme} onChange={(scheme) => setColorScheme(scheme as MantineColorScheme)}>
          {schemes.map((scheme) => (
            <Menu.RadioItem key={scheme} value={scheme}>
              {text.shell[scheme]}
            </Menu.RadioItem>
          ))}
        </Menu.RadioGroup>
        <Menu.Divider />
        <Menu.Label>{text.shell.language}</Menu.Label>
        <Menu.RadioGroup value={language} onChange={(chosen) => speak(chosen as Language)}>
          {languages.map(({ value, label }) => (
            <Menu.RadioItem key={value} value={value} closeMenuOnClick>
              <span lang={value}>{label}</span>
            </Menu.RadioItem>
          ))}
        </Menu.RadioGroup>
        <Menu.Divider />
        {editor && (
          <Menu.Item component={Link} href="/first-run">
            {text.nav.firstRun}
          </Menu.Item>
        )}
        <Menu.Item component={Link} href="/account">
          {text.nav.account}
        </Menu.Item>
        <Menu.Item onClick={() => signOut()}>{text.shell.signOut}</Menu.Item>
      </Menu.Dropdown>
    </Menu>
  );
}
