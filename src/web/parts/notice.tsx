import type { ReactNode } from 'react';
import { Icon } from './icons.tsx';
import classes from './notice.module.css';

/** Something that should be known, and is no error of the page. */
export function Notice({ children }: { children: ReactNode }) {
  return (
    <div className={classes.notice}>
      <Icon name="warning" />
      <div>{children}</div>
    </div>
  );
}
