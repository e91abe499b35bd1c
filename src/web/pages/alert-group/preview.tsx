/** What a draft does, before it is saved: whose alerts it takes, and what is sent. The last answer stays until the next is there. */
import { Alert, Text } from '@mantine/core';
import type { GroupPreview } from '../../client/alert-groups.ts';
import { ApiError } from '../../client/request.ts';
import { Icon } from '../../parts/icons.tsx';
import { Section } from '../../parts/section.tsx';
import { errorWords, Loading } from '../../parts/states.tsx';
import { absolute } from '../../parts/time.tsx';
import { Brief } from '../../parts/value.tsx';
import { useText } from '../../text/index.tsx';
import classes from './preview.module.css';
import { PreviewedAlerts } from './previewed-alerts.tsx';
import { PreviewedMessages } from './previewed-messages.tsx';
import type { Previewed } from './use-preview.ts';
import { WhoGets } from './who-gets.tsx';

interface Props {
  previewed: Previewed;
  /** It is of what is saved, not of a draft. */
  asSaved?: boolean;
  /** Somebody else stands in where there is no member. */
  spare: boolean;
}

export function Preview({ previewed: { preview, old, error }, asSaved = false, spare }: Props) {
  const { alertGroup } = useText();
  const { preview: words } = alertGroup;
  return (
    <Section title={asSaved ? words.titleNow : words.title} hint={words.hint}>
      {error !== null && <Wrong error={error} />}
      {preview === null && error === null && <Loading />}
      {preview !== null && (
        <div className={classes.all} data-old={old} aria-busy={old}>
          <PreviewedAlerts preview={preview} asSaved={asSaved} />
          {preview.groups.length > 0 && (
            <section aria-label={words.groups}>
              <h3>{words.groups}</h3>
              <WhoGets groups={preview.groups} />
            </section>
          )}
          <PreviewedMessages preview={preview} spare={spare} />
          <Reach preview={preview} />
        </div>
      )}
    </Section>
  );
}

function Wrong({ error }: { error: Error }) {
  const text = useText();
  const faults = error instanceof ApiError ? error.faults : [];
  return (
    <Alert
      color="red"
      mb="sm"
      role="alert"
      title={text.alertGroup.preview.failed}
      icon={<Icon name="warning" />}
      className={classes.wrong}
    >
      {faults.length === 0 ? (
        <bdi>{errorWords(error, text)}</bdi>
      ) : (
        faults.map(({ path, message }) => (
          <div key={path + message}>
            <Brief max={400}>{message}</Brief>
          </div>
        ))
      )}
    </Alert>
  );
}

function Reach({ preview: { reach, position } }: { preview: GroupPreview }) {
  const text = useText();
  const { preview: words } = text.alertGroup;
  return (
    <Text size="xs" c="var(--mm-quiet)">
      {words.place(position + 1)} {words.reach(reach.examined, absolute(reach.reaches_back_to, text))}{' '}
      {reach.capped && <strong>{words.capped(reach.examined)}</strong>}
    </Text>
  );
}
