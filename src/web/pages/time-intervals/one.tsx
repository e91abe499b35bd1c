/** One time interval, or a new one. */
import { useState } from 'react';
import { useLocation } from 'wouter';
import type { TimeInterval } from '../../client/types.ts';
import { addressOf, useAddressName } from '../../parts/address.ts';
import { ownTimezone } from '../../parts/fields.tsx';
import { windowWords } from '../../parts/interval-words.ts';
import { NewObjectPage } from '../../parts/new-object-page.tsx';
import type { FormProps } from '../../parts/object-frame.tsx';
import { ObjectPage } from '../../parts/object-page.tsx';
import { Section } from '../../parts/section.tsx';
import { useText } from '../../text/index.tsx';
import { fieldsOf, newEntry } from './draft.ts';
import { IntervalForm } from './form.tsx';

const href = '/time-intervals';

export default function TimeIntervalPage() {
  const name = useAddressName();
  return name === null ? <New /> : <One name={name} />;
}

function New() {
  const { intervals: words } = useText();
  const [, navigate] = useLocation();
  return (
    <NewObjectPage<TimeInterval>
      title={words.add}
      list={{ href, title: words.title }}
      onSaved={() => navigate(href)}
      form={(props) => <Form {...props} />}
    />
  );
}

function One({ name }: { name: string }) {
  const { intervals: words } = useText();
  return (
    <ObjectPage<TimeInterval>
      kind="time-intervals"
      name={name}
      list={{ href, title: words.title }}
      hrefOf={(other) => addressOf(href, other)}
      form={(props) => <Form {...props} />}
      removeHint={words.removeHint}
      view={(interval) => <When interval={interval} />}
    />
  );
}

function Form(props: FormProps<TimeInterval>) {
  const { original } = props;
  const [first] = useState(() =>
    original === null ? { name: '', entries: [newEntry(0, ownTimezone())] } : fieldsOf(original.stored),
  );
  return <IntervalForm {...props} first={first} />;
}

function When({ interval: { time_intervals } }: { interval: TimeInterval }) {
  const text = useText();
  return (
    <Section title={text.intervals.when}>
      {time_intervals.map((window, at) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: two of them may be the same
        <div key={at}>
          <bdi>{windowWords(window, text)}</bdi>
        </div>
      ))}
    </Section>
  );
}
