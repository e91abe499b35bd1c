/** Where a room is made. */
import type { Robot } from '../../client/types.ts';
import { NewObjectPage } from '../../parts/object-page.tsx';
import { useText } from '../../text/index.tsx';
import { hrefOfRoom } from './hrefs.ts';
import { RoomForm } from './room-form.tsx';

export default function NewRoomPage() {
  const { people: words } = useText();
  return (
    <NewObjectPage<Robot>
      title={words.newRoom}
      lead={words.newRoomLead}
      list={{ href: '/people', title: words.title }}
      hrefOf={hrefOfRoom}
      form={(props) => <RoomForm {...props} />}
    />
  );
}
