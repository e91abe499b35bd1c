import { Menu, UnstyledButton, useMantineColorScheme } from '@mantine/core';
import { useQueryClient } from '@tanstack/react-query';
import { useMe } from '../client/me.tsx';
import { signOut } from '../client/session.ts';
import classes from '../shell.module.css';
import { languages, useSpeech } from '../text/index.tsx';
import { Icon } from './icons.tsx';

const schemes = ['light', 'dark', 'auto'] as const;

/** Who is signed in, and how the page looks and speaks. */
export function ShellMenu() {
  const { text, language, speak } = useSpeech();
  const { colorScheme, setColorScheme } = useMantineColorScheme();
  const me = useMe();
  const queries = useQueryClient();
  const leave = () => signOut().finally(() => queries.setQueryData(['me'], null));
  return (
    <Menu position="bottom-end" width={220}>
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
        {schemes.map((scheme) => (
          <Choice key={scheme} chosen={scheme === colorScheme} onChoose={() => setColorScheme(scheme)}>
            {text.shell[scheme]}
          </Choice>
        ))}
        <Menu.Divider />
        <Menu.Label>{text.shell.language}</Menu.Label>
        {languages.map(({ value, label }) => (
          <Choice key={value} chosen={value === language} onChoose={() => speak(value)}>
            <span lang={value}>{label}</span>
          </Choice>
        ))}
        <Menu.Divider />
        <Menu.Item onClick={leave}>{text.shell.signOut}</Menu.Item>
      </Menu.Dropdown>
    </Menu>
  );
}

function Choice(props: { chosen: boolean; onChoose: () => void; children: React.ReactNode }) {
  return (
    <Menu.Item
      role="menuitemradio"
      aria-checked={props.chosen}
      onClick={props.onChoose}
      rightSection={props.chosen ? <Icon name="check" /> : null}
    >
      {props.children}
    </Menu.Item>
  );
}
