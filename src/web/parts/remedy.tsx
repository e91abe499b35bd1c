import { useText } from '../text/index.tsx';
import { Icon } from './icons.tsx';
import classes from './remedy.module.css';

/** What a person can do about a failure, as the service says it in the reader's language. */
export function Remedy({ children }: { children: string }) {
  const { deliveries: words } = useText();
  return (
    <div className={classes.remedy}>
      <Icon name="warning" size={14} />
      <span>
        <b>{words.remedy}</b> <bdi>{children}</bdi>
      </span>
    </div>
  );
}
