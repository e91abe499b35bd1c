/** Where a room is made. */
import { useLocation } from 'wouter';
import type { Robot } from '../../client/types.ts';
import { NewObjectPage } from '../../parts/new-object-page.tsx';
import { useText } from '../../text/index.tsx';
import { hrefOfRoom } from './hrefs.ts';
import { RoomForm } from './room-form.tsx';

export function NewRoom() {
  const { people: words } = useText();
  const [, navigate] = useLocation();
  return (
    <NewObjectPage<Robot>
      title={words.newRoom}
      lead={words.newRoomLead}
      list={{ href: '/people', title: words.title }}
      onSaved={({ name }) => navigate(hrefOfRoom(name))}
      form={(props) => <RoomForm {...props} />}
    />
  );
}
