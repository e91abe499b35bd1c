/** What the members and rooms of a draft would be sent, on each channel and in each language. */
import { SegmentedControl, Select, Text } from '@mantine/core';
import { useState } from 'react';
import type { GroupPreview, PreviewedChannel, PreviewedMessage } from '../../client/alert-groups.ts';
import { Notice } from '../../parts/notice.tsx';
import { Brief, Value } from '../../parts/value.tsx';
import { useText, wordFor } from '../../text/index.tsx';
import { MailFrame } from './mail-frame.tsx';
import classes from './preview.module.css';

export function PreviewedMessages({ preview, spare }: { preview: GroupPreview; spare: boolean }) {
  const { channels, sample } = preview;
  const { preview: words } = useText().alertGroup;
  return (
    <section aria-label={words.messages}>
      <h3>{words.messages}</h3>
      {channels.length === 0 ? (
        <Notice>{spare ? words.reachesEmergency : words.reachesNobody}</Notice>
      ) : (
        <Text size="xs" c="var(--mm-quiet)">
          {words.samples[sample]}
        </Text>
      )}
      {channels.map((channel) => (
        <ChannelMessages key={`${channel.channel} ${channel.locale} ${channel.timezone}`} channel={channel} />
      ))}
    </section>
  );
}

function ChannelMessages({ channel }: { channel: PreviewedChannel }) {
  const { channels, alertGroup } = useText();
  const { preview: words } = alertGroup;
  const [chosen, setChosen] = useState(0);
  const { shown, messages, waiting, reaches } = channel;
  const nth = Math.min(chosen, shown.length - 1);
  const message = shown[nth];
  const name = `${wordFor(channels, channel.channel)} · ${wordFor(words.languages, channel.locale)} · ${channel.timezone}`;
  return (
    <article className={classes.channel} aria-label={name}>
      <h4>{name}</h4>
      <div className={classes.quiet}>
        <Brief max={200}>{words.forWhom(reaches.join(', '))}</Brief>
      </div>
      {!channel.configured && <div className={classes.outbox}>{words.notConfigured}</div>}
      {messages > 1 && <div className={classes.quiet}>{words.atOnce(messages, shown.length)}</div>}
      {waiting > 0 && <div className={classes.quiet}>{words.waiting(waiting)}</div>}
      {shown.length > 1 && (
        <Select
          size="xs"
          aria-label={words.which}
          value={String(nth)}
          allowDeselect={false}
          data={shown.map((_, i) => ({ value: String(i), label: words.nth(i + 1) }))}
          onChange={(value) => setChosen(Number(value))}
        />
      )}
      {message !== undefined && <Message message={message} limit={channel.limit_bytes} />}
    </article>
  );
}

function Message({ message: { content, bytes }, limit }: { message: PreviewedMessage; limit: number | null }) {
  const { preview: words } = useText().alertGroup;
  const [form, setForm] = useState('html');
  const { html } = content;
  return (
    <>
      {content.subject !== null && (
        <div>
          <span className={classes.quiet}>{words.subject}</span>{' '}
          <strong>
            <Value>{content.subject}</Value>
          </strong>
        </div>
      )}
      {html !== null && (
        <SegmentedControl
          size="xs"
          aria-label={words.form}
          value={form}
          onChange={setForm}
          data={[
            { value: 'html', label: words.html },
            { value: 'text', label: words.text },
          ]}
        />
      )}
      {html !== null && form === 'html' ? (
        <MailFrame html={html} title={words.html} />
      ) : (
        <div className={classes.message}>
          <Value max={2_000}>{content.text}</Value>
        </div>
      )}
      <div className={classes.quiet}>
        {html !== null
          ? words.mailBytes(bytes.text, bytes.html)
          : limit === null
            ? words.bytes(bytes.text)
            : words.bytesOf(bytes.text, limit)}
      </div>
    </>
  );
}
