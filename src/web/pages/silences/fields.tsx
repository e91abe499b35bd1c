/** The fields of a silence. */
import { Button, Group, NativeSelect, Stack, Text, TextInput } from '@mantine/core';
import { Fragment } from 'react';
import { serverNow } from '../../client/server-time.ts';
import { useFault } from '../../parts/fault.ts';
import { zoneName } from '../../parts/local-time.ts';
import { MatcherRows } from '../../parts/matcher-rows.tsx';
import { clock, span as spanWords } from '../../parts/time.tsx';
import { useText } from '../../text/index.tsx';
import { endOf, type MatcherSet, type SilenceFields, type Span, setOf, setTexts, spans, startOf } from './draft.ts';

/** Lists of matchers, one of which must match wholly. */
export function MatcherSets({ sets, onChange }: { sets: MatcherSet[]; onChange: (sets: MatcherSet[]) => void }) {
  const { silence: words } = useText();
  const fault = useFault('matchers');
  const add = () => onChange([...sets, setOf([], Math.max(...sets.map(({ key }) => key)) + 1)]);
  return (
    <Stack gap="sm" align="flex-start">
      {sets.map(({ key, rows }, at) => (
        <Fragment key={key}>
          {at > 0 && (
            <Text size="sm" fw={600}>
              {words.or}
            </Text>
          )}
          <MatcherRows
            legend={sets.length === 1 ? words.allOf : words.set(at + 1)}
            rows={rows}
            onChange={(changed) => onChange(sets.map((set) => (set.key === key ? { key, rows: changed } : set)))}
          />
          {sets.length > 1 && (
            <Button
              size="compact-sm"
              variant="subtle"
              color="red"
              onClick={() => onChange(sets.filter((set) => set.key !== key))}
            >
              {words.removeSet(at + 1)}
            </Button>
          )}
        </Fragment>
      ))}
      <Button size="compact-sm" variant="default" onClick={add}>
        {words.addSet}
      </Button>
      {fault !== undefined && (
        <Text size="sm" c="var(--mm-fresh)">
          <bdi>{setTexts({ sets }).length === 0 ? words.matchersNeeded : fault}</bdi>
        </Text>
      )}
    </Stack>
  );
}

interface Props {
  fields: SilenceFields;
  onChange: (part: Partial<SilenceFields>) => void;
}

export function When({ fields, onChange }: Props) {
  const text = useText();
  const { silence: words } = text;
  const now = serverNow();
  const end = endOf(fields, now);
  const startFault = useFault('starts_at');
  return (
    <Stack gap="sm">
      <Group align="flex-start" gap="sm">
        <NativeSelect
          label={words.starts}
          value={fields.later ? 'later' : 'now'}
          onChange={(event) => onChange({ later: event.currentTarget.value === 'later' })}
          data={[
            { value: 'now', label: words.startsNow },
            { value: 'later', label: words.startsAt },
          ]}
        />
        {fields.later && (
          <TextInput
            type="datetime-local"
            label={words.startTime}
            value={fields.starts}
            error={startFault}
            onChange={(event) => onChange({ starts: event.currentTarget.value })}
          />
        )}
      </Group>
      <End fields={fields} onChange={onChange} />
      <Text size="sm" c="var(--mm-quiet)">
        {end !== null && `${words.until(clock(end, text))} (${spanWords(end - startOf(fields, now), text)}). `}
        {words.zone(zoneName(now))}
      </Text>
    </Stack>
  );
}

function End({ fields, onChange }: Props) {
  const { silence: words } = useText();
  const faults = [useFault('ends_at'), useFault('duration')].filter((fault) => fault !== undefined);
  const typed = fields.span === 'until' ? fields.ends : fields.duration;
  const error = faults.length === 0 ? undefined : typed.trim() === '' ? words.endNeeded : faults.join('; ');
  return (
    <Group align="flex-start" gap="sm">
      <NativeSelect
        label={words.duration}
        value={fields.span}
        onChange={(event) => onChange({ span: event.currentTarget.value as Span })}
        data={spans.map((value) => ({ value, label: words.spans[value] }))}
      />
      {fields.span === 'other' && (
        <TextInput
          label={words.otherSpan}
          placeholder="2d12h"
          value={fields.duration}
          error={error}
          onChange={(event) => onChange({ duration: event.currentTarget.value })}
        />
      )}
      {fields.span === 'until' && (
        <TextInput
          type="datetime-local"
          label={words.endTime}
          value={fields.ends}
          error={error}
          onChange={(event) => onChange({ ends: event.currentTarget.value })}
        />
      )}
    </Group>
  );
}

export function Why({ comment, onChange }: { comment: string; onChange: (comment: string) => void }) {
  const { silence: words } = useText();
  const fault = useFault('comment');
  return (
    <TextInput
      label={words.comment}
      withAsterisk
      maw={640}
      placeholder={words.commentPlaceholder}
      value={comment}
      error={fault !== undefined && comment.trim() === '' ? words.commentNeeded : fault}
      onChange={(event) => onChange(event.currentTarget.value)}
      maxLength={500}
    />
  );
}
