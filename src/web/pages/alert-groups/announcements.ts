import type { Announcements, UniqueIdentifier } from '@dnd-kit/core';
import type { Text } from '../../text/index.tsx';

/** What a screen reader is told while something is dragged. */
export function announcementsOf(words: Text['alertGroups'], placeOf: (id: UniqueIdentifier) => number): Announcements {
  const name = ({ id }: { id: UniqueIdentifier }) => String(id);
  return {
    onDragStart: ({ active }) => words.picked(name(active), placeOf(active.id)),
    onDragOver: ({ active, over }) => {
      if (over === null) return undefined;
      // The library says so at once, in the place of what was said first.
      return over.id === active.id
        ? words.picked(name(active), placeOf(active.id))
        : words.over(name(active), placeOf(over.id));
    },
    onDragEnd: ({ active, over }) =>
      over === null ? words.putBack(name(active)) : words.dropped(name(active), placeOf(over.id)),
    onDragCancel: ({ active }) => words.putBack(name(active)),
  };
}
