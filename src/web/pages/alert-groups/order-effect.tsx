/** What the move of one alert group does, before it is saved. */
import { Text } from '@mantine/core';
import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { type AlertGroup, previewQuery, type Tally } from '../../client/alert-groups.ts';
import { errorWords, Loading } from '../../parts/states.tsx';
import { useText } from '../../text/index.tsx';
import { bodyOf } from '../alert-group/draft.ts';
import { WhoGets } from '../alert-group/who-gets.tsx';

const sum = ({ open, ended }: Tally) => open + ended;

export function OrderEffect({ group, position }: { group: AlertGroup; position: number }) {
  const text = useText();
  const { alertGroups: words } = text;
  const { data, error } = useQuery({
    ...previewQuery({ draft: bodyOf(group), key: group.name, position }),
    placeholderData: keepPreviousData,
  });
  if (error !== null) return <bdi>{errorWords(error, text)}</bdi>;
  if (data === undefined) return <Loading />;
  const { gains, loses } = data.counts;
  const changed = data.groups.filter(({ today, after }) => today.open !== after.open || today.ended !== after.ended);
  return (
    <section aria-label={words.effectOf(group.name)}>
      <Text size="sm" role="status">
        {changed.length === 0 ? words.effectNone : words.effect(sum(gains), sum(loses))}
      </Text>
      {changed.length > 0 && <WhoGets groups={changed} />}
    </section>
  );
}
