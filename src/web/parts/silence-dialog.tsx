/** A silence for what is at hand: its labels as matchers, and for how long. */
import { Alert, Button, Group, Modal, SegmentedControl, Stack, Text, TextInput } from '@mantine/core';
import { type FormEvent, useState } from 'react';
import { Link } from 'wouter';
import { withQuery } from '../client/request.ts';
import { serverNow } from '../client/server-time.ts';
import { createSilence, type SilenceDraft } from '../client/silences.ts';
import type { Labels } from '../client/types.ts';
import { useText } from '../text/index.tsx';
import { HidesAll, useConfirmation, useUnconfirmed } from './hides-all.tsx';
import { MatcherRows, rowsOf, textsOf } from './matcher-rows.tsx';
import { SilencePreviewView, useSilencePreview } from './silence-preview.tsx';
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
  const [rows, setRows] = useState(() => rowsOf(labels));
  const [duration, setDuration] = useState(1);
  const [comment, setComment] = useState('');
  const [tried, setTried] = useState(false);
  const matchers = textsOf(rows);
  const [confirmed, setConfirmed] = useConfirmation(matchers);
  const preview = useSilencePreview(matchers.length === 0 ? [] : [matchers]);
  const creating = useAction(({ draft }: { draft: SilenceDraft }) => createSilence(draft, confirmed), {
    kinds: ['incidents', 'config', 'silence-preview'],
    said: (_, made) => words.done(clock(made.ends_at, text)),
  });
  const hidesAll = preview.data?.hides_all_critical === true;
  const blocked = useUnconfirmed(hidesAll, confirmed);
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
        <SilencePreviewView preview={preview} named={3} />
        {hidesAll && <HidesAll old={preview.old} confirmed={confirmed} onChange={setConfirmed} />}
        <Group justify="flex-end">
          <Link href={withQuery('/silences/new', { matcher: matchers, duration: `${duration}h`, comment })}>
            {words.moreChoices}
          </Link>
          <Button variant="default" onClick={onClose}>
            {text.common.cancel}
          </Button>
          <Button type="submit" loading={creating.isPending} disabled={blocked !== undefined} title={blocked}>
            {words.create}
          </Button>
        </Group>
      </Stack>
    </form>
  );
}
