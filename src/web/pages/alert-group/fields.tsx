/** The fields of an alert group. */
import { Checkbox, Group, Stack, Switch, Text, TextInput, Title } from '@mantine/core';
import { type ReactNode, useContext } from 'react';
import { FaultContext, useFault } from '../../parts/fault.ts';
import { MatchersField, matchersOf } from '../../parts/matchers-field.tsx';
import { useText } from '../../text/index.tsx';
import { EscalationFields } from './escalation-fields.tsx';
import { NamesField } from './names-field.tsx';
import { PolicyFields } from './policy-fields.tsx';
import type { GroupEditor } from './use-editor.ts';
import type { Previewed } from './use-preview.ts';

interface Props {
  editor: GroupEditor;
  previewed: Previewed;
}

/** What the preview finds wrong is of now; of what was refused when saving, it cannot know the name. */
export function Fields({ editor, previewed: { faults } }: Props) {
  const { alertGroup: words } = useText();
  const refused = useContext(FaultContext);
  const current = faults === null ? refused : [...faults, ...refused.filter(({ path }) => path === 'name')];
  const { draft, change } = editor;
  return (
    <FaultContext.Provider value={current}>
      <Part title={words.what}>
        {editor.base?.builtin ? <Text size="sm">{words.builtinName}</Text> : <What editor={editor} />}
      </Part>
      <Part title={words.who}>
        <Who editor={editor} />
      </Part>
      <Part title={words.when}>
        <PolicyFields policy={draft.policy} onChange={(policy) => change({ policy })} />
      </Part>
    </FaultContext.Provider>
  );
}

function Part({ title, children }: { title: string; children: ReactNode }) {
  return (
    <Stack gap="sm" component="section" aria-label={title} mb="xs">
      <Title order={3}>{title}</Title>
      {children}
    </Stack>
  );
}

function What({ editor: { draft, change } }: { editor: GroupEditor }) {
  const { alertGroup: words } = useText();
  return (
    <>
      <TextInput
        label={words.name}
        placeholder={words.namePlaceholder}
        value={draft.name}
        onChange={(event) => change({ name: event.currentTarget.value })}
        error={useFault('name')}
        maxLength={100}
        withAsterisk
      />
      <MatchersField value={draft.matchers} onChange={(matchers) => change({ matchers })} />
      {matchersOf(draft.matchers).length === 0 && (
        <Text size="sm" c="var(--mm-quiet)">
          {words.noMatchers}
        </Text>
      )}
      <Switch
        label={words.continue}
        description={words.continueHint}
        checked={draft.continue}
        onChange={(event) => change({ continue: event.currentTarget.checked })}
      />
    </>
  );
}

function Who({ editor: { draft, change } }: { editor: GroupEditor }) {
  const { alertGroup: words, channels } = useText();
  return (
    <>
      <NamesField
        kind="contacts"
        label={words.members}
        hint={words.membersHint}
        value={draft.members}
        onChange={(members) => change({ members })}
        error={useFault('members')}
      />
      <NamesField
        kind="schedules"
        label={words.schedules}
        hint={words.schedulesHint}
        value={draft.schedules}
        onChange={(schedules) => change({ schedules })}
        error={useFault('schedules')}
      />
      <Checkbox.Group
        label={words.channels}
        value={draft.channels}
        onChange={(chosen) => change({ channels: chosen })}
        error={useFault('channels') ?? (draft.channels.length === 0 ? words.noChannels : undefined)}
      >
        <Group gap="md" mt={6}>
          {['email', 'wecom-app'].map((channel) => (
            <Checkbox key={channel} value={channel} label={channels[channel]} />
          ))}
        </Group>
      </Checkbox.Group>
      <NamesField
        kind="robots"
        label={words.rooms}
        hint={words.roomsHint}
        value={draft.robots}
        onChange={(robots) => change({ robots })}
        error={useFault('robots')}
      />
      <EscalationFields steps={draft.escalation} onChange={(escalation) => change({ escalation })} />
    </>
  );
}
