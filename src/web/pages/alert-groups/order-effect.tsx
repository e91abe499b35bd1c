/** What the move of one alert group does, before it is saved. */
import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { type AlertGroup, type GroupPreview, previewQuery, type Tally } from '../../client/alert-groups.ts';
import { errorWords, Loading } from '../../parts/states.tsx';
import { Brief } from '../../parts/value.tsx';
import { useText } from '../../text/index.tsx';
import { bodyOf } from '../alert-group/draft.ts';
import classes from './group-card.module.css';

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
    <div role="status">
      <div>
        <b>
          <Brief max={60}>{group.name}</Brief>
        </b>
        {': '}
        {changed.length === 0 ? words.effectNone : words.effect(sum(gains), sum(loses))}
      </div>
      <ul className={classes.effect} aria-label={words.effectOf(group.name)}>
        {changed.map((row) => (
          <li key={row.name}>
            <Row row={row} />
          </li>
        ))}
      </ul>
    </div>
  );
}

function Row({ row: { name, today, after } }: { row: GroupPreview['groups'][number] }) {
  const { preview: words } = useText().alertGroup;
  return (
    <>
      <Brief max={60}>{name}</Brief>
      {today.open !== after.open && ` · ${words.open(today.open)} → ${words.open(after.open)}`}
      {today.ended !== after.ended && ` · ${words.ended(today.ended)} → ${words.ended(after.ended)}`}
    </>
  );
}
