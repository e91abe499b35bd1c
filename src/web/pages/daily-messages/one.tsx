/** One daily message, or a new one. */
import { useLocation } from 'wouter';
import type { DailyMessage } from '../../client/types.ts';
import { addressOf, useAddressName } from '../../parts/address.ts';
import { NewObjectPage } from '../../parts/new-object-page.tsx';
import { ObjectPage } from '../../parts/object-page.tsx';
import { Section } from '../../parts/section.tsx';
import { Brief } from '../../parts/value.tsx';
import { useText } from '../../text/index.tsx';
import { DailyForm } from './form.tsx';

const href = '/daily-messages';

export default function DailyMessagePage() {
  const name = useAddressName();
  return name === null ? <New /> : <One name={name} />;
}

function New() {
  const { daily: words } = useText();
  const [, navigate] = useLocation();
  return (
    <NewObjectPage<DailyMessage>
      title={words.add}
      list={{ href, title: words.title }}
      onSaved={() => navigate(href)}
      form={(props) => <DailyForm {...props} />}
    />
  );
}

function One({ name }: { name: string }) {
  const { daily: words } = useText();
  return (
    <ObjectPage<DailyMessage>
      kind="daily-messages"
      name={name}
      list={{ href, title: words.title }}
      hrefOf={(other) => addressOf(href, other)}
      form={(props) => <DailyForm {...props} />}
      removeHint={words.removeHint}
      view={(message) => <Facts message={message} />}
    />
  );
}

function Facts({ message: { contacts, robots, channels, time, timezone } }: { message: DailyMessage }) {
  const { daily: words, channels: names } = useText();
  return (
    <>
      <Section title={words.when}>{words.at(time, timezone)}</Section>
      {contacts.length > 0 && (
        <Section title={words.contacts}>
          <Brief max={500}>{contacts.join(', ')}</Brief> ({channels.map((channel) => names[channel]).join(', ')})
        </Section>
      )}
      {robots.length > 0 && (
        <Section title={words.rooms}>
          <Brief max={500}>{robots.join(', ')}</Brief>
        </Section>
      )}
    </>
  );
}
