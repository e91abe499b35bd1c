/** What a whole draft of the configuration would have done in the last days. */
import { Box, Button, FileButton, Group, Stack, Text, Textarea } from '@mantine/core';
import { useState } from 'react';
import { Link } from 'wouter';
import { Notice } from '../../parts/notice.tsx';
import { PageHead } from '../../parts/page-head.tsx';
import { Section } from '../../parts/section.tsx';
import { useBacktest } from '../../parts/use-backtest.ts';
import { useText } from '../../text/index.tsx';
import classes from './backtest.module.css';
import { Progressing } from './progress.tsx';
import { SinceChoice, usualSince } from './since-choice.tsx';

/** Of what the service takes in one request. */
const mostBytes = 15_000_000;

export default function BacktestPage() {
  const { backtest: words, alertGroup } = useText();
  const [document, setDocument] = useState('');
  const [since, setSince] = useState(usualSince);
  const run = useBacktest();
  const { asked } = run;
  const isOld = asked !== null && 'document' in asked && asked.document !== document;
  return (
    <>
      <Text size="sm" mb={4}>
        <Link href="/alert-groups">‹ {alertGroup.back}</Link>
      </Text>
      <PageHead title={words.title} lead={words.lead} />
      <Section title={words.document} hint={words.documentHint}>
        <Stack gap="sm">
          <DocumentField document={document} onChange={setDocument} />
          <Group gap="sm">
            <SinceChoice since={since} onChange={setSince} disabled={run.busy} />
            <Button
              onClick={() => run.start({ document, since })}
              loading={run.busy}
              disabled={document.trim() === ''}
              title={document.trim() === '' ? words.needsDocument : undefined}
            >
              {words.run}
            </Button>
          </Group>
        </Stack>
      </Section>
      <Box mt="sm">
        {isOld && !run.busy && <Notice>{words.old}</Notice>}
        <Progressing run={run} />
      </Box>
    </>
  );
}

function DocumentField({ document, onChange }: { document: string; onChange: (document: string) => void }) {
  const { backtest: words } = useText();
  const [refused, setRefused] = useState<string | null>(null);
  const read = async (file: File | null) => {
    if (file === null) return;
    setRefused(file.size > mostBytes ? words.tooLarge : null);
    if (file.size <= mostBytes) onChange(await file.text());
  };
  return (
    <>
      <Textarea
        className={classes.document}
        label={words.documentLabel}
        placeholder={'alert_groups:\n  - name: database\n    matchers: [team="db"]\n    members: [li.wei]'}
        value={document}
        onChange={(event) => onChange(event.currentTarget.value)}
        error={refused}
        autosize
        minRows={6}
        maxRows={18}
        spellCheck={false}
      />
      <div>
        <FileButton onChange={(file) => void read(file)} accept=".yaml,.yml,application/yaml">
          {(props) => (
            <Button {...props} size="xs" variant="default">
              {words.file}
            </Button>
          )}
        </FileButton>
      </div>
    </>
  );
}
