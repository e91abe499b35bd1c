/** Whom a message to a room mentions (@). Pure. */
import type { Mention } from '../../alert/config.ts';
import type { MessagePart } from '../../alert/message.ts';

/** Userids, and `@all`, each once: nobody for ends alone, nor for what the room knows already and is not reminded of. */
export function mentioned(parts: readonly MessagePart[], mention: Mention | null): string[] {
  if (mention === null) return [];
  const [firing, critical] = [parts.some(tellsFiring), parts.some(tellsCritical)];
  return [...new Set([...(critical ? mention.critical : []), ...(firing ? mention.firing : [])])];
}

function tellsFiring({ kind, fresh, stillFiring }: MessagePart): boolean {
  return kind === 'repeat' ? stillFiring > 0 : fresh.some((alert) => alert.state === 'firing');
}

/** A heartbeat that is lost is as bad as what is critical. */
function tellsCritical(part: MessagePart): boolean {
  if (part.kind === 'repeat') return part.critical && tellsFiring(part);
  const begun = part.fresh.filter((alert) => alert.state === 'firing');
  return part.kind === 'watchdog' ? begun.length > 0 : begun.some((alert) => alert.critical);
}
