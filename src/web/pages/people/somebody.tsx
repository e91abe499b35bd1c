/** What the page of a contact and that of a room have in common. */
import { Stack } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { type ReactNode, useState } from 'react';
import { Link } from 'wouter';
import { useMay } from '../../client/me.tsx';
import { allQuery } from '../../client/objects.ts';
import type { Staffing, Telling } from '../../client/telling.ts';
import type { TestTarget } from '../../client/test-send.ts';
import type { Address, Contact, Robot, TestResult } from '../../client/types.ts';
import { Read } from '../../parts/read.tsx';
import { Fact, Facts, Section } from '../../parts/section.tsx';
import { TestSend } from '../../parts/test-send.tsx';
import { languages, useText } from '../../text/index.tsx';
import { afterTest } from './address-health.ts';
import { Addresses } from './addresses.tsx';
import { Groups } from './groups.tsx';
import { useHealth } from './health.ts';
import { groupsOfContact, groupsOfRoom } from './telling.ts';

interface Props {
  title: string;
  addresses: readonly Address[];
  target: Exclude<TestTarget, { me: true }>;
  name: string;
  children: ReactNode;
}

/** How somebody is reached, a test of that, and what they are. */
export function Somebody({ title, addresses, target, name, children }: Props) {
  const { people: words } = useText();
  const editor = useMay('editor');
  const health = useHealth();
  const [refused, setRefused] = useState<ReadonlySet<string>>(new Set());
  const note = (results: readonly TestResult[]) =>
    setRefused(new Set(results.filter(({ ok }) => !ok).map(({ channel }) => channel)));
  return (
    <>
      <Section title={title}>
        <Read query={health}>
          {(healthOf) => <Addresses of={addresses.map((one) => afterTest(healthOf(one), refused))} />}
        </Read>
        <Stack gap="sm" mt="sm">
          {editor && addresses.length > 0 && <TestSend targets={[target]} onResults={note} />}
          <Link href={`/deliveries?q=${encodeURIComponent(name)}`}>{words.messages}</Link>
          <Link href={`/explain?${new URLSearchParams({ ...target })}`}>{words.explain}</Link>
        </Stack>
      </Section>
      <Section title={words.about}>
        <Facts>{children}</Facts>
      </Section>
    </>
  );
}

/** How somebody is spoken to, and by which alert groups. */
export function WordingFacts({ of, groups }: { of: Pick<Contact | Robot, 'locale' | 'timezone'>; groups: string[] }) {
  const { people: words, edit } = useText();
  return (
    <>
      <Fact name={edit.language}>{languages.find(({ value }) => value === of.locale)?.label ?? of.locale}</Fact>
      <Fact name={edit.timezone}>{of.timezone}</Fact>
      <Fact name={words.groups}>
        <Groups names={groups} />
      </Fact>
    </>
  );
}

/** The names of the alert groups that tell a contact. */
export function useGroupsOfContact(name: string): string[] {
  const groups = useQuery(allQuery<Telling>('alert-groups'));
  const schedules = useQuery(allQuery<Staffing>('schedules'));
  return groupsOfContact(groups.data ?? [], schedules.data ?? [], name);
}

/** The names of the alert groups that tell a room. */
export function useGroupsOfRoom(name: string): string[] {
  const { data } = useQuery(allQuery<Telling>('alert-groups'));
  return groupsOfRoom(data ?? [], name);
}
