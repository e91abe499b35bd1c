/** One room: how it is reached, a test of that, and the form. */
import { addressOfRoom } from '../../client/people.ts';
import type { Robot } from '../../client/types.ts';
import { useAddressName } from '../../parts/address.ts';
import { ObjectPage } from '../../parts/object-page.tsx';
import { Fact } from '../../parts/section.tsx';
import { useText } from '../../text/index.tsx';
import { hrefOfRoom } from './hrefs.ts';
import { NewRoom } from './new-room.tsx';
import { RoomForm } from './room-form.tsx';
import { Somebody, useGroupsOfRoom, WordingFacts } from './somebody.tsx';

export default function RoomPage() {
  const name = useAddressName();
  return name === null ? <NewRoom /> : <OneRoom name={name} />;
}

function OneRoom({ name }: { name: string }) {
  const { people: words } = useText();
  const groups = useGroupsOfRoom(name);
  return (
    <ObjectPage<Robot>
      kind="robots"
      name={name}
      list={{ href: '/people', title: words.title }}
      hrefOf={hrefOfRoom}
      form={(props) => <RoomForm {...props} />}
      removeHint={words.removeRoom}
      usedBy={groups}
      secret="key"
      view={(room) => (
        <Somebody
          title={words.reachedRoom}
          name={room.name}
          addresses={[addressOfRoom(room)]}
          target={{ robot: room.name }}
        >
          <WordingFacts of={room} groups={groups} />
          <Fact name={words.mentionCritical}>{room.mention.critical.join(', ') || words.nobody}</Fact>
          <Fact name={words.mentionFiring}>{room.mention.firing.join(', ') || words.nobody}</Fact>
        </Somebody>
      )}
    />
  );
}
