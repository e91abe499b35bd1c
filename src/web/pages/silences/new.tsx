/** A new silence: empty, for matchers of the address, or again as one that was. */
import { useQuery } from '@tanstack/react-query';
import { useLocation, useSearchParams } from 'wouter';
import { useMay } from '../../client/me.tsx';
import { objectQuery } from '../../client/objects.ts';
import { serverNow } from '../../client/server-time.ts';
import { setsOf } from '../../client/silences.ts';
import type { Silence } from '../../client/types.ts';
import { Notice } from '../../parts/notice.tsx';
import { PageHead } from '../../parts/page-head.tsx';
import { Read } from '../../parts/read.tsx';
import { useText } from '../../text/index.tsx';
import { newFields, type SilenceFields, spans } from './draft.ts';
import { SilenceForm } from './form.tsx';

export default function NewSilencePage() {
  const { silence: words, common, roles } = useText();
  const [search] = useSearchParams();
  const may = useMay('responder');
  const again = search.get('again');
  return (
    <>
      <PageHead title={words.title} />
      {!may && <Notice>{common.beyondRole(roles.responder)}</Notice>}
      {may && again === null && <Blank matchers={search.getAll('matcher')} begun={begunIn(search)} />}
      {may && again !== null && <Again id={again} />}
    </>
  );
}

function Again({ id }: { id: string }) {
  const query = useQuery(objectQuery<Silence>('silences', id));
  return <Read query={query}>{(silence) => <Blank like={silence} />}</Read>;
}

interface BlankProps {
  like?: Silence;
  matchers?: string[];
  begun?: Partial<SilenceFields>;
}

function Blank({ like, matchers = [], begun = {} }: BlankProps) {
  const [, navigate] = useLocation();
  const sets = like === undefined ? [matchers] : setsOf(like);
  return (
    <SilenceForm
      stored={null}
      first={{ ...newFields(sets, like, serverNow()), ...begun }}
      onSaved={({ id }) => navigate(`/silences/${id}`)}
      onCancel={() => navigate('/silences')}
    />
  );
}

/** What was chosen before somebody wanted more choices. */
function begunIn(search: URLSearchParams): Partial<SilenceFields> {
  const span = spans.find((one) => one === search.get('duration')) ?? '1h';
  return { span, comment: search.get('comment') ?? '' };
}
