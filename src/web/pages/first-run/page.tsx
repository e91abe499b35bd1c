/** Walks a newcomer from nothing to the first message: each step says whether it is done already. */
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { Link } from 'wouter';
import { whileSignedIn } from '../../client/credential.ts';
import { acceptedQuery, isReady, posted, progressQuery, triedQuery } from '../../client/first-run.ts';
import { useMay } from '../../client/me.tsx';
import { Notice } from '../../parts/notice.tsx';
import { PageHead } from '../../parts/page-head.tsx';
import { Failure, Loading } from '../../parts/states.tsx';
import { useText } from '../../text/index.tsx';
import { ContactStep, GroupStep } from './people.tsx';
import { SourceStep } from './source.tsx';
import classes from './step.module.css';
import { TestStep } from './test-message.tsx';
import { Yourself } from './yourself.tsx';

/** No event says that a source has posted: until the first one has, the page asks. */
const listenMs = 2_000;

export default function FirstRunPage() {
  const { firstRun: words, common, roles } = useText();
  const editor = useMay('editor');
  const { data, error, refetch } = useQuery({
    ...progressQuery,
    refetchInterval: ({ state }) => (state.data?.sources.some(posted) ? false : whileSignedIn(listenMs)),
  });
  const { data: accepted = false } = useQuery(acceptedQuery);
  const queries = useQueryClient();
  const { data: tried = null } = useQuery(triedQuery);
  const tested = tried ?? accepted;
  return (
    <>
      <PageHead title={words.title} lead={words.lead} />
      {!editor && <Notice>{common.beyondRole(roles.editor)}</Notice>}
      {error !== null && <Failure error={error} onRetry={() => refetch()} />}
      {data === undefined && error === null && <Loading />}
      {data !== undefined && (
        <>
          <ol className={classes.steps} aria-label={words.title}>
            <Yourself />
            <SourceStep sources={data.sources} />
            <ContactStep contacts={data.contacts} />
            <GroupStep groups={data.groups} contacts={data.contacts} />
            <TestStep
              contacts={data.contacts}
              groups={data.groups}
              done={tested}
              onTried={(well) => queries.setQueryData(triedQuery.queryKey, well)}
            />
          </ol>
          {isReady(data) && tested && (
            <p>
              {words.allDone} <Link href="/">{common.home}</Link>
            </p>
          )}
        </>
      )}
    </>
  );
}
