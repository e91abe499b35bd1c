/** Replays the last days through the alert group that is being edited, and shows what came of it in a dialog. */
import { Button, Group, Modal, Stack, Text } from '@mantine/core';
import { useDisclosure, useMediaQuery } from '@mantine/hooks';
import { useState } from 'react';
import type { BacktestRequest, Trial } from '../../client/backtests.ts';
import { Notice } from '../../parts/notice.tsx';
import { useBacktest } from '../../parts/use-backtest.ts';
import { useText } from '../../text/index.tsx';
import { Progressing } from './progress.tsx';
import { SinceChoice, usualSince } from './since-choice.tsx';

/** Whether that was asked of this draft, for whatever time. */
function isFor(trial: Trial, asked: BacktestRequest): boolean {
  return JSON.stringify({ ...asked, since: '' }) === JSON.stringify({ ...trial, since: '' });
}

export function BacktestButton({ trial }: { trial: Trial }) {
  const { backtest: words, common } = useText();
  const [opened, dialog] = useDisclosure();
  const [since, setSince] = useState(usualSince);
  const isPhone = useMediaQuery('(max-width: 48em)');
  const run = useBacktest();
  const begin = () => run.start({ ...trial, since });
  const isOld = run.asked !== null && !isFor(trial, run.asked);
  const open = () => {
    dialog.open();
    // What is under way, or was found for this very draft, is shown again.
    if (!run.busy && (run.asked === null || isOld || run.asked.since !== since)) begin();
  };
  return (
    <>
      <Button variant="default" onClick={open} title={words.openHint}>
        {words.open}
      </Button>
      <Modal
        opened={opened}
        onClose={dialog.close}
        title={words.title}
        size="62rem"
        fullScreen={isPhone}
        closeButtonProps={{ 'aria-label': common.close }}
      >
        <Stack gap="sm">
          <Text size="sm" c="var(--mm-quiet)">
            {words.draftLead}
          </Text>
          <Group gap="sm">
            <SinceChoice since={since} onChange={setSince} disabled={run.busy} />
            <Button size="xs" variant="default" onClick={begin} disabled={run.busy} data-autofocus>
              {words.again}
            </Button>
          </Group>
          {isOld && !run.busy && <Notice>{words.old}</Notice>}
          <Progressing run={run} />
        </Stack>
      </Modal>
    </>
  );
}
