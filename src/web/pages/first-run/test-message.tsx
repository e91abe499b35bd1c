/** The last step: a test message, and what the mail server or WeCom says of it. */
import { useQuery } from '@tanstack/react-query';
import { hasAddress, type NewContact, type NewGroup } from '../../client/first-run.ts';
import { useMay } from '../../client/me.tsx';
import { statusQuery } from '../../client/status.ts';
import type { TestResult } from '../../client/types.ts';
import { CopyText } from '../../parts/copy-text.tsx';
import { Notice } from '../../parts/notice.tsx';
import { TestSend } from '../../parts/test-send.tsx';
import { useText, wordFor } from '../../text/index.tsx';
import { Step } from './step.tsx';

interface Props {
  contacts: readonly NewContact[];
  groups: readonly NewGroup[];
  done: boolean;
  /** A test went out: whether it was accepted. */
  onTried: (accepted: boolean) => void;
}

export function TestStep({ contacts, groups, done, onTried }: Props) {
  const { firstRun: words } = useText();
  const editor = useMay('editor');
  const contact = contacts.find(hasAddress);
  const group = groups.find(({ members }) => members.length > 0);
  const targets = [
    ...(contact === undefined ? [] : [{ contact: contact.name }]),
    ...(group === undefined ? [] : [{ alert_group: group.name }]),
  ];
  return (
    <Step title={words.test} lead={words.testLead} done={done}>
      <MissingChannels />
      {targets.length === 0 && <div>{words.contactFirst}</div>}
      {targets.length > 0 && editor && (
        <TestSend targets={targets} onResults={(results) => onTried(isAccepted(results))} />
      )}
    </Step>
  );
}

/** Somebody has got it, and nobody refused it; the outbox stands in for a channel that somebody else may need. */
function isAccepted(results: readonly TestResult[]): boolean {
  return results.some(({ ok }) => ok) && results.every(({ ok, channel }) => ok || channel === 'outbox');
}

/** What each channel needs; quoted, so that a shell takes it too. */
const settings: Readonly<Record<string, string>> = {
  email: "SMTP_URL='smtp://user:password@smtp.example.org:587'\nMM_MAIL_FROM='Monitor Manager <mm@example.org>'",
  'wecom-app': "MM_WECOM_CORP_ID='ww0123456789abcdef'\nMM_WECOM_AGENT_ID='1000002'\nMM_WECOM_SECRET='…'",
};

/** Mail is what everybody needs; another channel only where somebody has an address on it. */
function MissingChannels() {
  const { firstRun: words, channels } = useText();
  const { data } = useQuery(statusQuery);
  const missing = (data?.channels ?? []).filter(
    ({ name, configured, in_outbox }) => !configured && (name === 'email' || in_outbox > 0),
  );
  return missing.flatMap(({ name }) => {
    const needs = settings[name];
    if (needs === undefined) return [];
    const channel = wordFor(channels, name);
    return (
      <div key={name}>
        <Notice>{words.missing(channel)}</Notice>
        <CopyText label={words.settings(channel)}>{needs}</CopyText>
      </div>
    );
  });
}
