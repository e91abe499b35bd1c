/** One schedule, or a new one. */
import { useLocation } from 'wouter';
import type { Schedule, ScheduleLayer } from '../../client/schedule-types.ts';
import { calendarUrl } from '../../client/schedules.ts';
import { addressOf, useAddressName } from '../../parts/address.ts';
import { CopyText } from '../../parts/copy-text.tsx';
import { dayName, windowWords } from '../../parts/interval-words.ts';
import { NewObjectPage } from '../../parts/new-object-page.tsx';
import { Notice } from '../../parts/notice.tsx';
import { ObjectPage } from '../../parts/object-page.tsx';
import { Fact, Facts, Section } from '../../parts/section.tsx';
import { clock } from '../../parts/time.tsx';
import { Value } from '../../parts/value.tsx';
import { useText } from '../../text/index.tsx';
import { Ahead } from './ahead.tsx';
import { ScheduleForm } from './form.tsx';
import { OnCall } from './page.tsx';

const href = '/schedules';

export default function SchedulePage() {
  const name = useAddressName();
  return name === null ? <New /> : <One name={name} />;
}

function New() {
  const { schedules: words } = useText();
  const [, navigate] = useLocation();
  return (
    <NewObjectPage<Schedule>
      title={words.add}
      list={{ href, title: words.title }}
      onSaved={({ name }) => navigate(addressOf(href, name))}
      form={(props) => <ScheduleForm {...props} />}
    />
  );
}

function One({ name }: { name: string }) {
  const { schedules: words } = useText();
  return (
    <ObjectPage<Schedule>
      kind="schedules"
      name={name}
      list={{ href, title: words.title }}
      hrefOf={(other) => addressOf(href, other)}
      form={(props) => <ScheduleForm {...props} />}
      removeHint={words.removeHint}
      refetchMs={60_000}
      view={(schedule) => <What schedule={schedule} />}
    />
  );
}

function What({ schedule }: { schedule: Schedule }) {
  const text = useText();
  const { schedules: words } = text;
  const { name, on_call: names, next_hand_over_at: next, timezone, layers, overrides } = schedule;
  return (
    <>
      {names.length === 0 && <Notice>{words.nobodyNow}</Notice>}
      <Section title={words.now}>
        <Facts>
          <Fact name={words.who}>
            <OnCall names={names} />
          </Fact>
          <Fact name={words.next}>{next === null ? words.noNext : clock(next, text)}</Fact>
          <Fact name={words.zone}>{timezone}</Fact>
          <Fact name={words.cards}>{schedule.hand_over_card ? words.cardSent : words.cardNotSent}</Fact>
        </Facts>
      </Section>
      <Ahead name={name} />
      <Section title={words.layers} hint={words.layersHint}>
        {layers.length === 0 && words.noLayers}
        <Facts>
          {layers.map((layer, at) => (
            // biome-ignore lint/suspicious/noArrayIndexKey: two of them may be the same
            <Fact key={at} name={words.layer(at + 1)}>
              <LayerWords layer={layer} timezone={timezone} />
            </Fact>
          ))}
        </Facts>
      </Section>
      <Section title={words.overrides} hint={words.overridesHint}>
        {overrides.length === 0 && words.noOverrides}
        {overrides.map(({ contact, starts_at, ends_at }, at) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: two of them may be the same
          <div key={at}>
            <Value>{contact ?? words.noContact}</Value> · {clock(starts_at, text)} – {clock(ends_at, text)}
          </div>
        ))}
      </Section>
      <Section title={words.calendar} hint={words.calendarHint}>
        <CopyText label={words.calendar}>{calendarUrl(name)}</CopyText>
      </Section>
    </>
  );
}

function LayerWords({ layer, timezone }: { layer: ScheduleLayer; timezone: string }) {
  const text = useText();
  const { schedules: words, tag } = text;
  const { contacts, every, unit, hand_over: at, weekday, starts, only = [] } = layer;
  const when = weekday === undefined ? at : `${dayName(weekday, tag)} ${at}`;
  return (
    <>
      <Value>{contacts.join(' → ')}</Value>
      <div>{words.layerWords(words.turn(every, unit), when, starts)}</div>
      {only.map((window, n) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: two of them may be the same
        <div key={n}>
          <bdi>{windowWords({ ...window, location: timezone }, text)}</bdi>
        </div>
      ))}
    </>
  );
}
