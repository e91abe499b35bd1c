/** Everybody who can be told, and every room: where, and whether that works. What is in trouble comes first. */
import { Button, Group, Text, TextInput, Title } from '@mantine/core';
import { type ReactNode, useRef, useState } from 'react';
import { Link } from 'wouter';
import { useMay } from '../../client/me.tsx';
import { useKeys } from '../../parts/keys.tsx';
import { PageHead } from '../../parts/page-head.tsx';
import { Read } from '../../parts/read.tsx';
import { Empty } from '../../parts/states.tsx';
import { VirtualList } from '../../parts/virtual-list.tsx';
import { useText } from '../../text/index.tsx';
import { type Card, PersonCard } from './card.tsx';
import { useEverybody } from './everybody.ts';
import classes from './people.module.css';

const nothing = () => undefined;

export default function PeoplePage() {
  const { people: words } = useText();
  const [wanted, setWanted] = useState('');
  const field = useRef<HTMLInputElement>(null);
  useKeys({ '/': () => field.current?.focus() });
  const everybody = useEverybody(wanted);
  return (
    <>
      <PageHead title={words.title} lead={words.lead}>
        <AddButtons />
      </PageHead>
      <TextInput
        ref={field}
        mb="sm"
        aria-label={words.filter}
        placeholder={words.filter}
        value={wanted}
        onChange={(event) => setWanted(event.currentTarget.value)}
      />
      <Read query={everybody}>
        {({ contacts, rooms }) => (
          <>
            <Part title={words.contacts} hint={words.contactsHint}>
              <Contacts cards={contacts} wanted={wanted} />
            </Part>
            <Part title={words.rooms} hint={words.roomsHint}>
              <Rooms cards={rooms} wanted={wanted} />
            </Part>
          </>
        )}
      </Read>
    </>
  );
}

function AddButtons() {
  const { people: words } = useText();
  if (!useMay('editor')) return null;
  return (
    <Group gap="sm">
      <Button component={Link} href="/people/robots/new" variant="default">
        {words.newRoom}
      </Button>
      <Button component={Link} href="/people/contacts/new">
        {words.newContact}
      </Button>
    </Group>
  );
}

function Part({ title, hint, children }: { title: string; hint: string; children: ReactNode }) {
  return (
    <section aria-label={title} className={classes.part}>
      <Title order={2}>{title}</Title>
      <Text size="xs" c="var(--mm-quiet)" mb={6}>
        {hint}
      </Text>
      {children}
    </section>
  );
}

interface Listed {
  cards: readonly Card[];
  wanted: string;
}

/** A company may have thousands. */
function Contacts({ cards, wanted }: Listed) {
  const { people: words } = useText();
  if (cards.length === 0 && wanted !== '') return <Text size="sm">{words.noneFilter}</Text>;
  if (cards.length === 0)
    return (
      <Empty icon="people" title={words.noContacts}>
        {words.noContactsHint}
      </Empty>
    );
  return (
    <VirtualList
      label={words.contacts}
      items={cards}
      keyOf={(card) => card.object.name}
      rowHeight={104}
      hasMore={false}
      onMore={nothing}
      row={(card) => <PersonCard card={card} />}
    />
  );
}

function Rooms({ cards, wanted }: Listed) {
  const { people: words } = useText();
  if (cards.length === 0) return <Text size="sm">{wanted === '' ? words.noRooms : words.noneFilter}</Text>;
  return (
    <ul className={classes.list} aria-label={words.rooms}>
      {cards.map((card) => (
        <li key={card.object.name}>
          <PersonCard card={card} />
        </li>
      ))}
    </ul>
  );
}
