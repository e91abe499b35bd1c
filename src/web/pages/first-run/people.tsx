/** The second and the third step: a contact, and the alert group that tells them. */
import { NativeSelect } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { hasAddress, type NewContact, type NewGroup } from '../../client/first-run.ts';
import { useMay, useMe } from '../../client/me.tsx';
import { waysQuery } from '../../client/session.ts';
import { useFault } from '../../parts/fault.ts';
import { Brief } from '../../parts/value.tsx';
import { useSpeech, useText } from '../../text/index.tsx';
import { Field, Step, StepForm } from './step.tsx';

/** Of many the first, and how many there are. */
function Names({ names }: { names: readonly string[] }) {
  return (
    <div>
      <Brief max={200}>{names.slice(0, 5).join(', ')}</Brief>
      {names.length > 5 && ` +${names.length - 5}`}
    </div>
  );
}

export function ContactStep({ contacts }: { contacts: readonly NewContact[] }) {
  const { firstRun: words } = useText();
  const editor = useMay('editor');
  const reached = contacts.filter(hasAddress);
  return (
    <Step title={words.contact} lead={words.contactLead} done={reached.length > 0}>
      {reached.length > 0 ? <Names names={reached.map(({ name }) => name)} /> : editor && <ContactForm />}
    </Step>
  );
}

function ContactForm() {
  const { text, language } = useSpeech();
  const { firstRun: words } = text;
  const me = useMe();
  const ways = useQuery(waysQuery);
  const [typed, setTyped] = useState<string | null>(null);
  // Who came with the admin token has no name yet.
  const name = typed ?? (ways.data?.first_run === false ? me.name : '');
  const [email, setEmail] = useState('');
  const { timeZone } = new Intl.DateTimeFormat().resolvedOptions();
  const body = { name: name.trim(), email: email.trim(), locale: language, timezone: timeZone };
  return (
    <StepForm kind="contacts" body={body} action={words.makeContact} onMade={() => {}}>
      <Field label={words.contactName} path="name" value={name} onChange={setTyped} />
      <Field label={words.email} path="email" type="email" value={email} onChange={setEmail} />
    </StepForm>
  );
}

interface GroupProps {
  groups: readonly NewGroup[];
  contacts: readonly NewContact[];
}

export function GroupStep({ groups, contacts }: GroupProps) {
  const { firstRun: words } = useText();
  const editor = useMay('editor');
  const telling = groups.filter(({ members }) => members.length > 0);
  const done = telling.length > 0;
  return (
    <Step title={words.group} lead={words.groupLead} done={done}>
      {done && <Names names={telling.map(({ name }) => name)} />}
      {!done && editor && (contacts.length > 0 ? <GroupForm contacts={contacts} /> : <div>{words.contactFirst}</div>)}
    </Step>
  );
}

function GroupForm({ contacts }: { contacts: readonly NewContact[] }) {
  const { firstRun: words } = useText();
  const [name, setName] = useState('');
  const [matchers, setMatchers] = useState('');
  const [chosen, setChosen] = useState<string | null>(null);
  const member = chosen ?? contacts[0]?.name ?? '';
  const wanted = matchers.trim();
  const body = { name: name.trim(), matchers: wanted === '' ? [] : [wanted], members: [member] };
  return (
    <StepForm kind="alert-groups" body={body} action={words.makeGroup} onMade={() => {}}>
      <Field label={words.groupName} placeholder={words.groupExample} path="name" value={name} onChange={setName} />
      <Field
        label={words.matchers}
        description={words.matchersHint}
        placeholder='team="db"'
        path="matchers"
        value={matchers}
        onChange={setMatchers}
      />
      <Member names={contacts.map((one) => one.name)} value={member} onChange={setChosen} />
    </StepForm>
  );
}

interface MemberProps {
  names: string[];
  value: string;
  onChange: (name: string) => void;
}

function Member({ names, value, onChange }: MemberProps) {
  const { firstRun: words } = useText();
  const error = useFault('members');
  return (
    <NativeSelect
      label={words.member}
      data={names}
      value={value}
      error={error}
      onChange={(event) => onChange(event.currentTarget.value)}
    />
  );
}
