/** The last step: a test message, and what the mail server or WeCom says of it. */
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { acceptedQuery, type NewContact, type NewGroup } from '../../client/first-run.ts';
import { useMay } from '../../client/me.tsx';
import { statusQuery } from '../../client/status.ts';
import { CopyText } from '../../parts/copy-text.tsx';
import { Notice } from '../../parts/notice.tsx';
import { TestSend } from '../../parts/test-send.tsx';
import { useText } from '../../text/index.tsx';
import { Step } from './step.tsx';

interface Props {
  contacts: readonly NewContact[];
  groups: readonly NewGroup[];
}

export function TestStep({ contacts, groups }: Props) {
  const { firstRun: words } = useText();
  const editor = useMay('editor');
  const [sent, setSent] = useState(false);
  const accepted = useQuery(acceptedQuery);
  const contact = contacts.find(({ email, wecom }) => email !== null || wecom !== null);
  const group = groups.find(({ members }) => members.length > 0);
  const targets = [
    ...(contact === undefined ? [] : [{ contact: contact.name }]),
    ...(group === undefined ? [] : [{ alert_group: group.name }]),
  ];
  return (
    <Step title={words.test} lead={words.testLead} done={sent || accepted.data === true}>
      <MailMissing />
      {targets.length === 0 && <div>{words.contactFirst}</div>}
      {targets.length > 0 && editor && (
        <TestSend targets={targets} onResults={(results) => setSent(results.some(({ ok }) => ok))} />
      )}
    </Step>
  );
}

const settings = 'SMTP_URL=smtp://user:password@smtp.example.org:587\nMM_MAIL_FROM=Monitor Manager <mm@example.org>';

function MailMissing() {
  const { firstRun: words } = useText();
  const { data } = useQuery(statusQuery);
  const email = data?.channels.find(({ name }) => name === 'email');
  if (email === undefined || email.configured) return null;
  return (
    <div>
      <Notice>
        {words.noMail} {words.noMailThen}
      </Notice>
      <CopyText label={words.settings}>{settings}</CopyText>
    </div>
  );
}
