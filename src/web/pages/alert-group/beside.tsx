import { type ReactNode, useEffect, useRef } from 'react';
import classes from './layout.module.css';

/** What stays in view beside a form while that is scrolled: as high as what is left of the window below its top, wherever that is. */
export function Beside({ children }: { children: ReactNode }) {
  const box = useRef<HTMLDivElement>(null);
  useEffect(() => {
    const stop = new AbortController();
    const fit = () => box.current?.style.setProperty('--top', `${box.current.getBoundingClientRect().top}px`);
    const sizes = new ResizeObserver(fit);
    sizes.observe(document.body);
    addEventListener('scroll', fit, { passive: true, signal: stop.signal });
    addEventListener('resize', fit, { signal: stop.signal });
    return () => {
      stop.abort();
      sizes.disconnect();
    };
  }, []);
  return (
    <div ref={box} className={classes.beside}>
      {children}
    </div>
  );
}
