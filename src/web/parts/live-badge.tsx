/** Whether what the page shows is what is so now. Nobody should trust a dead page at 3 a.m. */
import { useLive } from '../client/live.ts';
import { useText } from '../text/index.tsx';
import classes from './live-badge.module.css';
import { clock } from './time.tsx';

export function LiveBadge() {
  const text = useText();
  const { live: words } = text;
  const { state, since } = useLive();
  const shown = {
    connecting: [words.connecting, ''],
    live: [words.live, words.liveHint],
    reconnecting: [words.reconnecting, words.reconnectingHint],
    offline: [words.offline(clock(since, text)), words.offlineHint],
  }[state];
  return (
    <span className={classes.badge} data-state={state} role="status" title={shown[1]}>
      <span className={classes.dot} aria-hidden="true" />
      {shown[0]}
    </span>
  );
}
