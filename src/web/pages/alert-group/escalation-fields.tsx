/** Who is told next when nobody acknowledges. */
import { Button, Fieldset, Group, Stack, Text } from '@mantine/core';
import { useFault } from '../../parts/fault.ts';
import { useText } from '../../text/index.tsx';
import type { StepDraft } from './draft.ts';
import { DurationField } from './duration-field.tsx';
import { NamesField } from './names-field.tsx';

interface Props {
  steps: StepDraft[];
  onChange: (steps: StepDraft[]) => void;
}

/** The schema allows no more. */
const stepsAtMost = 10;

export function EscalationFields({ steps, onChange }: Props) {
  const { alertGroup: words } = useText();
  const fault = useFault('escalation');
  return (
    <Fieldset legend={words.escalation}>
      <Text size="xs" c="var(--mm-quiet)">
        {words.escalationHint}
      </Text>
      <Stack gap="sm" mt="xs" align="stretch">
        {steps.map((step, at) => (
          <StepFields
            key={step.key}
            at={at}
            step={step}
            onChange={(changed) => onChange(steps.map((one) => (one.key === step.key ? changed : one)))}
            onRemove={() => onChange(steps.filter((one) => one.key !== step.key))}
          />
        ))}
        {fault !== undefined && (
          <Text size="xs" c="var(--mantine-color-error)">
            {fault}
          </Text>
        )}
        {steps.length < stepsAtMost && (
          <Group>
            <Button size="compact-sm" variant="default" onClick={() => onChange([...steps, nextStep(steps)])}>
              {words.addStep}
            </Button>
          </Group>
        )}
      </Stack>
    </Fieldset>
  );
}

/** A quarter of an hour for each so far. */
function nextStep(steps: readonly StepDraft[]): StepDraft {
  const key = Math.max(0, ...steps.map((step) => step.key + 1));
  return { key, after: `${15 * (steps.length + 1)}m`, members: [], schedules: [], robots: [] };
}

interface StepProps {
  at: number;
  step: StepDraft;
  onChange: (step: StepDraft) => void;
  onRemove: () => void;
}

function StepFields({ at, step, onChange, onRemove }: StepProps) {
  const { alertGroup: words } = useText();
  const path = `escalation[${at}]`;
  const change = (part: Partial<StepDraft>) => onChange({ ...step, ...part });
  return (
    <Fieldset legend={words.step(at + 1)}>
      <Stack gap="sm" align="stretch">
        <DurationField
          path={`${path}.after`}
          label={words.after}
          hint={words.afterHint}
          value={step.after}
          onChange={(after) => change({ after })}
        />
        <NamesField
          kind="contacts"
          label={words.members}
          hint={words.stepMembersHint}
          value={step.members}
          onChange={(members) => change({ members })}
          error={useFault(`${path}.members`)}
        />
        <NamesField
          kind="schedules"
          label={words.schedules}
          hint={words.stepSchedulesHint}
          value={step.schedules}
          onChange={(schedules) => change({ schedules })}
          error={useFault(`${path}.schedules`)}
        />
        <NamesField
          kind="robots"
          label={words.rooms}
          hint={words.roomsHint}
          value={step.robots}
          onChange={(robots) => change({ robots })}
          error={useFault(`${path}.robots`)}
        />
        <Group>
          <Button size="compact-sm" variant="subtle" color="red" onClick={onRemove}>
            {words.removeStep(at + 1)}
          </Button>
        </Group>
      </Stack>
    </Fieldset>
  );
}
