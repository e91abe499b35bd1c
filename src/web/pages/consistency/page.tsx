/** Which source did not deliver what the others did. */
import { useQuery } from '@tanstack/react-query';
import { type ConsistentSource, consistencyQuery } from '../../client/consistency.ts';
import { PageHead } from '../../parts/page-head.tsx';
import { Read } from '../../parts/read.tsx';
import { Section } from '../../parts/section.tsx';
import { Empty } from '../../parts/states.tsx';
import { useText } from '../../text/index.tsx';
import { Members } from './members.tsx';
import { Sources } from './sources.tsx';

export default function ConsistencyPage() {
  const { consistency: words } = useText();
  const query = useQuery(consistencyQuery);
  return (
    <>
      <PageHead title={words.title} lead={words.lead} />
      <Read query={query}>{({ sources }) => <Board sources={sources} />}</Read>
    </>
  );
}

function Board({ sources }: { sources: readonly ConsistentSource[] }) {
  const { consistency: words } = useText();
  if (sources.length === 0)
    return (
      <Empty icon="source" title={words.none}>
        {words.noneHint}
      </Empty>
    );
  return (
    <>
      <Sources sources={sources} />
      <Section title={words.members} hint={words.membersHint}>
        <Members sources={sources} />
      </Section>
    </>
  );
}
