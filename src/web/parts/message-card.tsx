/** One message to one address: what became of it, and on demand its words and every attempt. */
import { Button } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { Link } from 'wouter';
import { useMay } from '../client/me.tsx';
import { notificationQuery, retryNotification } from '../client/notifications.ts';
import type { Notification, NotificationDetail } from '../client/types.ts';
import { type Text, useSpeech, useText, wordFor } from '../text/index.tsx';
import { NotificationStateBadge } from './badge.tsx';
import { DestinationName } from './destination.tsx';
import { ExpandButton } from './expand-button.tsx';
import { Icon } from './icons.tsx';
import classes from './message-card.module.css';
import { Read } from './read.tsx';
import { Remedy } from './remedy.tsx';
import { Ago, clock } from './time.tsx';
import { useAction } from './use-action.ts';
import { Brief, Value } from './value.tsx';

interface Props {
  message: Notification;
  expanded: boolean;
  onExpand: () => void;
  /** Where the incident is not said already. */
  linked?: boolean;
}

export function MessageCard({ message, expanded, onExpand, linked = false }: Props) {
  const { deliveries: words } = useText();
  const panel = `message-${message.id}`;
  return (
    <article className={classes.card} data-state={message.state}>
      <ExpandButton expanded={expanded} onExpand={onExpand} panel={panel} words={[words.show, words.hide]} />
      <div className={classes.head}>
        <NotificationStateBadge message={message} />
        <DestinationName destination={message.destination} />
        {linked && <Origin message={message} />}
        <span className={classes.quiet}>
          <Ago at={message.finished_at ?? message.created_at} />
        </span>
        <Retry message={message} />
      </div>
      <div className={classes.body}>
        {message.summary !== null && (
          <div>
            <Brief max={200}>{message.summary}</Brief>
          </div>
        )}
        <Outcome message={message} />
      </div>
      <div id={panel} className={classes.panel}>
        {expanded && <Inside id={message.id} />}
      </div>
    </article>
  );
}

function Origin({ message: { incident_id, notice, group } }: { message: Notification }) {
  const { deliveries: words, reasons } = useText();
  if (notice !== null) return <span className={classes.quiet}>{wordFor(reasons, notice)}</span>;
  if (incident_id === null) return <span className={classes.quiet}>{words.test}</span>;
  return (
    <Link href={`/incidents/${incident_id}`} className={classes.link}>
      {words.incident(incident_id)}
      {group !== null && (
        <>
          {' · '}
          <Brief max={40}>{group}</Brief>
        </>
      )}
    </Link>
  );
}

/** Why it is as it is: the reason in words, what the provider said, and what to do. */
function Outcome({ message }: { message: Notification }) {
  const { text, language } = useSpeech();
  const { deliveries: words } = text;
  const waiting = message.state === 'pending' && message.next_at !== null;
  const remedy = message.remedies?.[language] ?? message.remedy;
  return (
    <>
      <div className={classes.quiet}>
        {keptWords(message, text) ?? wordFor(text.reasons, message.reason)}
        {message.attempts > 1 && ` · ${words.attempts(message.attempts)}`}
        {waiting && ` · ${words.nextTry(clock(message.next_at ?? '', text))}`}
        {message.answer !== null && message.destination.channel !== 'outbox' && (
          <>
            {' · '}
            <Value max={160}>{message.answer}</Value>
          </>
        )}
      </div>
      {remedy !== null && message.state !== 'accepted' && <Remedy>{remedy}</Remedy>}
    </>
  );
}

/** The outbox accepts everything, which says nothing: null for what is no message in it. */
function keptWords({ state, destination }: Notification, { testSend }: Text): string | null {
  return state === 'accepted' && destination.channel === 'outbox' ? testSend.keptHint : null;
}

function Retry({ message: { id, state, attempts } }: { message: Notification }) {
  const { deliveries: words } = useText();
  const editor = useMay('editor');
  const retrying = useAction(retryNotification, { kinds: ['notifications', 'incidents'], said: () => words.retried });
  const useful = state === 'undeliverable' || (state === 'pending' && attempts > 0);
  if (!editor || !useful) return null;
  return (
    <Button
      size="compact-sm"
      variant="default"
      ms="auto"
      loading={retrying.isPending}
      onClick={() => retrying.mutate(id)}
      leftSection={<Icon name="retry" size={14} />}
    >
      {words.retry}
    </Button>
  );
}

function Inside({ id }: { id: string }) {
  const query = useQuery(notificationQuery(id));
  return (
    <Read query={query}>
      {(message) => (
        <div className={classes.inside}>
          <Content message={message} />
          <Tries message={message} />
        </div>
      )}
    </Read>
  );
}

/** Of the parts of a message those that are text for people, in the order in which they are read. */
function wordsOf(content: NotificationDetail['content']): string | null {
  const found = ['subject', 'text', 'content', 'markdown', 'summary']
    .map((key) => content?.[key])
    .filter((part): part is string => typeof part === 'string' && part !== '');
  return found.length === 0 ? null : [...new Set(found)].slice(0, 2).join('\n\n');
}

function Content({ message }: { message: NotificationDetail }) {
  const { deliveries: words } = useText();
  const said = wordsOf(message.content);
  return (
    <section aria-label={words.content}>
      <h3>{words.content}</h3>
      {said === null ? (
        <p className={classes.quiet}>{words.notWorded}</p>
      ) : (
        <div className={classes.content}>
          <Value max={2_000}>{said}</Value>
        </div>
      )}
      {message.message_id !== null && (
        <div className={classes.quiet}>
          <bdi>{message.message_id}</bdi>
        </div>
      )}
    </section>
  );
}

function Tries({ message: { tries, destination } }: { message: NotificationDetail }) {
  const text = useText();
  const { deliveries: words } = text;
  if (tries.length === 0 || destination.channel === 'outbox') return null;
  return (
    <section aria-label={words.tries}>
      <h3>{words.tries}</h3>
      <ol className={classes.tries}>
        {tries.map((attempt) => (
          <li key={attempt.started_at}>
            <time dateTime={attempt.started_at}>{clock(attempt.started_at, text)}</time>
            {' · '}
            {attempt.reason === null ? words.noAnswer : wordFor(text.reasons, attempt.reason)}
            {attempt.answer !== null && (
              <>
                {' · '}
                <Value max={300}>{attempt.answer}</Value>
              </>
            )}
          </li>
        ))}
      </ol>
    </section>
  );
}
