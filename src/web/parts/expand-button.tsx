import classes from './expand-button.module.css';
import { Icon } from './icons.tsx';

interface Props {
  expanded: boolean;
  onExpand: () => void;
  /** Id of what it opens. */
  panel: string;
  /** What it does while it is closed, and while it is open. */
  words: readonly [show: string, hide: string];
}

/** Opens and closes the rest of a card. */
export function ExpandButton({ expanded, onExpand, panel, words: [show, hide] }: Props) {
  return (
    <button
      type="button"
      className={classes.expand}
      onClick={onExpand}
      aria-expanded={expanded}
      aria-controls={panel}
      aria-label={expanded ? hide : show}
      title={expanded ? hide : show}
    >
      <Icon name={expanded ? 'down' : 'right'} />
    </button>
  );
}
