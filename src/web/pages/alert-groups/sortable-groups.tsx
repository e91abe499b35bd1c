/** The page-made alert groups, moved by dragging, by the keyboard, or with the arrows. */
import {
  closestCenter,
  DndContext,
  type DragEndEvent,
  KeyboardSensor,
  PointerSensor,
  useSensor,
  useSensors,
} from '@dnd-kit/core';
import {
  SortableContext,
  sortableKeyboardCoordinates,
  useSortable,
  verticalListSortingStrategy,
} from '@dnd-kit/sortable';
import { CSS } from '@dnd-kit/utilities';
import { useReducedMotion } from '@mantine/hooks';
import { useState } from 'react';
import type { AlertGroup } from '../../client/alert-groups.ts';
import { Icon } from '../../parts/icons.tsx';
import { useText } from '../../text/index.tsx';
import { announcementsOf } from './announcements.ts';
import { Arrows } from './arrows.tsx';
import classes from './group-card.module.css';
import { GroupCard } from './group-card.tsx';
import { moved } from './moves.ts';

interface Props {
  groups: readonly AlertGroup[];
  /** How many alert groups come before the first of them. */
  offset: number;
  /** The names in their new order, and who was moved. */
  onMove: (names: string[], last: string) => void;
}

export function SortableGroups({ groups, offset, onMove }: Props) {
  const { alertGroups: words } = useText();
  const sensors = useSensors(
    useSensor(PointerSensor, { activationConstraint: { distance: 4 } }),
    useSensor(KeyboardSensor, { coordinateGetter: sortableKeyboardCoordinates }),
  );
  const names = groups.map((group) => group.name);
  const [said, setSaid] = useState('');
  const move = (from: number, to: number) => onMove(moved(names, from, to), names[from] ?? '');
  const ended = ({ active, over }: DragEndEvent) => {
    if (over !== null && over.id !== active.id) move(names.indexOf(String(active.id)), names.indexOf(String(over.id)));
  };
  return (
    <DndContext
      sensors={sensors}
      collisionDetection={closestCenter}
      onDragEnd={ended}
      accessibility={{
        announcements: announcementsOf(words, (id) => offset + names.indexOf(String(id)) + 1),
        screenReaderInstructions: { draggable: words.dragHelp },
      }}
    >
      <SortableContext items={names} strategy={verticalListSortingStrategy}>
        <ol className={classes.list} aria-label={words.free}>
          {groups.map((group, i) => (
            <SortableGroup
              key={group.name}
              group={group}
              place={offset + i + 1}
              first={i === 0}
              last={i === groups.length - 1}
              onStep={(step) => {
                move(i, i + step);
                setSaid(words.dropped(group.name, offset + i + step + 1));
              }}
            />
          ))}
        </ol>
      </SortableContext>
      <div role="status" className={classes.said}>
        {said}
      </div>
    </DndContext>
  );
}

interface ItemProps {
  group: AlertGroup;
  place: number;
  first: boolean;
  last: boolean;
  onStep: (step: -1 | 1) => void;
}

function SortableGroup({ group, place, first, last, onStep }: ItemProps) {
  const { alertGroups: words } = useText();
  const still = useReducedMotion();
  const { setNodeRef, setActivatorNodeRef, attributes, listeners, transform, transition, isDragging } = useSortable({
    id: group.name,
    transition: still ? null : undefined,
    attributes: { roleDescription: '' },
  });
  return (
    <li
      ref={setNodeRef}
      data-dragging={isDragging}
      style={{ transform: CSS.Translate.toString(transform), transition: still ? undefined : transition }}
    >
      <GroupCard
        group={group}
        place={place}
        before={
          <button
            type="button"
            ref={setActivatorNodeRef}
            className={classes.handle}
            {...listeners}
            aria-describedby={attributes['aria-describedby']}
            aria-label={words.drag(group.name.slice(0, 100))}
            title={words.drag(group.name.slice(0, 100))}
          >
            <Icon name="drag" size={20} />
          </button>
        }
        after={<Arrows name={group.name} place={place} first={first} last={last} onStep={onStep} />}
      />
    </li>
  );
}
