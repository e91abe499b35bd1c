/** A discovered stream as the draft of a heartbeat, carried by the address of the form. */
import type { HeartbeatStream } from '../../client/types.ts';
import { matcherText } from '../../parts/matcher.ts';

/** What the form of a heartbeat begins with. */
export interface Declaration {
  name: string;
  source: string;
  matchers: string[];
  timeout: string;
}

/** The address of the form with everything filled in. Pure. */
export function declarationHref({ source, labels, timeout_ms }: HeartbeatStream): string {
  // How bad it is says nothing of which one it is.
  const telling = Object.entries(labels).filter(([label, value]) => label !== 'severity' && value !== '');
  const words = [...telling.map(([, value]) => value), source ?? ''];
  const search = new URLSearchParams({ name: words.join(' ').slice(0, 100).trim() });
  if (source !== null) search.set('source', source);
  for (const [label, value] of telling) search.append('matcher', matcherText(label, '=', value));
  search.set('timeout', `${Math.round(timeout_ms / 1_000)}s`);
  return `/heartbeats/new?${search}`;
}

/** What the address says; the usual timeout where it says none. Pure. */
export function declarationIn(search: URLSearchParams): Declaration {
  return {
    name: search.get('name') ?? '',
    source: search.get('source') ?? '',
    matchers: search.getAll('matcher'),
    timeout: search.get('timeout') ?? '3m',
  };
}
