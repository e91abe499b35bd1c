/** Where a source is made; afterwards its token is shown, this once, with all that its Alertmanager or Prometheus needs. */
import { Button } from '@mantine/core';
import { useState } from 'react';
import { Link } from 'wouter';
import { NewObjectPage } from '../../parts/new-object-page.tsx';
import { Back } from '../../parts/object-frame.tsx';
import { PageHead } from '../../parts/page-head.tsx';
import { useText } from '../../text/index.tsx';
import { type MadeSource, SourceForm } from './form.tsx';
import { hrefOfSource } from './href.ts';
import { NewToken, Receiver } from './receiver.tsx';

export function NewSource() {
  const { sources: words } = useText();
  const [made, setMade] = useState<MadeSource | null>(null);
  const list = { href: '/sources', title: words.title };
  if (made === null)
    return (
      <NewObjectPage<MadeSource>
        title={words.add}
        lead={words.addLead}
        list={list}
        onSaved={setMade}
        form={(props) => <SourceForm {...props} />}
      />
    );
  return (
    <>
      <Back list={list} />
      <PageHead title={words.made(made.name)}>
        <Button component={Link} href={hrefOfSource(made.name)} variant="default">
          {words.toSource}
        </Button>
      </PageHead>
      {made.token !== undefined && <NewToken token={made.token} />}
      <Receiver source={made} token={made.token ?? null} />
    </>
  );
}
