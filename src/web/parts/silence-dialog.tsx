/** A silence for what is at hand: its labels as matchers, and for how long. */
import { Alert, Button, Checkbox, Group, Modal, SegmentedControl, Stack, Text, TextInput } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { type FormEvent, useState } from 'react';
import { createSilence, previewSilence, type SilenceDraft } from '../client/incidents.ts';
import { useMay } from '../client/me.tsx';
import { serverNow } from '../client/server-time.ts';
import type { Labels } from '../client/types.ts';
import { useText } from '../text/index.tsx';
import { Icon } from './icons.tsx';
import { MatcherRows, rowsOf, textsOf } from './matcher-rows.tsx';
import { errorWords } from './states.tsx';
import { clock } from './time.tsx';
import { useAction } from './use-action.ts';

const hours = [1, 4, 24];

/** `labels` null: closed. */
export function SilenceDialog({ labels, onClose }: { labels: Labels | null; onClose: () => void }) {
  const { silence, common } = useText();
  return (
    <Modal
      opened={labels !== null}
      onClose={onClose}
      title={silence.title}
      size="lg"
      closeButtonProps={{ 'aria-label': common.close }}
    >
      {labels !== null && <SilenceForm labels={labels} onClose={onClose} />}
    </Modal>
  );
}

function SilenceForm({ labels, onClose }: { labels: Labels; onClose: () => void }) {
  const text = useText();
  const { silence: words } = text;
  const admin = useMay('admin');
  const [rows, setRows] = useState(() => rowsOf(labels));
  const [duration, setDuration] = useState(1);
  const [comment, setComment] = useState('');
  const [confirmed, setConfirmed] = useState(false);
  const [tried, setTried] = useState(false);
  const matchers = textsOf(rows);
  const preview = useQuery({
    queryKey: ['incidents', 'silence-preview', matchers],
    queryFn: ({ signal }) => previewSilence(matchers, signal),
    enabled: matchers.length > 0,
    retry: false,
  });
  const creating = useAction(({ draft }: { draft: SilenceDraft }) => createSilence(draft, confirmed), {
    kinds: ['incidents', 'config'],
    said: (_, made) => words.done(clock(made.ends_at, text)),
  });
  const hidesAll = preview.data?.hides_all_critical === true;
  const submit = (event: FormEvent) => {
    event.preventDefault();
    setTried(true);
    if (comment.trim() === '' || matchers.length === 0) return;
    const draft = { matchers, duration: `${duration}h`, comment: comment.trim() };
    creating.mutate({ draft }, { onSuccess: onClose });
  };
  return (
    <form onSubmit={submit}>
      <Stack gap="sm">
        <Text size="sm" c="var(--mm-quiet)">
          {words.lead}
        </Text>
        <MatcherRows rows={rows} onChange={setRows} />
        <div>
          <Text size="sm" fw={500} id="silence-duration" mb={4}>
            {words.duration}
          </Text>
          <Group gap="sm">
            <SegmentedControl
              aria-labelledby="silence-duration"
              value={String(duration)}
              onChange={(value) => setDuration(Number(value))}
              data={hours.map((n) => ({ value: String(n), label: words.hours(n) }))}
            />
            <Text size="sm" c="var(--mm-quiet)">
              {words.until(clock(serverNow() + duration * 3_600_000, text))}
            </Text>
          </Group>
        </div>
        <TextInput
          label={words.comment}
          placeholder={words.commentPlaceholder}
          value={comment}
          onChange={(event) => setComment(event.currentTarget.value)}
          error={tried && comment.trim() === '' ? words.commentNeeded : undefined}
          maxLength={500}
          withAsterisk
          data-autofocus
        />
        {tried && matchers.length === 0 && <Alert color="red">{words.matchersNeeded}</Alert>}
        {preview.error !== null && (
          <Alert color="red" role="alert">
            <bdi>{errorWords(preview.error, text)}</bdi>
          </Alert>
        )}
        {preview.data !== undefined && (
          <Text size="sm" role="status">
            {preview.data.alerts.total === 0
              ? words.previewNone
              : words.preview(preview.data.alerts.total, preview.data.alerts.critical)}
          </Text>
        )}
        {hidesAll && (
          <Alert color="red" icon={<Icon name="warning" />}>
            {words.hidesAll}
            {admin && (
              <Checkbox
                mt="xs"
                label={words.confirmAll}
                checked={confirmed}
                onChange={(event) => setConfirmed(event.currentTarget.checked)}
              />
            )}
          </Alert>
        )}
        <Group justify="flex-end">
          <Button variant="default" onClick={onClose}>
            {text.common.cancel}
          </Button>
          <Button type="submit" loading={creating.isPending} disabled={hidesAll && !confirmed}>
            {words.create}
          </Button>
        </Group>
      </Stack>
    </form>
  );
}
