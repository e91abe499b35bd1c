/** A new token: for what, what it may do, and for how long. */
import { Alert, Button, Group, Input, Modal, SegmentedControl, Stack, Text, TextInput } from '@mantine/core';
import { type FormEvent, useState } from 'react';
import { ApiError } from '../../client/request.ts';
import { serverNow } from '../../client/server-time.ts';
import { makeToken } from '../../client/tokens.ts';
import type { Role } from '../../client/types.ts';
import { Icon } from '../../parts/icons.tsx';
import { errorWords } from '../../parts/states.tsx';
import { absolute } from '../../parts/time.tsx';
import { useAction } from '../../parts/use-action.ts';
import { useText } from '../../text/index.tsx';
import { RoleChoice } from './role-choice.tsx';
import { ScopeChoice } from './scope-choice.tsx';
import { allScopes, scopesOf } from './scopes.ts';

interface Props {
  opened: boolean;
  onClose: () => void;
  onMade: (made: { token: string }) => void;
}

export function TokenDialog({ opened, onClose, onMade }: Props) {
  const { users: words, common } = useText();
  return (
    <Modal
      opened={opened}
      onClose={onClose}
      title={words.newToken}
      closeOnClickOutside={false}
      closeButtonProps={{ 'aria-label': common.close }}
    >
      {opened && <TokenForm onClose={onClose} onMade={onMade} />}
    </Modal>
  );
}

const dayMs = 86_400_000;
const presets = [30, 90, 365];

function TokenForm({ onClose, onMade }: Omit<Props, 'opened'>) {
  const text = useText();
  const { users: words, common } = text;
  const [name, setName] = useState('');
  const [role, setRole] = useState<Role>('viewer');
  const [choice, setChoice] = useState(allScopes);
  const [days, setDays] = useState<number | null>(90);
  const [tried, setTried] = useState(false);
  const scopes = scopesOf(choice);
  const making = useAction(makeToken, { kinds: ['config'], quiet: true });
  const submit = (event: FormEvent) => {
    event.preventDefault();
    setTried(true);
    if (scopes?.length === 0) return;
    const expires_at = days === null ? null : new Date(serverNow() + days * dayMs).toISOString();
    making.mutate({ name: name.trim(), role, scopes, expires_at }, { onSuccess: onMade });
  };
  const nameFault = making.error instanceof ApiError && making.error.faults.find((fault) => fault.path === 'name');
  return (
    <form onSubmit={submit}>
      <Stack gap="sm">
        <TextInput
          label={words.tokenName}
          description={words.tokenNameHint}
          value={name}
          onChange={(event) => setName(event.currentTarget.value)}
          error={nameFault ? nameFault.message : undefined}
          maxLength={100}
          required
          data-autofocus
          autoComplete="off"
        />
        <RoleChoice value={role} onChange={setRole} />
        <ScopeChoice
          choice={choice}
          onChange={setChoice}
          error={tried && scopes?.length === 0 ? words.scopesNeeded : undefined}
        />
        <Expiry days={days} onChange={setDays} />
        {making.error !== null && (
          <Alert color="red" title={text.errors.title} icon={<Icon name="warning" />} role="alert">
            <bdi>{errorWords(making.error, text)}</bdi>
          </Alert>
        )}
        <Group justify="flex-end">
          <Button variant="default" onClick={onClose}>
            {common.cancel}
          </Button>
          <Button type="submit" loading={making.isPending}>
            {words.make}
          </Button>
        </Group>
      </Stack>
    </form>
  );
}

function Expiry({ days, onChange }: { days: number | null; onChange: (days: number | null) => void }) {
  const text = useText();
  const { users: words } = text;
  return (
    <div>
      <Input.Label labelElement="div" id="token-expiry">
        {words.expiry}
      </Input.Label>
      <br />
      <SegmentedControl
        aria-labelledby="token-expiry"
        value={String(days)}
        onChange={(value) => onChange(value === 'null' ? null : Number(value))}
        data={[
          ...presets.map((n) => ({ value: String(n), label: words.expiries(n) })),
          { value: 'null', label: words.never },
        ]}
      />
      <Text size="xs" c="var(--mm-quiet)" mt={4}>
        {days === null ? words.noEnd : words.until(absolute(serverNow() + days * dayMs, text))}
      </Text>
    </div>
  );
}
