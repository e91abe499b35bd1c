/** What did somebody get, and not get, at a time, and why? And why did something never come? */
import { useQuery } from '@tanstack/react-query';
import { type Asked, peopleQuery } from '../../client/alerts.ts';
import { PageHead } from '../../parts/page-head.tsx';
import { Read } from '../../parts/read.tsx';
import { Empty } from '../../parts/states.tsx';
import { useText } from '../../text/index.tsx';
import { Answer } from './answer.tsx';
import { Form } from './form.tsx';
import { useAsked } from './use-asked.ts';

export default function ExplainPage() {
  const { explain: words } = useText();
  const [asked, change] = useAsked();
  const { contact, robot, matchers } = asked;
  const enough = contact !== '' || robot !== '' || matchers.length > 0;
  return (
    <>
      <PageHead title={words.title} lead={words.lead} />
      <Form asked={asked} onChange={change} />
      {enough ? (
        <Found asked={asked} />
      ) : (
        <Empty icon="question" title={words.ask}>
          {words.askHint}
        </Empty>
      )}
    </>
  );
}

function Found({ asked }: { asked: Asked }) {
  const query = useQuery(peopleQuery(asked));
  return <Read query={query}>{(answer) => <Answer answer={answer} />}</Read>;
}
