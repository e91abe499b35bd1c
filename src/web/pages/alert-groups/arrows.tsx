import { useEffect, useRef } from 'react';
import { Icon } from '../../parts/icons.tsx';
import { useText } from '../../text/index.tsx';
import classes from './group-card.module.css';

interface Props {
  name: string;
  place: number;
  first: boolean;
  last: boolean;
  onStep: (step: -1 | 1) => void;
}

/** A button keeps the focus when its row moves; at an end the other one takes it. */
export function Arrows({ name, place, first, last, onStep }: Props) {
  const { alertGroups: words } = useText();
  const buttons = { up: useRef<HTMLButtonElement>(null), down: useRef<HTMLButtonElement>(null) };
  const pressed = useRef<'up' | 'down' | null>(null);
  // biome-ignore lint/correctness/useExhaustiveDependencies: once it has moved
  useEffect(() => {
    if (pressed.current === null) return;
    const wanted = first ? 'down' : last ? 'up' : pressed.current;
    buttons[wanted].current?.focus();
    pressed.current = null;
  }, [place]);
  const press = (way: 'up' | 'down') => {
    pressed.current = way;
    onStep(way === 'up' ? -1 : 1);
  };
  const short = name.slice(0, 100);
  return (
    <div className={classes.arrows}>
      <button
        type="button"
        ref={buttons.up}
        className={classes.arrow}
        disabled={first}
        onClick={() => press('up')}
        aria-label={words.up(short)}
        title={words.up(short)}
      >
        <Icon name="up" />
      </button>
      <button
        type="button"
        ref={buttons.down}
        className={classes.arrow}
        disabled={last}
        onClick={() => press('down')}
        aria-label={words.down(short)}
        title={words.down(short)}
      >
        <Icon name="down" />
      </button>
    </div>
  );
}
