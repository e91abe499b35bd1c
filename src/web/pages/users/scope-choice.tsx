/** What a token may do of what its role may. */
import { Checkbox, Input, Radio, SimpleGrid, Stack } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { scopesQuery } from '../../client/tokens.ts';
import { Read } from '../../parts/read.tsx';
import { useText, wordFor } from '../../text/index.tsx';
import type { Choice } from './scopes.ts';

interface Props {
  choice: Choice;
  onChange: (choice: Choice) => void;
  error: string | undefined;
}

const modes = ['all', 'read', 'chosen'] as const;

export function ScopeChoice({ choice, onChange, error }: Props) {
  const { users: words } = useText();
  return (
    <>
      <Radio.Group
        label={words.scopes}
        value={choice.mode}
        onChange={(mode) => onChange({ ...choice, mode: mode as Choice['mode'] })}
      >
        <Stack gap={6} mt={6}>
          {modes.map((mode) => (
            <Radio key={mode} value={mode} label={words.scopeChoices[mode]} />
          ))}
        </Stack>
      </Radio.Group>
      {choice.mode === 'chosen' && <Chosen choice={choice} onChange={onChange} error={error} />}
    </>
  );
}

function Chosen({ choice, onChange, error }: Props) {
  const { users: words } = useText();
  const query = useQuery(scopesQuery);
  return (
    <Stack gap="xs" ms={28}>
      <Checkbox.Group
        aria-label={words.scopeChoices.chosen}
        value={choice.about}
        onChange={(about) => onChange({ ...choice, about })}
      >
        <Read query={query}>
          {(scopes) => (
            <SimpleGrid cols={2} spacing="xs" verticalSpacing="xs">
              {scopes.map((scope) => (
                <Checkbox key={scope} value={scope} label={wordFor(words.scopeWords, scope)} />
              ))}
            </SimpleGrid>
          )}
        </Read>
      </Checkbox.Group>
      {error !== undefined && <Input.Error role="alert">{error}</Input.Error>}
      <Checkbox
        label={words.onlyRead}
        checked={choice.onlyRead}
        onChange={(event) => onChange({ ...choice, onlyRead: event.currentTarget.checked })}
      />
    </Stack>
  );
}
